package io.tidemark.runtime.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WatermarkTrackerTest {
    private static TreeMap<Integer, EventTimeStatistics> seen(Map<Integer, Long> newest) {
        TreeMap<Integer, EventTimeStatistics> seen = new TreeMap<>();
        newest.forEach((operator, max) -> seen.put(operator, new EventTimeStatistics(1, 0, max, max)));
        return seen;
    }

    @Test
    void theWatermarkIsTheNewestTimeLessTheDelayAndNeverMovesBack() {
        WatermarkTracker tracker = new WatermarkTracker(new long[] {10_000}, WatermarkTracker.Policy.MIN, 0);
        tracker.observe(seen(Map.of(0, 25_000L)));
        assertThat(tracker.global()).isEqualTo(15_000);
        tracker.observe(seen(Map.of(0, 20_000L)));
        assertThat(tracker.global()).isEqualTo(15_000);
        tracker.observe(seen(Map.of(0, 5_000L)));
        assertThat(tracker.operatorValues()).containsEntry(0, 15_000L);
    }

    @Test
    void underMinNothingMovesUntilEveryInputHadRows() {
        WatermarkTracker tracker = new WatermarkTracker(new long[] {0, 0}, WatermarkTracker.Policy.MIN, 0);
        tracker.observe(seen(Map.of(0, 50_000L)));
        assertThat(tracker.global()).isZero();
        tracker.observe(seen(Map.of(1, 30_000L)));
        assertThat(tracker.global()).isEqualTo(30_000);
    }

    @Test
    void underMaxTheFastestInputLeads() {
        WatermarkTracker tracker = new WatermarkTracker(new long[] {0, 0}, WatermarkTracker.Policy.MAX, 0);
        tracker.observe(seen(Map.of(0, 50_000L)));
        assertThat(tracker.global()).isEqualTo(50_000);
    }

    @Test
    void aRestartGoesOnFromTheLoggedValueAndFromWhatEachOperatorHadReached() {
        WatermarkTracker tracker = new WatermarkTracker(new long[] {0, 0}, WatermarkTracker.Policy.MIN, 40_000);
        tracker.restoreOperator(0, 90_000);
        tracker.restoreOperator(1, 40_000);
        tracker.observe(seen(Map.of(1, 60_000L)));
        assertThat(tracker.global()).isEqualTo(60_000);
    }

    @Test
    void aTimeBeforeTheEpochNeverMakesItNegative() {
        WatermarkTracker tracker = new WatermarkTracker(new long[] {10_000}, WatermarkTracker.Policy.MIN, 0);
        tracker.observe(seen(Map.of(0, -5_000L)));
        assertThat(tracker.global()).isZero();
    }
}
