package io.tidemark.ops.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What is measured: a query, the records it reads, and what is looked at. */
enum Workload {
    W1(Query.PASS_THROUGH, "pass-through: parse, filter, project, append"),
    W2(Query.WINDOWS, "windows of 5 minutes by page, watermark of 10 minutes, append"),
    W3(Query.USERS, "count and sum by user, update"),
    W4(Query.PASS_THROUGH, "trickle: from a record's timestamp to its commit"),
    W5(Query.USERS, "restart: from the start after a kill to the next commit"),
    W6(Query.PASS_THROUGH, "start: from the start to the first commit, small topic"),
    W7(Query.PASS_THROUGH, "idle: a query with nothing to do"),
    W8(Query.WIDE, "records of 100 columns, 4 read"),
    W9(Query.PASS_THROUGH, "200 partitions, many batches"),
    W10(Query.PASS_THROUGH, "a long-lived checkpoint, many batches");

    private static final int PARTITIONS = 4;
    private static final int MANY_PARTITIONS = 200;
    private static final long SMALL = 1_000;
    private static final long WIDE_SHARE = 10;

    private final Query query;
    private final String title;

    Workload(Query query, String title) {
        this.query = query;
        this.title = title;
    }

    Query query() {
        return query;
    }

    String title() {
        return title;
    }

    /** The name on the command line: {@code w1} to {@code w10}. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Workload> of(String label) {
        return Stream.of(values()).filter(w -> w.label().equals(label)).findFirst();
    }

    /** The topic it reads; for {@link #W4} the topic is empty at first. */
    Topic topic(BenchOptions options) {
        long rows =
                switch (this) {
                    case W4 -> 0;
                    case W6, W7 -> SMALL;
                    case W8 -> Math.max(1, options.rows() / WIDE_SHARE);
                    default -> options.rows();
                };
        return new Topic(
                this == W8 ? Topic.Shape.WIDE : Topic.Shape.NARROW,
                this == W9 ? MANY_PARTITIONS : PARTITIONS,
                rows,
                Math.max(1, Math.min(options.users(), options.rows() / 2)),
                options.seed());
    }

    /** How many batches a system that works in batches is to make of the topic. */
    int batches(BenchOptions options) {
        return switch (this) {
            case W9 -> Math.min(options.batches(), 200);
            case W10 -> options.batches();
            case W6, W7 -> 1;
            default -> 10;
        };
    }
}
