package io.tidemark.ops.bench;

/** What a run is judged by. */
enum Metric {
    ROWS_PER_SECOND("rows/s", Better.HIGHER),
    ROWS_PER_SECOND_FROM_START("rows/s from process start", Better.HIGHER),
    FIRST_COMMIT("first commit, ms", Better.LOWER),
    LATENCY_P50("latency p50, ms", Better.LOWER),
    LATENCY_P99("latency p99, ms", Better.LOWER),
    LATENCY_MAX("latency max, ms", Better.LOWER),
    RESTART("restart to next commit, ms", Better.LOWER),
    COMMIT_P50("between commits p50, ms", Better.LOWER),
    COMMIT_P99("between commits p99, ms", Better.LOWER),
    EARLY_P50("batches 50 to 149 p50, ms", Better.LOWER),
    EARLY_P99("batches 50 to 149 p99, ms", Better.LOWER),
    LATE_P50("last 100 batches p50, ms", Better.LOWER),
    LATE_P99("last 100 batches p99, ms", Better.LOWER),
    LATE_TO_EARLY_P50("late to early p50", Better.LOWER),
    LATE_TO_EARLY_P99("late to early p99", Better.LOWER),
    CPU_PER_ROW("CPU a row, µs", Better.LOWER),
    CPU_SHARE("CPU, % of a core", Better.LOWER),
    HOUSEKEEPING_CPU("CPU of the housekeeping thread, ms", Better.LOWER),
    CHANGELOG_BYTES("changelogs, MB", Better.LOWER),
    MEMORY("resident, MB", Better.LOWER),
    PEAK_MEMORY("peak resident, MB", Better.LOWER);

    private enum Better {
        HIGHER,
        LOWER
    }

    private final String title;
    private final Better better;

    Metric(String title, Better better) {
        this.title = title;
        this.better = better;
    }

    String title() {
        return title;
    }

    /** Returns how many times better {@code ours} is than {@code theirs}: above 1 where we are ahead. */
    double advantage(double ours, double theirs) {
        return better == Better.HIGHER ? ours / theirs : theirs / ours;
    }
}
