package io.tidemark.checkpoint;

import io.tidemark.checkpoint.format.BatchIds;
import java.util.Comparator;
import java.util.Optional;

/**
 * The name of a sidecar: {@code N}, or {@code N.k} for attempt k.
 *
 * @param directory where it stands, for instance {@code …/_tidemark/prepared}
 */
record SidecarName(String directory, long batchId, int attempt) {
    static final Comparator<SidecarName> ORDER = Comparator.comparingLong(SidecarName::batchId)
            .thenComparingInt(SidecarName::attempt)
            .thenComparing(SidecarName::directory);

    /** Returns what a file name spells, or empty if it is none of ours. */
    static Optional<SidecarName> parse(String directory, String name) {
        int dot = name.indexOf('.');
        String batch = dot < 0 ? name : name.substring(0, dot);
        String attempt = dot < 0 ? "0" : name.substring(dot + 1);
        if (!BatchIds.isCanonical(batch) || !BatchIds.isCanonical(attempt) || attempt.length() > 9) {
            return Optional.empty();
        }
        int k = (int) BatchIds.parse(attempt);
        if (dot >= 0 && k == 0) {
            return Optional.empty();
        }
        return Optional.of(new SidecarName(directory, BatchIds.parse(batch), k));
    }

    String fileName() {
        return batchId + (attempt == 0 ? "" : "." + attempt);
    }

    String path() {
        return directory + "/" + fileName();
    }
}
