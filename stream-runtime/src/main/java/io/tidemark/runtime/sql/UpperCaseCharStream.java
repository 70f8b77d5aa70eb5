package io.tidemark.runtime.sql;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.CodePointCharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/** Shows the lexer upper-case letters, since its keywords are, but keeps the text as it was written. */
final class UpperCaseCharStream implements CharStream {
    private final CodePointCharStream text;

    UpperCaseCharStream(CodePointCharStream text) {
        this.text = text;
    }

    @Override
    public int LA(int i) {
        int c = text.LA(i);
        return c == 0 || c == IntStream.EOF ? c : Character.toUpperCase(c);
    }

    @Override
    public String getText(Interval interval) {
        // the runtime computes a negative length for an interval that starts behind the end
        return text.size() > 0 && interval.b >= interval.a ? text.getText(interval) : "";
    }

    @Override
    public void consume() {
        text.consume();
    }

    @Override
    public int mark() {
        return text.mark();
    }

    @Override
    public void release(int marker) {
        text.release(marker);
    }

    @Override
    public int index() {
        return text.index();
    }

    @Override
    public void seek(int index) {
        text.seek(index);
    }

    @Override
    public int size() {
        return text.size();
    }

    @Override
    public String getSourceName() {
        return text.getSourceName();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
