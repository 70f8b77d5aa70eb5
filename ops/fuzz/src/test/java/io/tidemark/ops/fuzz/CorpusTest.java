package io.tidemark.ops.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the fuzzer starts from and what it once found: every file of the corpus is read, or refused by name, in time. */
class CorpusTest {
    private static final List<Format> FORMATS = Formats.all();

    @TestFactory
    Stream<DynamicTest> everyFileIsReadOrRefused() throws IOException {
        return FORMATS.stream()
                .map(format -> DynamicTest.dynamicTest(format.name(), () -> {
                    for (Path file : files(corpus().resolve(format.name()))) {
                        try {
                            Trial.of(format, Files.readAllBytes(file));
                        } catch (AssertionError e) {
                            throw new AssertionError(file.getFileName() + ": " + e.getMessage(), e);
                        }
                    }
                }));
    }

    @Test
    void everyFormatHasItsFolder() throws IOException {
        TreeSet<String> folders = new TreeSet<>();
        files(corpus()).forEach(folder -> folders.add(folder.getFileName().toString()));
        assertThat(folders)
                .containsExactlyInAnyOrderElementsOf(
                        FORMATS.stream().map(Format::name).toList());
    }

    private static Path corpus() {
        try {
            return Path.of(Objects.requireNonNull(CorpusTest.class.getResource("/corpus"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
