package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.api.connector.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllTypesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1, snappy, 700", "2, zstd, 700", "3, uncompressed, 40", "4, snappy, 12000"})
    void whatIsWrittenIsReadBackByDuckDbAndByKernel(long seed, String compression, int count)
            throws IOException, SQLException {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.schema = RandomRows.ALL_TYPES;
        fixture.options.put("compression", compression);
        List<@Nullable Object[]> rows = new RandomRows(seed).rows(fixture.schema, count);
        Sink sink = fixture.open();
        int half = count / 2;
        SinkFixture.run(sink, 0, 1, SinkFixture.batch(fixture.schema, rows.subList(0, half)));
        SinkFixture.run(sink, 1, 1, SinkFixture.batch(fixture.schema, rows.subList(half, count)));

        List<@Nullable Object> expected =
                rows.stream().map(r -> Plain.of(Arrays.asList(r))).toList();
        assertThat(duckDb(fixture.path)).containsExactlyElementsOf(expected);
        List<@Nullable Object> kernel =
                KernelReader.read(fixture.path).stream().map(Plain::of).toList();
        assertThat(kernel).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theTableSaysItHoldsTimesWithoutZone() throws IOException {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.schema = RandomRows.ALL_TYPES;
        SinkFixture.run(fixture.open(), 0, 1);
        JsonNode protocol = new DeltaLog(fixture.path).actions(0, "protocol").get(0);
        assertThat(protocol.get("readerFeatures").toString()).contains("timestampNtz");
        assertThat(protocol.get("writerFeatures").toString()).contains("timestampNtz");
    }

    private static List<@Nullable Object> duckDb(Path table) throws SQLException {
        List<@Nullable Object> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            for (Path file : new DeltaLog(table).files().keySet()) {
                try (var statement = connection.createStatement();
                        ResultSet result = statement.executeQuery("SELECT * FROM read_parquet('" + file + "')")) {
                    while (result.next()) {
                        List<@Nullable Object> row = new ArrayList<>();
                        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                            row.add(Plain.of(result.getObject(i)));
                        }
                        rows.add(row);
                    }
                }
            }
        }
        return rows;
    }
}
