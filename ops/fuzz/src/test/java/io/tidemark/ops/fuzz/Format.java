package io.tidemark.ops.fuzz;

import java.util.List;

/**
 * A kind of bytes that somebody else may have written, and how the product reads them.
 *
 * @param name also that of its folder in the corpus
 * @param samples sound ones, small
 */
record Format(String name, Guard guard, Reader reader, List<byte[]> samples) {
    Format {
        samples = List.copyOf(samples);
    }

    Format(String name, Guard guard, Reader reader, byte[]... samples) {
        this(name, guard, reader, List.of(samples));
    }

    @Override
    public String toString() {
        return name;
    }

    /** What the format itself does against a change of its bytes. */
    enum Guard {
        /** A checksum: changed bytes are found, or mean what they meant. */
        CHECKSUM,
        /** Nothing: changed bytes may be another sound file. Where it matters a file of another format vouches for it. */
        NONE
    }

    /** Reads bytes as the product does. */
    interface Reader {
        /**
         * Returns all that the bytes mean, as text.
         *
         * @throws io.tidemark.api.error.TidemarkException if they mean nothing
         */
        String read(byte[] content) throws Exception;
    }
}
