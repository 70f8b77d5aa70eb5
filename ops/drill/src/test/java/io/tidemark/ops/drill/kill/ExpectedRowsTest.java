package io.tidemark.ops.drill.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.DeltaTableOracle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An oracle that finds nothing finds nothing wrong: these tables are wrong, and it has to say how. */
class ExpectedRowsTest {
    private static final int EVENTS = 40;
    private static final SeededRecords RECORDS = new SeededRecords(7);

    @TempDir
    Path table;

    private static String event(long id) {
        return "(" + id + ", '" + RECORDS.user(id) + "', '" + RECORDS.page(id) + "', " + RECORDS.amount(id)
                + ", make_timestamp(" + RECORDS.eventMillis(id) * 1_000 + "))";
    }

    private RowCount count(UnaryOperator<List<String>> change) throws Exception {
        List<String> rows = change.apply(
                LongStream.range(0, EVENTS).mapToObj(ExpectedRowsTest::event).collect(Collectors.toList()));
        Path file = table.resolve("part.parquet");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            statement.execute("COPY (SELECT * FROM (VALUES " + String.join(",", rows)
                    + ") t(event_id, user_id, page, amount, event_time)) TO '" + file + "' (FORMAT PARQUET)");
        }
        Files.createDirectories(table.resolve("_delta_log"));
        Files.writeString(
                table.resolve("_delta_log/00000000000000000000.json"),
                "{\"add\":{\"path\":\"part.parquet\",\"size\":" + Files.size(file) + "}}\n");
        return new ExpectedEvents(RECORDS).compare(DeltaTableOracle.read(table), EVENTS);
    }

    @Test
    void aTableOfWhatWasSentIsExact() throws Exception {
        RowCount count = count(rows -> rows);
        assertThat(count.isExact()).as(count.toString()).isTrue();
        assertThat(count.found()).isEqualTo(EVENTS);
    }

    @Test
    void lostRowsAreCountedAtBothEndsAndBetween() throws Exception {
        RowCount count = count(rows -> rows.stream()
                .filter(row -> !row.startsWith("(0,") && !row.startsWith("(17,") && !row.startsWith("(39,"))
                .toList());
        assertThat(count.lost()).isEqualTo(3);
        assertThat(count.samples()).containsExactly("lost event 0", "lost event 17", "lost event 39");
    }

    @Test
    void aDoubledRowIsCounted() throws Exception {
        RowCount count = count(rows -> {
            rows.add(event(17));
            return rows;
        });
        assertThat(count.doubled()).isEqualTo(1);
        assertThat(count.samples()).containsExactly("doubled event 17");
    }

    @Test
    void anAlteredAndAMadeUpRowAreWrong() throws Exception {
        RowCount count = count(rows -> {
            rows.set(3, rows.get(3).replace("user-", "nobody-"));
            rows.add(event(1_000));
            return rows;
        });
        assertThat(count.wrong()).isEqualTo(2);
        assertThat(count.isExact()).isFalse();
    }
}
