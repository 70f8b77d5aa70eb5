package io.tidemark.runtime.sql;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;

/** Where things stand in the query text, and the errors that say so. */
final class Positions {
    private static final int SHOWN_LENGTH = 60;

    private Positions() {}

    /** Returns the place and the text of a part of the query. */
    static Origin of(ParserRuleContext part) {
        Token start = part.getStart();
        return new Origin(start.getLine(), start.getCharPositionInLine() + 1, text(part));
    }

    static Origin of(Token token) {
        return new Origin(token.getLine(), token.getCharPositionInLine() + 1, token.getText());
    }

    /** Returns the text as it was written. */
    static String text(ParserRuleContext part) {
        Token start = part.getStart();
        Token stop = part.getStop();
        if (stop == null || stop.getStopIndex() < start.getStartIndex()) {
            return start.getText();
        }
        return start.getInputStream().getText(Interval.of(start.getStartIndex(), stop.getStopIndex()));
    }

    /** Returns the text on one line, cut if it is long. */
    static String shown(ParserRuleContext part) {
        String line = text(part).strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN_LENGTH ? line : line.substring(0, SHOWN_LENGTH - 1) + "…";
    }

    static AnalysisException unsupported(String clause, ParserRuleContext part) {
        return unsupported(clause, of(part));
    }

    static AnalysisException unsupported(String clause, Origin origin) {
        return new AnalysisException(
                ErrorCode.SQL_UNSUPPORTED,
                clause + " is not supported by this version. Rewrite the query without it.",
                origin);
    }

    static AnalysisException syntax(String message, Origin origin) {
        return new AnalysisException(ErrorCode.SQL_SYNTAX, message, origin);
    }

    static AnalysisException literal(String message, Origin origin) {
        return new AnalysisException(ErrorCode.INVALID_LITERAL, message, origin);
    }
}
