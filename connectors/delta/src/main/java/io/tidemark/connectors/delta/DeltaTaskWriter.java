package io.tidemark.connectors.delta;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.connectors.delta.parquet.Compression;
import io.tidemark.connectors.delta.parquet.NullInRequiredColumnException;
import io.tidemark.connectors.delta.parquet.ParquetEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a task's rows: one file, or one for each set of partition values it meets. */
final class DeltaTaskWriter implements Sink.TaskWriter {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaTaskWriter.class);

    private final Target target;
    private final RowLayout layout;
    private final Map<List<@Nullable String>, OpenFile> open = new LinkedHashMap<>();

    /**
     * Where the files go and what they are called.
     *
     * @param fileNameStart the name's part that tells query, batch, attempt and task apart
     * @param now milliseconds since the epoch, for the log's modification times
     */
    record Target(
            Storage storage,
            String tablePath,
            String fileNameStart,
            Compression compression,
            IndexedColumns indexed,
            LongSupplier now) {}

    DeltaTaskWriter(Target target, RowLayout layout) {
        this.target = target;
        this.layout = layout;
    }

    @Override
    public void write(ColumnBatch batch) throws IOException {
        if (batch.rowCount() == 0) {
            return;
        }
        List<ColumnVector> columns =
                layout.fileOrdinals().stream().map(batch::column).toList();
        try {
            if (layout.partitionBy().isEmpty()) {
                file(List.of()).encoder.write(columns, batch.selection());
            } else {
                for (Map.Entry<List<@Nullable String>, int[]> part :
                        split(batch).entrySet()) {
                    int[] rows = part.getValue();
                    file(part.getKey()).encoder.write(columns, Selection.of(rows, rows.length));
                }
            }
        } catch (StorageFullException e) {
            throw full(e);
        } catch (NullInRequiredColumnException e) {
            throw new TidemarkException(
                    ErrorCode.SINK_SCHEMA_MISMATCH,
                    "A row has no value in column '" + e.column() + "', which the table at '" + target.tablePath()
                            + "' declares NOT NULL. Filter such rows out, or make the column nullable.",
                    e);
        }
    }

    private Map<List<@Nullable String>, int[]> split(ColumnBatch batch) {
        Map<List<@Nullable String>, Rows> parts = new LinkedHashMap<>();
        List<@Nullable String> lastKey = null;
        Rows lastRows = null;
        int width = layout.partitionOrdinals().size();
        for (int i = 0; i < batch.rowCount(); i++) {
            int row = batch.selection().at(i);
            @Nullable String[] values = new @Nullable String[width];
            for (int c = 0; c < width; c++) {
                values[c] = PartitionValues.text(
                        batch.column(layout.partitionOrdinals().get(c)), row);
            }
            List<@Nullable String> key = Arrays.asList(values);
            if (lastRows == null || !key.equals(lastKey)) {
                lastRows = parts.computeIfAbsent(key, k -> new Rows());
                lastKey = key;
            }
            lastRows.add(row);
        }
        Map<List<@Nullable String>, int[]> split = new LinkedHashMap<>();
        parts.forEach((key, rows) -> split.put(key, Arrays.copyOf(rows.positions, rows.count)));
        return split;
    }

    private static final class Rows {
        private int[] positions = new int[16];
        private int count;

        void add(int row) {
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, count * 2);
            }
            positions[count++] = row;
        }
    }

    private OpenFile file(List<@Nullable String> values) throws IOException {
        OpenFile file = open.get(values);
        if (file == null) {
            file = new OpenFile(values, open.size());
            open.put(values, file);
        }
        return file;
    }

    @Override
    public String finish() throws IOException {
        List<StagedFile> staged = new ArrayList<>();
        try {
            for (OpenFile file : open.values()) {
                staged.add(file.finish());
            }
        } catch (StorageFullException e) {
            throw full(e);
        }
        return StagedBatch.taskResult(staged);
    }

    /** Not worth another attempt, which would want the same space. */
    private TidemarkException full(StorageFullException e) {
        return new TidemarkException(
                ErrorCode.STORAGE_FULL,
                "Cannot write data files to '" + target.tablePath()
                        + "': no space is left. Free some and start again; nothing of the batch was committed.",
                e);
    }

    @Override
    public void close() {
        open.values().forEach(OpenFile::drop);
    }

    /** A file being written. Storage sees it only when its first row group is full or it is finished. */
    private final class OpenFile extends OutputStream {
        private final List<@Nullable String> values;
        private final String relativePath;
        private final ParquetEncoder encoder;
        private @Nullable StorageOutput output;

        OpenFile(List<@Nullable String> values, int number) throws IOException {
            this.values = values;
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < values.size(); i++) {
                path.append(PartitionValues.directory(layout.partitionBy().get(i), values.get(i)))
                        .append('/');
            }
            path.append(target.fileNameStart())
                    .append(String.format(Locale.ROOT, "-c%03d", number))
                    .append(target.compression().fileSuffix())
                    .append(".parquet");
            this.relativePath = path.toString();
            this.encoder = new ParquetEncoder(layout.fileSchema(), target.compression(), this);
        }

        private StorageOutput output() throws IOException {
            if (output == null) {
                output = target.storage().create(target.tablePath() + "/" + relativePath, Storage.IfExists.FAIL);
            }
            return output;
        }

        @Override
        public void write(int b) throws IOException {
            output().write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            output().write(bytes, offset, length);
        }

        StagedFile finish() throws IOException {
            ParquetEncoder.FileSummary summary = encoder.finish();
            output().publish();
            drop();
            Map<String, @Nullable String> partition = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                partition.put(layout.partitionBy().get(i), values.get(i));
            }
            return new StagedFile(
                    relativePath,
                    summary.length(),
                    target.now().getAsLong(),
                    summary.rowCount(),
                    summary.crc32c(),
                    partition,
                    FileStatistics.json(summary, target.indexed()));
        }

        /** Closes the output: what was published stays. */
        void drop() {
            StorageOutput leaving = output;
            if (leaving != null) {
                try {
                    leaving.close();
                } catch (IOException e) {
                    LOG.warn("Cannot drop the unfinished file {}: {}", relativePath, e.toString());
                }
            }
        }
    }
}
