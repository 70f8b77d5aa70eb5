package io.tidemark.ops.drill.kill;

import java.util.ArrayList;
import java.util.List;

/**
 * What a table holds, against what it must hold.
 *
 * @param expected rows
 * @param found rows
 * @param lost rows that must be there and are not
 * @param doubled rows that are there once more than they must
 * @param wrong rows that must not be there at all: altered, or made up
 * @param samples some of those, in words
 */
record RowCount(long expected, long found, long lost, long doubled, long wrong, List<String> samples) {
    RowCount {
        samples = List.copyOf(samples);
    }

    boolean isExact() {
        return lost == 0 && doubled == 0 && wrong == 0;
    }

    @Override
    public String toString() {
        return found + " rows of " + expected + ": " + lost + " lost, " + doubled + " doubled, " + wrong + " wrong"
                + (samples.isEmpty() ? "" : ", " + samples);
    }

    /** Counts row after row. */
    static final class Counter {
        private static final int SAMPLES = 5;

        private final List<String> samples = new ArrayList<>();
        private long expected;
        private long found;
        private long lost;
        private long doubled;
        private long wrong;

        void expected(long rows) {
            expected += rows;
        }

        void found() {
            found++;
        }

        void lost(Object row) {
            lost++;
            sample("lost " + row);
        }

        void doubled(Object row) {
            doubled++;
            sample("doubled " + row);
        }

        void wrong(Object row) {
            wrong++;
            sample("wrong " + row);
        }

        private void sample(String text) {
            if (samples.size() < SAMPLES) {
                samples.add(text);
            }
        }

        RowCount count() {
            return new RowCount(expected, found, lost, doubled, wrong, samples);
        }
    }
}
