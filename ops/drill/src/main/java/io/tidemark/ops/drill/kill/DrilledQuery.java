package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.DrilledPipeline;
import io.tidemark.ops.drill.RecoveryWindow;
import io.tidemark.ops.drill.TidemarkCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;

/** A query that is killed: its pipeline, and what its rows must be. */
public enum DrilledQuery {
    /** Rows as they come, without state. */
    EVENTS {
        @Override
        DrilledPipeline pipeline(TidemarkCommand command, Path directory, String brokers, int maxOffsets)
                throws IOException {
            return DrilledPipeline.events(command, directory, brokers, topic(), maxOffsets);
        }

        @Override
        LongFunction<byte[]> records(SeededRecords records) {
            return records::event;
        }

        @Override
        ExpectedRows expected(SeededRecords records) {
            return new ExpectedEvents(records);
        }
    },

    /** The sample that counts clicks in windows of event time. */
    CLICKSTREAM {
        @Override
        DrilledPipeline pipeline(TidemarkCommand command, Path directory, String brokers, int maxOffsets)
                throws IOException {
            return DrilledPipeline.clickstream(command, directory, brokers, topic(), maxOffsets);
        }

        @Override
        LongFunction<byte[]> records(SeededRecords records) {
            return records::click;
        }

        @Override
        ExpectedRows expected(SeededRecords records) {
            return new ExpectedWindows(records);
        }
    };

    /** How many partitions the topic of each query has. */
    static final int PARTITIONS = 3;

    /** The windows in which processes shall die: those in which there is a batch. */
    static final List<RecoveryWindow> WINDOWS = List.of(
            RecoveryWindow.W2,
            RecoveryWindow.W3,
            RecoveryWindow.W4,
            RecoveryWindow.W5,
            RecoveryWindow.W6,
            RecoveryWindow.W7);

    /** Returns the name on the command line. */
    public String option() {
        return name().toLowerCase(Locale.ROOT);
    }

    String topic() {
        return option();
    }

    abstract DrilledPipeline pipeline(TidemarkCommand command, Path directory, String brokers, int maxOffsets)
            throws IOException;

    /** Returns what the numbered records of the topic are. */
    abstract LongFunction<byte[]> records(SeededRecords records);

    abstract ExpectedRows expected(SeededRecords records);
}
