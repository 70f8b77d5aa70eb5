package io.tidemark.state.format;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name of a file that holds a version or the change to it: {@code V.changelog}, {@code V_id.zip} and so on. Whatever
 * else stands in a store's directory — growing files, checksums, backups — has no such name.
 *
 * @param uniqueId in checkpoint format 2, else null
 */
public record StateFileName(long version, @Nullable String uniqueId, Kind kind) implements Comparable<StateFileName> {
    /** A file of checkpoint format 1. */
    public StateFileName(long version, Kind kind) {
        this(version, null, kind);
    }

    /** Returns what {@code name} stands for, or empty if it is no such file. */
    public static Optional<StateFileName> parse(String name) {
        int dot = name.indexOf('.');
        if (dot <= 0) {
            return Optional.empty();
        }
        String suffix = name.substring(dot);
        for (Kind kind : Kind.values()) {
            if (kind.suffix.equals(suffix)) {
                int low = name.indexOf('_');
                boolean named = low >= 0 && low < dot;
                String number = name.substring(0, named ? low : dot);
                if (!isNumber(number) || (named && low + 1 == dot)) {
                    return Optional.empty();
                }
                String id = named ? name.substring(low + 1, dot) : null;
                return Optional.of(new StateFileName(Long.parseLong(number), id, kind));
            }
        }
        return Optional.empty();
    }

    /** As the engines write it: digits, none of them a leading zero, and no overflow. */
    private static boolean isNumber(String text) {
        if (text.isEmpty() || text.length() > 18 || (text.length() > 1 && text.charAt(0) == '0')) {
            return false;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Returns the name in the store's directory. */
    public String text() {
        return version + (uniqueId == null ? "" : "_" + uniqueId) + kind.suffix;
    }

    @Override
    public int compareTo(StateFileName other) {
        int byVersion = Long.compare(version, other.version);
        return byVersion != 0 ? byVersion : text().compareTo(other.text());
    }

    @Override
    public String toString() {
        return text();
    }

    /** What such a file holds. */
    public enum Kind {
        /** The change to a version; RocksDB provider. */
        CHANGELOG(".changelog"),
        /** A whole version but for its SST files; RocksDB provider. */
        ZIP(".zip"),
        /** The change to a version; in-memory provider. */
        DELTA(".delta"),
        /** A whole version; in-memory provider. */
        SNAPSHOT(".snapshot");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }

        /** Returns the end of the name, from the dot. */
        public String suffix() {
            return suffix;
        }
    }
}
