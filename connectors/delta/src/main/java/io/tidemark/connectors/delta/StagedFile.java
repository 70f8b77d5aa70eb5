package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.storage.InnerPath;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A durable data file that no table version names yet.
 *
 * @param path relative to the table, as it is on storage (not a URI)
 * @param rows its number of rows
 * @param partitionValues by column in the table's order; null for null
 * @param stats Delta's statistics as one line of JSON
 */
record StagedFile(
        String path,
        long size,
        long modificationTime,
        long rows,
        long crc32c,
        Map<String, @Nullable String> partitionValues,
        String stats) {
    StagedFile {
        partitionValues = Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("path", path)
                .put("size", size)
                .put("modificationTime", modificationTime)
                .put("rows", rows)
                .put("crc32c", crc32c);
        ObjectNode values = json.putObject("partitionValues");
        partitionValues.forEach(values::put);
        return json.put("stats", stats);
    }

    static StagedFile fromJson(JsonNode json) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        json.required("partitionValues")
                .properties()
                .forEach(e -> values.put(
                        e.getKey(),
                        e.getValue().isNull() ? null : Json.text(json.required("partitionValues"), e.getKey())));
        return new StagedFile(
                inner(Json.text(json, "path")),
                Json.number(json, "size"),
                Json.number(json, "modificationTime"),
                Json.number(json, "rows"),
                Json.number(json, "crc32c"),
                values,
                Json.text(json, "stats"));
    }

    private static String inner(String path) {
        InnerPath.problemOf(path).ifPresent(problem -> {
            throw new IllegalArgumentException("it names the data file '" + path + "', which " + problem);
        });
        return path;
    }
}
