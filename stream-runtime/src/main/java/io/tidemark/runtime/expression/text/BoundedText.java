package io.tidemark.runtime.expression.text;

import io.tidemark.api.error.EvaluationException;

/**
 * A text that counts how often a regular expression looks at it, and ends a search that looks far too often or whose
 * thread is to stop: a pattern that backtracks without end must not hang a task. One thread.
 */
final class BoundedText implements CharSequence {
    /** Looks that any search may take, and how many more each character allows. */
    static final long LOOKS = 20_000_000;

    private static final long LOOKS_PER_CHARACTER = 2_000;
    private static final long LOOKS_BETWEEN_CHECKS = 1 << 16;

    private final String text;
    private long left;

    BoundedText(String text) {
        this.text = text;
        this.left = LOOKS + text.length() * LOOKS_PER_CHARACTER;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if ((--left & (LOOKS_BETWEEN_CHECKS - 1)) == 0) {
            check();
        }
        return text.charAt(index);
    }

    private void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new EvaluationException("OPERATION_CANCELED", "The search for a regular expression was interrupted.");
        }
        if (left <= 0) {
            throw new EvaluationException(
                    "REGEX_TOO_COSTLY",
                    "A regular expression needs too many steps on a text of " + text.length()
                            + " characters. Write it without nested repetition such as (a+)+.");
        }
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
