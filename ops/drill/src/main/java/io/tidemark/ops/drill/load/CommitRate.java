package io.tidemark.ops.drill.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A program: {@code CommitRate CHECKPOINT [TABLE]} prints the rows a second with which a query over one Kafka source was
 * committed, start-up apart: from the first commit with at least 20 % of the rows to the last one. Then how many rows the
 * table's log says it has. Reads what any engine with Spark's checkpoint writes; times are those of the files.
 */
public final class CommitRate {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double WARM = 0.2;

    private CommitRate() {}

    public static void main(String[] args) throws IOException {
        System.out.printf(Locale.ROOT, "%.0f", rowsPerSecond(Path.of(args[0])));
        if (args.length > 1) {
            System.out.printf(Locale.ROOT, " %d", rowsInTable(Path.of(args[1])));
        }
        System.out.println();
    }

    static double rowsPerSecond(Path checkpoint) throws IOException {
        int batches = count(checkpoint.resolve("commits"));
        double[] rows = new double[batches];
        double[] seconds = new double[batches];
        for (int batch = 0; batch < batches; batch++) {
            List<String> lines = Files.readAllLines(checkpoint.resolve("offsets/" + batch));
            for (JsonNode topic : JSON.readTree(lines.get(2))) {
                for (JsonNode offset : topic) {
                    rows[batch] += offset.asLong();
                }
            }
            seconds[batch] = Files.getLastModifiedTime(checkpoint.resolve("commits/" + batch))
                            .toMillis()
                    / 1_000.0;
        }
        int first = 0;
        while (rows[first] < WARM * rows[batches - 1]) {
            first++;
        }
        return (rows[batches - 1] - rows[first]) / (seconds[batches - 1] - seconds[first]);
    }

    static long rowsInTable(Path table) throws IOException {
        long rows = 0;
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            for (Path commit :
                    log.filter(p -> p.toString().endsWith(".json")).sorted().toList()) {
                for (String line : Files.readAllLines(commit)) {
                    JsonNode add = JSON.readTree(line).path("add");
                    if (add.has("stats")) {
                        rows += JSON.readTree(add.path("stats").asText())
                                .path("numRecords")
                                .asLong();
                    }
                }
            }
        }
        return rows;
    }

    private static int count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return (int) files.filter(f -> f.getFileName().toString().matches("[0-9]+"))
                    .count();
        }
    }
}
