package io.tidemark.connectors.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.internal.actions.AddFile;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.Selection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Works out what a batch of upserts does to one version of a table: files that hold a row with one of the batch's keys
 * are replaced by what is left of them, and the batch's own files come beside. The result is good for that version alone;
 * for another it is worked out anew from the staged files, which never change.
 *
 * <p>Where a batch has several rows of one key, the last in its order stays. The batch's keys are held in memory.
 */
final class Upsert {
    private static final String REWRITTEN = "-upsert";

    private final DeltaTable table;
    private final TableCheck check;
    private final MergeKeys keys;
    private final BiFunction<String, RowLayout, DeltaTaskWriter> writers;

    /**
     * What a commit does besides its transaction.
     *
     * @param rowsUpdated rows of the table that the batch replaces
     */
    record Change(List<AddFile> removed, List<StagedFile> added, long rowsUpdated) {}

    /** @param writers opens the writer of files whose names begin so, for rows laid out so */
    Upsert(DeltaTable table, TableCheck check, MergeKeys keys, BiFunction<String, RowLayout, DeltaTaskWriter> writers) {
        this.table = table;
        this.check = check;
        this.keys = keys;
        this.writers = writers;
    }

    MergeKeys keys() {
        return keys;
    }

    /** Returns how the names of files begin that an attempt to commit writes besides the staged ones. */
    static String fileNameStart(String queryId, long batchId, String attemptUuid, int attempt) {
        return queryId + "-" + batchId + "-" + attemptUuid + REWRITTEN + attempt + "-00000-0";
    }

    /**
     * Works out the change, and writes the files that it needs besides the staged ones.
     *
     * @param fileNameStart of those files; not used before
     */
    Change on(Snapshot base, StagedBatch staged, String fileNameStart) throws IOException {
        StructType all = check.schemaOf(base);
        StructType keySchema = new StructType(
                Arrays.stream(keys.ordinals(all)).mapToObj(all::field).toList());
        Incoming incoming = new Incoming(keySchema);
        DeltaScan stagedKeys = table.scan(base, keySchema, Optional.empty());
        for (int file = 0; file < staged.files().size(); file++) {
            int at = file;
            stagedKeys.read(staged.files().get(file), (rows, first) -> incoming.add(at, rows, first));
        }
        DeltaScan tableKeys = table.scan(base, keySchema, incoming.bounds.predicate());
        List<AddFile> hit = new ArrayList<>();
        long[] updated = {0};
        for (AddFile file : tableKeys.files()) {
            long before = updated[0];
            tableKeys.read(file, (rows, first) -> updated[0] += incoming.countIn(rows));
            if (updated[0] > before) {
                hit.add(file);
            }
        }
        List<StagedFile> added = new ArrayList<>();
        RowLayout layout = check.existingTable(all, List.of(), base);
        int[] ordinals = keys.ordinals(all);
        DeltaScan whole = table.scan(base, all, Optional.empty());
        try (DeltaTaskWriter writer = writers.apply(fileNameStart, layout)) {
            for (AddFile file : hit) {
                whole.read(
                        file,
                        (rows, first) -> writer.write(
                                keep(rows, row -> !incoming.places.containsKey(MergeKeys.key(rows, ordinals, row)))));
            }
            for (int file = 0; file < staged.files().size(); file++) {
                BitSet superseded = incoming.superseded.get(file);
                if (superseded == null) {
                    added.add(staged.files().get(file));
                } else {
                    whole.read(
                            staged.files().get(file),
                            (rows, first) -> writer.write(keep(rows, row -> !superseded.get((int) first + row))));
                }
            }
            added.addAll(StagedBatch.filesOf(writer.finish()));
        }
        return new Change(hit, added, updated[0]);
    }

    private static ColumnBatch keep(ColumnBatch rows, IntPredicate kept) {
        int[] positions = new int[rows.rowCount()];
        int count = 0;
        for (int row = 0; row < positions.length; row++) {
            if (kept.test(row)) {
                positions[count++] = row;
            }
        }
        return rows.select(Selection.of(positions, count));
    }

    /** The keys of a batch, and which of its rows a later one of the same key replaces. */
    private static final class Incoming {
        private final Map<List<@Nullable Object>, Long> places = new HashMap<>();
        private final Map<Integer, BitSet> superseded = new TreeMap<>();
        private final KeyBounds bounds;
        private final int[] ordinals;

        Incoming(StructType keySchema) {
            bounds = new KeyBounds(keySchema);
            ordinals = new int[keySchema.size()];
            for (int i = 0; i < ordinals.length; i++) {
                ordinals[i] = i;
            }
        }

        void add(int file, ColumnBatch rows, long first) {
            for (int row = 0; row < rows.rowCount(); row++) {
                for (int key = 0; key < ordinals.length; key++) {
                    bounds.add(key, rows.column(key), row);
                }
                Long before = places.put(MergeKeys.key(rows, ordinals, row), ((long) file << 32) | (first + row));
                if (before != null) {
                    superseded
                            .computeIfAbsent((int) (before >>> 32), f -> new BitSet())
                            .set((int) before.longValue());
                }
            }
        }

        long countIn(ColumnBatch rows) {
            long count = 0;
            for (int row = 0; row < rows.rowCount(); row++) {
                if (places.containsKey(MergeKeys.key(rows, ordinals, row))) {
                    count++;
                }
            }
            return count;
        }
    }
}
