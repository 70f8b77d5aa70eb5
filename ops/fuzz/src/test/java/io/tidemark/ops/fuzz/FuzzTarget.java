package io.tidemark.ops.fuzz;

/** What Jazzer calls: reads whatever it makes up as the format that {@code tidemark.fuzz.format} names. */
public final class FuzzTarget {
    private static final Format FORMAT = Formats.named(System.getProperty("tidemark.fuzz.format", ""));

    private FuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] content) {
        Trial.of(FORMAT, content);
    }
}
