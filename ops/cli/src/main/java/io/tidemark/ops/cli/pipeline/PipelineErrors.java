package io.tidemark.ops.cli.pipeline;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The errors of a pipeline file, each led by its place. */
final class PipelineErrors {
    private PipelineErrors() {}

    static TidemarkException syntax(Place place, String problem) {
        return new TidemarkException(ErrorCode.PIPELINE_SYNTAX, place + ": " + problem);
    }

    static TidemarkException wrongValue(Place place, String problem) {
        return new TidemarkException(ErrorCode.PIPELINE_WRONG_VALUE, place + ": " + problem);
    }

    static TidemarkException missingKey(Place place, String problem) {
        return new TidemarkException(ErrorCode.PIPELINE_MISSING_KEY, place + ": " + problem);
    }

    /** @param owner what the key stands in, for instance {@code "sink"}, or empty at the top */
    static TidemarkException unknownKey(Place place, String owner, String key, Collection<String> known) {
        String where = owner.isEmpty() ? "" : " in '" + owner + "'";
        return new TidemarkException(
                ErrorCode.PIPELINE_UNKNOWN_KEY,
                place + ": Unknown key '" + key + "'" + where + ". Did you mean '" + nearest(key, known)
                        + "'? Known keys here: " + String.join(", ", known) + ".");
    }

    /** Returns the known word with the fewest edits to {@code word}, the first one of several. */
    static String nearest(String word, Collection<String> known) {
        String wanted = word.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt(k -> distance(wanted, k.toLowerCase(Locale.ROOT))))
                .orElseThrow();
    }

    /** Edits (insert, delete, replace, swap of neighbours) between two words. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
