package io.tidemark.ops.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every format that is read from outside. */
final class Formats {
    private static final List<Supplier<List<Format>>> FAMILIES = List.of(
            StateFormats::all,
            KafkaFormats::all,
            PipelineFormats::all,
            () -> inFolder(folder -> new CheckpointFormats(SampleCheckpoint.write(folder)).all()),
            RecordFormats::all,
            () -> inFolder(DeltaFormats::all));

    private Formats() {}

    static List<Format> all() {
        return FAMILIES.stream().flatMap(family -> family.get().stream()).toList();
    }

    /** @throws IllegalArgumentException if there is none of this name; the message lists them */
    static Format named(String name) {
        List<Format> others = new ArrayList<>();
        for (Supplier<List<Format>> family : FAMILIES) { // one by one: the samples of some take a while
            for (Format format : family.get()) {
                if (format.name().equals(name)) {
                    return format;
                }
                others.add(format);
            }
        }
        throw new IllegalArgumentException("no format '" + name + "' among " + others);
    }

    /** Samples are written by the product itself, into a folder that is gone when they are in memory. */
    private static List<Format> inFolder(Maker maker) {
        try {
            Path folder = Files.createTempDirectory("formats");
            try {
                return maker.make(folder.resolve("sample"));
            } finally {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("samples could not be written", e);
        }
    }

    private interface Maker {
        List<Format> make(Path folder) throws Exception;
    }
}
