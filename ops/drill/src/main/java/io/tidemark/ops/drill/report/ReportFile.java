package io.tidemark.ops.drill.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a {@link DrillReport} as JSON, its components as they are called there. */
public final class ReportFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ReportFile() {}

    /** Writes {@code report} to {@code file}, in place of what is there; its directory is made. */
    public static void write(DrillReport report, Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.write(file, toJson(report));
    }

    /** Returns the report as UTF-8 JSON. */
    public static byte[] toJson(DrillReport report) throws IOException {
        return JSON.writeValueAsBytes(report);
    }
}
