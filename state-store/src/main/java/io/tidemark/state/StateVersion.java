package io.tidemark.state;

import org.jspecify.annotations.Nullable;

/**
 * A version of a store: number n is what batch n finds; 0 is empty.
 *
 * @param uniqueId which files make it up where the commit log names them (checkpoint format 2), else null
 */
public record StateVersion(long number, @Nullable String uniqueId) {
    public StateVersion {
        if (number < 0) {
            throw new IllegalArgumentException("state versions count from 0: " + number);
        }
    }

    public StateVersion(long number) {
        this(number, null);
    }
}
