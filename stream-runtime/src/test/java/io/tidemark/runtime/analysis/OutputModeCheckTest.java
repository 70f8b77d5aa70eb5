package io.tidemark.runtime.analysis;

import static io.tidemark.api.streaming.OutputMode.APPEND;
import static io.tidemark.api.streaming.OutputMode.COMPLETE;
import static io.tidemark.api.streaming.OutputMode.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.runtime.optimizer.Optimizer;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputModeCheckTest {
    private static final String EVENTS = "(SELECT * FROM raw WATERMARK ts DELAY OF INTERVAL 10 MINUTES)";

    private final TestCatalog catalog = new TestCatalog(Fakes.functions())
            .stream("raw", "page STRING, v INT, ts TIMESTAMP").view("events", "SELECT * FROM " + EVENTS);

    /** Each mode in the order append, update, complete: + where the query may run. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '¤',
            textBlock =
                    """
            SELECT page FROM raw => ++-
            SELECT page, count(*) FROM raw GROUP BY page => -++
            SELECT count(*) FROM events => -++
            SELECT page, count(*) FROM events GROUP BY page => -++
            SELECT ts, count(*) FROM events GROUP BY ts => +++
            SELECT ts AS t, count(*) FROM events GROUP BY ts => +++
            SELECT window(ts, '1 hour'), count(*) FROM raw GROUP BY 1 => -++
            SELECT window(ts, '1 hour'), count(*) FROM events GROUP BY 1 => +++
            SELECT window(t, '1 hour'), count(*) FROM (SELECT ts AS t FROM events) GROUP BY 1 => +++
            SELECT window(ts + INTERVAL 1 HOUR, '1 hour'), count(*) FROM events GROUP BY 1 => -++
            SELECT window(ts, '1 hour').start, count(*) FROM events GROUP BY 1 => -++
            SELECT session_window, page, count(*) FROM events GROUP BY session_window(ts, '5 minutes'), page => +-+
            SELECT session_window, count(*) FROM events GROUP BY session_window(ts, '5 minutes') => ---
            SELECT DISTINCT page FROM raw => -++
            SELECT DISTINCT page, ts FROM events => +++
            SELECT page FROM raw UNION SELECT page FROM events => -++
            SELECT ts FROM events UNION ALL SELECT ts FROM raw => ++-
            SELECT ts, count(*) FROM (SELECT ts FROM events UNION ALL SELECT ts FROM raw) GROUP BY ts => +++
            SELECT ts, count(*) FROM (SELECT ts FROM raw UNION ALL SELECT ts FROM events) GROUP BY ts => -++
            SELECT page FROM raw LIMIT 3 => +--
            SELECT page, count(*) FROM raw GROUP BY page LIMIT 3 => --+
            SELECT page FROM raw ORDER BY page => ---
            SELECT page, count(*) AS n FROM raw GROUP BY page ORDER BY n DESC => --+
            SELECT window(window, '1 day'), sum(n) FROM (SELECT window(ts, '1 hour'), count(*) AS n FROM events GROUP BY 1) GROUP BY 1 => +--
            SELECT window_time(window), count(*) FROM (SELECT window(ts, '1 hour'), page FROM events GROUP BY 1, 2) GROUP BY 1 => +--
            SELECT DISTINCT ts FROM (SELECT ts, count(*) FROM events GROUP BY ts) => +--
            SELECT ts FROM events WATERMARK ts DELAY OF INTERVAL 1 HOUR => ---
            """)
    void aQueryRunsInTheModesInWhichSparkRunsIt(String sql, String modes) {
        assertThat(modesOf(catalog.analyze(sql))).isEqualTo(modes);
    }

    private static String modesOf(BoundPlan plan) {
        StringBuilder modes = new StringBuilder();
        for (OutputMode mode : List.of(APPEND, UPDATE, COMPLETE)) {
            modes.append(refusal(plan, mode) == null ? '+' : '-');
        }
        return modes.toString();
    }

    private static AnalysisException refusal(BoundPlan plan, OutputMode mode) {
        AnalysisException e = catchThrowableOfType(AnalysisException.class, () -> OutputModeCheck.check(plan, mode));
        if (e != null) {
            assertThat(e.code()).isEqualTo(ErrorCode.STREAMING_UNSUPPORTED);
            assertThat(e.getMessage()).doesNotContain("\n").endsWith(".");
        }
        return e;
    }

    @Test
    void aDeduplicationNeedsAWatermarkOnlyIfItForgetsByIt() {
        assertThat(modesOf(deduplicated("raw", false, "page"))).isEqualTo("++-");
        assertThat(modesOf(deduplicated("events", true, "page"))).isEqualTo("++-");
        assertThat(modesOf(deduplicated("raw", true, "page"))).isEqualTo("---");
        assertThat(refusal(deduplicated("raw", true, "page"), APPEND)).hasMessageContaining("Call withWatermark");
    }

    @Test
    void aDeduplicationMayComeBeforeAnAggregationInEachModeButAfterItInAppendOnly() {
        catalog.plan("once", deduplicate("events", false, "page", "ts"));
        assertThat(modesOf(catalog.analyze("SELECT ts, count(*) FROM once GROUP BY ts")))
                .isEqualTo("+++");

        catalog.view("counts", "SELECT ts, count(*) AS n FROM events GROUP BY ts");
        assertThat(modesOf(deduplicated("counts", false, "ts"))).isEqualTo("+--");
        assertThat(modesOf(deduplicated("counts", false, "n"))).isEqualTo("+++");
    }

    @Test
    void twoEventTimesInOneKeyAreRefused() {
        BoundPlan both = catalog.analyze("SELECT ts, window(ts, '1 hour'), count(*) FROM events GROUP BY 1, 2");

        assertThat(catchThrowableOfType(AnalysisException.class, () -> OutputModeCheck.checkEventTimes(both)))
                .hasMessage("Several columns carry the watermark where rows are kept by it: ts, window."
                        + " Keep one of them, the time or the window of it.");
        assertThatCode(() -> OutputModeCheck.checkEventTimes(Optimizer.optimize(
                        catalog.analyze("SELECT window(ts, '1 hour'), count(*) FROM events GROUP BY 1"))))
                .doesNotThrowAnyException();
    }

    @Test
    void theMessageNamesTheModeAndTheCure() {
        assertThat(refusal(catalog.analyze("SELECT page, count(*) FROM raw GROUP BY page"), APPEND))
                .hasMessageStartingWith("Append output mode is not supported for an aggregation without a watermark")
                .hasMessageContaining("use update or complete");
    }

    private BoundPlan deduplicated(String input, boolean withinWatermark, String... columns) {
        return Analyzer.analyze(deduplicate(input, withinWatermark, columns), catalog.context());
    }

    private static LogicalPlan deduplicate(String input, boolean withinWatermark, String... columns) {
        return new LogicalPlan.Deduplicate(
                List.of(columns),
                withinWatermark,
                new LogicalPlan.UnresolvedRelation(List.of(input.toLowerCase(Locale.ROOT)), Origin.NONE),
                Origin.NONE);
    }
}
