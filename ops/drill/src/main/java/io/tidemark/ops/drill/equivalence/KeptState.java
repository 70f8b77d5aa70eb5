package io.tidemark.ops.drill.equivalence;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.ops.cli.Tidemark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The rows of all state stores of a checkpoint as {@code tidemark state dump} shows them. */
final class KeptState {
    private KeptState() {}

    /** Returns the rows of the newest committed batch as text, sorted, by operator. */
    static ObjectNode of(Path checkpoint) {
        ObjectNode kept = new ObjectMapper().createObjectNode();
        for (int operator = 0; operator < operators(checkpoint); operator++) {
            ArrayNode rows = kept.putArray("operator " + operator);
            dump(checkpoint, operator).lines().sorted().forEach(rows::add);
        }
        return kept;
    }

    private static long operators(Path checkpoint) {
        Path state = checkpoint.resolve("state");
        if (!Files.isDirectory(state)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(state)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String dump(Path checkpoint, int operator) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Tidemark.execute(
                List.of(
                        "state",
                        "dump",
                        checkpoint.toString(),
                        "--operator",
                        Integer.toString(operator),
                        "--zone",
                        "UTC",
                        "--json"),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8),
                new TreeMap<>());
        if (exit != 0) {
            throw new IllegalStateException("state dump of operator " + operator + ": " + err.toString(UTF_8));
        }
        return out.toString(UTF_8);
    }
}
