package io.tidemark.connectors.builtin;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Sink.LedgerEntry;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one query wrote to memory, batch by batch. Safe for use by many threads. */
final class MemoryTable {
    private final UUID queryId;
    private final String id;
    private final StructType schema;
    private final TreeMap<Long, List<Row>> batches = new TreeMap<>();
    private @Nullable LedgerEntry newest;

    MemoryTable(String name, UUID queryId, StructType schema) {
        this.queryId = queryId;
        this.id = "memory/" + name + "/" + queryId;
        this.schema = schema;
    }

    boolean belongsTo(UUID query, StructType rows) {
        return queryId.equals(query) && schema.equals(rows);
    }

    String id() {
        return id;
    }

    /** Takes a batch unless it, or a later one, is held already; returns whether it did. */
    synchronized boolean put(long batchId, long epoch, String preparedHash, List<Row> rows, boolean replaceAll) {
        if (newest != null && batchId <= newest.batchId()) {
            return false;
        }
        if (replaceAll) {
            batches.clear();
        }
        batches.put(batchId, List.copyOf(rows));
        newest = new LedgerEntry(batchId, id, epoch, preparedHash);
        return true;
    }

    synchronized Optional<LedgerEntry> newest() {
        return Optional.ofNullable(newest);
    }

    synchronized SortedMap<Long, List<Row>> batches() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(batches));
    }

    synchronized List<Row> rows() {
        List<Row> all = new ArrayList<>();
        batches.values().forEach(all::addAll);
        return Collections.unmodifiableList(all);
    }
}
