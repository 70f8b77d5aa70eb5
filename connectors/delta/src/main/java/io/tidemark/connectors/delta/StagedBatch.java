package io.tidemark.connectors.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a batch staged: the token between {@code stage} and {@code commit}, understood by any later process.
 *
 * @param columns the table's columns that the files were written for, each with its type's {@code simpleString}
 * @param partitionBy the partition columns the files were laid out by
 */
record StagedBatch(
        String queryId, long batchId, Map<String, String> columns, List<String> partitionBy, List<StagedFile> files) {
    private static final int VERSION = 1;

    StagedBatch {
        partitionBy = List.copyOf(partitionBy);
        files = List.copyOf(files);
    }

    long rows() {
        return files.stream().mapToLong(StagedFile::rows).sum();
    }

    long bytes() {
        return files.stream().mapToLong(StagedFile::size).sum();
    }

    String toToken() {
        ObjectNode json = Json.object();
        json.put("version", VERSION).put("queryId", queryId).put("batchId", batchId);
        ObjectNode names = json.putObject("columns");
        columns.forEach(names::put);
        ArrayNode partition = json.putArray("partitionBy");
        partitionBy.forEach(partition::add);
        ArrayNode list = json.putArray("files");
        files.forEach(f -> list.add(f.toJson()));
        return Json.line(json);
    }

    static StagedBatch fromToken(String token) {
        try {
            JsonNode json = Json.parse(token);
            if (Json.number(json, "version") != VERSION) {
                throw new IllegalArgumentException("version " + json.get("version"));
            }
            Map<String, String> columns = new LinkedHashMap<>();
            json.required("columns")
                    .properties()
                    .forEach(e -> columns.put(e.getKey(), Json.text(json.required("columns"), e.getKey())));
            List<String> partitionBy = new ArrayList<>();
            for (JsonNode column : json.required("partitionBy")) {
                if (!column.isTextual()) {
                    throw new IllegalArgumentException("'partitionBy' holds something that is no text");
                }
                partitionBy.add(column.textValue());
            }
            List<StagedFile> files = new ArrayList<>();
            json.required("files").forEach(f -> files.add(StagedFile.fromJson(f)));
            return new StagedBatch(
                    Json.text(json, "queryId"), Json.number(json, "batchId"), columns, partitionBy, files);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new TidemarkException(
                    ErrorCode.CHECKPOINT_FILE_CORRUPT,
                    "Cannot read what the Delta sink staged for a batch: " + e.getMessage()
                            + ". The prepared file was written by another version or altered; move it aside to run the"
                            + " batch again.",
                    e);
        }
    }

    /** Writes what one task staged as one line. */
    static String taskResult(List<StagedFile> files) {
        ArrayNode list = Json.object().putArray("files");
        files.forEach(f -> list.add(f.toJson()));
        return Json.line(list);
    }

    /** Reads what {@link #taskResult} wrote. */
    static List<StagedFile> filesOf(String taskResult) {
        try {
            List<StagedFile> files = new ArrayList<>();
            Json.parse(taskResult).forEach(f -> files.add(StagedFile.fromJson(f)));
            return files;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a task result of the Delta sink: " + taskResult, e);
        }
    }
}
