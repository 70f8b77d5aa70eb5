package io.tidemark.runtime.analysis;

import io.tidemark.api.error.EditDistance;
import io.tidemark.api.types.Identifiers;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a name that does not exist was probably meant to be. */
final class Suggestions {
    private static final int MOST = 5;

    private Suggestions() {}

    /** Returns the question with the nearest names, or nothing if there are none to choose from. */
    static String question(String name, Collection<String> known) {
        List<String> nearest = nearest(name, known);
        return nearest.isEmpty()
                ? ""
                : " Did you mean one of the following? "
                        + nearest.stream().map(Identifiers::quote).collect(Collectors.joining(", ", "[", "]"))
                        + ".";
    }

    /** Returns up to five names, the most similar first; those equally similar in alphabetical order. */
    static List<String> nearest(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .distinct()
                .sorted(Comparator.<String>comparingInt(n -> EditDistance.between(wanted, n.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
    }
}
