package io.tidemark.ops.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program: writes the sound samples of every format into the corpus, for the fuzzer to start from. */
public final class WriteSeeds {
    private WriteSeeds() {}

    public static void main(String[] args) throws IOException {
        for (Format format : Formats.all()) {
            Path folder = Files.createDirectories(Path.of(args[0], format.name()));
            for (int i = 0; i < format.samples().size(); i++) {
                Files.write(folder.resolve("seed-" + i), format.samples().get(i));
            }
        }
    }
}
