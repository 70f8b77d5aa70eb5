package io.tidemark.checkpoint.format;

import java.util.regex.Pattern;

/**
 * How a batch id is spelled as a file name. Spark lists more spellings than it opens; only the canonical one is ours, of up
 * to 18 digits, so that the next id is a number too.
 */
public final class BatchIds {
    private static final Pattern CANONICAL = Pattern.compile("0|[1-9][0-9]{0,17}");

    private BatchIds() {}

    /** Returns whether {@code name} is the one spelling of a batch id. */
    public static boolean isCanonical(String name) {
        return CANONICAL.matcher(name).matches() && looksLikeBatch(name);
    }

    /** Returns whether Spark's listing would take {@code name} for a batch ({@code +7}, {@code 007}, {@code -1} too). */
    public static boolean looksLikeBatch(String name) {
        try {
            Long.parseLong(name);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Returns the id that a canonical name spells. */
    public static long parse(String name) {
        if (!isCanonical(name)) {
            throw new IllegalArgumentException("not a batch id: " + name);
        }
        return Long.parseLong(name);
    }
}
