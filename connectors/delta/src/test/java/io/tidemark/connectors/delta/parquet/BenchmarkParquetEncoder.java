package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVectorBuilder;
import io.tidemark.api.vector.LongVectorBuilder;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows per second and core of five columns: bigint, two strings, timestamp, double. Run it by its main method. */
public final class BenchmarkParquetEncoder {
    private static final int BATCH = 4096;
    private static final int BATCHES = 500;
    private static final StructType SCHEMA = StructType.EMPTY
            .add("user_id", AtomicType.BIGINT)
            .add("page", AtomicType.STRING)
            .add("event_id", AtomicType.STRING)
            .add("event_time", AtomicType.TIMESTAMP)
            .add("amount", AtomicType.DOUBLE);

    private BenchmarkParquetEncoder() {}

    public static void main(String[] args) throws IOException {
        List<List<ColumnVector>> batches = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            batches.add(batch(random, i));
        }
        for (Compression compression : Compression.values()) {
            for (int round = 0; round < 5; round++) {
                long start = System.nanoTime();
                ParquetEncoder encoder = new ParquetEncoder(SCHEMA, compression, OutputStream.nullOutputStream());
                for (int i = 0; i < BATCHES; i++) {
                    encoder.write(batches.get(i % batches.size()), Selection.all(BATCH));
                }
                ParquetEncoder.FileSummary file = encoder.finish();
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        "%s: %.2f million rows/s, %.1f bytes a row%n",
                        compression, file.rowCount() / seconds / 1e6, (double) file.length() / file.rowCount());
            }
        }
    }

    private static List<ColumnVector> batch(Random random, int n) {
        List<VectorBuilder> columns = SCHEMA.fields().stream()
                .map(f -> VectorBuilder.of(f.dataType(), BATCH))
                .toList();
        for (int i = 0; i < BATCH; i++) {
            ((LongVectorBuilder) columns.get(0)).appendLong(random.nextInt(100_000));
            ((BytesVectorBuilder) columns.get(1)).appendString("/page/" + random.nextInt(1000));
            byte[] id = ("e-" + n + "-" + Long.toHexString(random.nextLong())).getBytes(StandardCharsets.UTF_8);
            ((BytesVectorBuilder) columns.get(2)).appendBytes(id, 0, id.length);
            ((LongVectorBuilder) columns.get(3)).appendLong(1_700_000_000_000_000L + n * 4_000_000L + i * 1_000L);
            ((DoubleVectorBuilder) columns.get(4)).appendDouble(random.nextInt(1_000_000) / 100.0);
        }
        return columns.stream().map(VectorBuilder::build).toList();
    }
}
