package io.tidemark.runtime.conf;

import java.util.List;
import java.util.Locale;

/** Finds what somebody probably meant. */
public final class Names {
    private Names() {}

    /** Returns the known name with the fewest edits to {@code wanted}; the first of equals. */
    public static String nearest(String wanted, List<String> known) {
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String name : known) {
            int edits = edits(wanted.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (edits < fewest) {
                fewest = edits;
                best = name;
            }
        }
        return best;
    }

    /** Levenshtein's distance, two rows at a time. */
    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
