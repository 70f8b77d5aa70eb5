package io.tidemark.connectors.delta.parquet;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;

/**
 * Writes one Parquet file. Batches are encoded column by column as they come; a row group is held in memory, encoded and
 * compressed, until it is full; nothing is written before that. One thread. The caller owns the stream: {@link #finish} writes the footer and leaves it
 * open.
 */
public final class ParquetEncoder {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final String CREATED_BY = "tidemark version 0.1.0";
    private static final long ROW_GROUP_BYTES = 128L << 20;

    /** Batches above this are cut, so that pages are closed in time. */
    private static final int ROWS_AT_ONCE = 8192;

    private final ParquetSchema schema;
    private final List<ColumnChunkEncoder> encoders = new ArrayList<>();
    private final Shredder shredder;
    private final CheckedOutput out;
    private final long rowGroupBytes;
    private final List<RowGroup> rowGroups = new ArrayList<>();
    private long rowsInGroup;
    private long rows;

    /** Starts a file of row groups of about 128 MB. */
    public ParquetEncoder(StructType schema, Compression compression, OutputStream out) {
        this(schema, compression, out, ROW_GROUP_BYTES);
    }

    ParquetEncoder(StructType schema, Compression compression, OutputStream out, long rowGroupBytes) {
        this.schema = new ParquetSchema(schema);
        for (ParquetSchema.Node leaf : this.schema.leaves()) {
            encoders.add(ColumnChunkEncoder.of(leaf, compression));
        }
        this.shredder = new Shredder(encoders);
        this.out = new CheckedOutput(requireNonNull(out, "out"));
        this.rowGroupBytes = rowGroupBytes;
    }

    /**
     * Appends the selected rows.
     *
     * @param columns one a top-level field, in the schema's order and of its types
     * @throws NullInRequiredColumnException if a column that is not nullable has a null; the file is of no use then
     */
    public void write(List<ColumnVector> columns, Selection selection) throws IOException {
        int count = selection.count();
        if (count <= ROWS_AT_ONCE) {
            writeSlice(columns, selection);
        } else {
            for (int from = 0; from < count; from += ROWS_AT_ONCE) {
                int[] positions = new int[Math.min(ROWS_AT_ONCE, count - from)];
                for (int i = 0; i < positions.length; i++) {
                    positions[i] = selection.at(from + i);
                }
                writeSlice(columns, Selection.of(positions, positions.length));
            }
        }
    }

    private void writeSlice(List<ColumnVector> columns, Selection selection) throws IOException {
        for (int i = 0; i < columns.size(); i++) {
            shredder.shred(schema.roots().get(i), columns.get(i), selection);
        }
        rowsInGroup += selection.count();
        long buffered = 0;
        for (ColumnChunkEncoder encoder : encoders) {
            buffered += encoder.bufferedBytes();
        }
        if (buffered >= rowGroupBytes) {
            finishRowGroup();
        }
    }

    private void finishRowGroup() throws IOException {
        if (rowsInGroup == 0) {
            return;
        }
        startFile();
        long start = out.position;
        long uncompressed = 0;
        List<ColumnChunk> chunks = new ArrayList<>();
        for (ColumnChunkEncoder encoder : encoders) {
            ColumnChunk chunk = encoder.finishChunk(out, out.position);
            uncompressed += chunk.getMeta_data().getTotal_uncompressed_size();
            chunks.add(chunk);
        }
        rowGroups.add(new RowGroup(chunks, uncompressed, rowsInGroup)
                .setFile_offset(start)
                .setTotal_compressed_size(out.position - start)
                .setOrdinal((short) rowGroups.size()));
        rows += rowsInGroup;
        rowsInGroup = 0;
    }

    private void startFile() throws IOException {
        if (out.position == 0) {
            out.write(MAGIC);
        }
    }

    /** Writes what is left and the footer. Called once. */
    public FileSummary finish() throws IOException {
        finishRowGroup();
        startFile();
        List<ColumnOrder> orders = new ArrayList<>();
        List<LeafStatistics> statistics = new ArrayList<>();
        for (ColumnChunkEncoder encoder : encoders) {
            orders.add(ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()));
            statistics.add(encoder.fileStatistics());
        }
        FileMetaData footer = new FileMetaData(1, schema.elements(), rows, rowGroups)
                .setCreated_by(CREATED_BY)
                .setColumn_orders(orders);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Util.writeFileMetaData(footer, bytes);
        int length = bytes.size();
        bytes.write(new byte[] {(byte) length, (byte) (length >>> 8), (byte) (length >>> 16), (byte) (length >>> 24)});
        bytes.write(MAGIC);
        out.write(bytes.toByteArray());
        return new FileSummary(rows, out.position, out.crc.getValue(), statistics);
    }

    /** Returns how many rows were written so far. */
    public long rowCount() {
        return rows + rowsInGroup;
    }

    /**
     * A finished file.
     *
     * @param length bytes
     * @param crc32c of the whole file
     * @param statistics a leaf column each
     */
    public record FileSummary(long rowCount, long length, long crc32c, List<LeafStatistics> statistics) {
        public FileSummary {
            statistics = List.copyOf(statistics);
        }
    }

    /** Counts and sums up what goes through. */
    private static final class CheckedOutput extends OutputStream {
        private final OutputStream target;
        private final CRC32C crc = new CRC32C();
        private long position;

        CheckedOutput(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            target.write(bytes, offset, length);
            crc.update(bytes, offset, length);
            position += length;
        }
    }
}
