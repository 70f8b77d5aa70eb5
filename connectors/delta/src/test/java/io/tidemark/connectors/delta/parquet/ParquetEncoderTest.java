package io.tidemark.connectors.delta.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.connectors.delta.Plain;
import io.tidemark.connectors.delta.RandomRows;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetEncoderTest {
    @TempDir
    Path folder;

    private static List<ColumnVector> columns(StructType schema, List<@Nullable Object[]> rows) {
        List<VectorBuilder> builders = schema.fields().stream()
                .map(f -> VectorBuilder.of(f.dataType(), rows.size()))
                .toList();
        rows.forEach(row -> {
            for (int i = 0; i < row.length; i++) {
                builders.get(i).append(row[i]);
            }
        });
        return builders.stream().map(VectorBuilder::build).toList();
    }

    private List<@Nullable Object> read(Path file, String sql) throws SQLException {
        List<@Nullable Object> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql.replace("FILE", "'" + file + "'"))) {
            while (result.next()) {
                List<@Nullable Object> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(Plain.of(result.getObject(i)));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void manySmallRowGroupsOfSelectedRowsReadBackAsWritten(Compression compression) throws Exception {
        Path file = folder.resolve("rows.parquet");
        StructType schema = RandomRows.ALL_TYPES;
        List<@Nullable Object> expected = new ArrayList<>();
        ParquetEncoder.FileSummary summary;
        try (OutputStream out = Files.newOutputStream(file)) {
            ParquetEncoder encoder = new ParquetEncoder(schema, compression, out, 64 << 10);
            RandomRows random = new RandomRows(11);
            Random picks = new Random(5);
            for (int batch = 0; batch < 20; batch++) {
                List<@Nullable Object[]> rows = random.rows(schema, 300);
                int[] selected = new int[rows.size()];
                int count = 0;
                for (int row = 0; row < rows.size(); row++) {
                    if (batch % 3 == 0 || picks.nextInt(3) > 0) {
                        selected[count++] = row;
                        expected.add(Plain.of(Arrays.asList(rows.get(row))));
                    }
                }
                encoder.write(columns(schema, rows), Selection.of(selected, count));
            }
            summary = encoder.finish();
        }

        assertThat(read(file, "SELECT * FROM read_parquet(FILE)")).containsExactlyElementsOf(expected);
        assertThat(summary.rowCount()).isEqualTo(expected.size());
        assertThat(summary.length()).isEqualTo(Files.size(file));
        CRC32C crc = new CRC32C();
        crc.update(Files.readAllBytes(file));
        assertThat(summary.crc32c()).isEqualTo(crc.getValue());
        assertThat(read(file, "SELECT count(DISTINCT row_group_id) FROM parquet_metadata(FILE)")
                        .toString())
                .isNotEqualTo("[[1]]");
    }

    @Test
    void repeatedValuesGoIntoADictionaryAndUniqueOnesDoNot() throws Exception {
        StructType schema = StructType.EMPTY
                .add("few", AtomicType.STRING)
                .add("uid", AtomicType.STRING)
                .add("late", AtomicType.BIGINT);
        Path file = folder.resolve("rows.parquet");
        Random random = new Random(3);
        try (OutputStream out = Files.newOutputStream(file)) {
            ParquetEncoder encoder = new ParquetEncoder(schema, Compression.SNAPPY, out);
            for (int batch = 0; batch < 80; batch++) {
                List<@Nullable Object[]> rows = new ArrayList<>();
                for (int i = 0; i < 4096; i++) {
                    long late = batch < 40 ? i % 7 : random.nextLong();
                    rows.add(new Object[] {"page" + i % 50, Long.toString(random.nextLong(), 36), late});
                }
                encoder.write(columns(schema, rows), Selection.all(rows.size()));
            }
            encoder.finish();
        }

        String sql = "SELECT path_in_schema, encodings FROM parquet_metadata(FILE)";
        String encodings = read(file, sql).toString();
        assertThat(encodings).contains("[few, RLE, PLAIN_DICTIONARY]");
        assertThat(encodings).contains("[uid, RLE, PLAIN]");
        assertThat(encodings).contains("[late, RLE, PLAIN_DICTIONARY, PLAIN]");
        assertThat(read(file, "SELECT count(*), count(DISTINCT few), count(DISTINCT uid) FROM read_parquet(FILE)")
                        .toString())
                .isEqualTo("[[327680, 50, 327680]]");
        assertThat(read(file, "SELECT count(DISTINCT late) > 163000, min(late) < 0 FROM read_parquet(FILE)")
                        .toString())
                .isEqualTo("[[true, true]]");
    }

    @Test
    void boundsSkipNanAndCoverBothZeros() throws IOException {
        StructType schema = StructType.EMPTY
                .add("nan", AtomicType.DOUBLE)
                .add("zero", AtomicType.DOUBLE)
                .add("f", AtomicType.FLOAT);
        ParquetEncoder encoder = new ParquetEncoder(schema, Compression.SNAPPY, OutputStream.nullOutputStream());
        List<@Nullable Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {1.0, 0.0, 2.5f});
        rows.add(new Object[] {Double.NaN, -0.0, -1.25f});
        rows.add(new Object[] {null, null, null});
        encoder.write(columns(schema, rows), Selection.all(3));
        List<LeafStatistics> leaves = encoder.finish().statistics();

        assertThat(leaves.get(0).min()).isNull();
        assertThat(leaves.get(1).min()).isEqualTo(-0.0);
        assertThat(leaves.get(1).max()).isEqualTo(0.0);
        assertThat(leaves.get(2).min()).isEqualTo(-1.25f);
        assertThat(leaves.get(2).max()).isEqualTo(2.5f);
        assertThat(leaves).allMatch(l -> l.nullCount() == 1);
    }

    @Test
    void aNullInARequiredColumnIsRefusedByName() {
        StructType schema = StructType.of(new StructField("id", AtomicType.BIGINT, false));
        ParquetEncoder encoder = new ParquetEncoder(schema, Compression.SNAPPY, OutputStream.nullOutputStream());
        List<@Nullable Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {null});
        ColumnBatch batch = new ColumnBatch(schema, columns(schema, rows), Selection.all(1));
        assertThatThrownBy(() -> encoder.write(batch.columns(), batch.selection()))
                .isInstanceOf(NullInRequiredColumnException.class)
                .hasMessageContaining("id");
    }

    @Test
    void hugeValuesDoNotBreakPages() throws Exception {
        StructType schema = StructType.EMPTY.add("s", AtomicType.STRING);
        Path file = folder.resolve("rows.parquet");
        String big = new String(new byte[3 << 20], StandardCharsets.US_ASCII).replace('\0', 'z');
        try (OutputStream out = Files.newOutputStream(file)) {
            ParquetEncoder encoder = new ParquetEncoder(schema, Compression.SNAPPY, out);
            for (int i = 0; i < 5; i++) {
                List<@Nullable Object[]> rows = new ArrayList<>();
                rows.add(new Object[] {big + i});
                rows.add(new Object[] {""});
                encoder.write(columns(schema, rows), Selection.all(2));
            }
            encoder.finish();
        }
        assertThat(read(file, "SELECT count(*), max(length(s)), count(DISTINCT s) FROM read_parquet(FILE)")
                        .toString())
                .isEqualTo("[[10, " + ((3 << 20) + 1) + ", 6]]");
    }
}
