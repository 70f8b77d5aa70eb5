package io.tidemark.runtime.operator;

import static io.tidemark.runtime.operator.Plans.aggregate;
import static io.tidemark.runtime.operator.Plans.deduplicate;
import static io.tidemark.runtime.operator.Plans.events;
import static io.tidemark.runtime.operator.Plans.session;
import static io.tidemark.runtime.operator.Plans.show;
import static io.tidemark.runtime.operator.Plans.watched;
import static io.tidemark.runtime.operator.Plans.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.runtime.plan.BoundPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Operators over drawn rows, cuts, watermarks and restarts give what a model in plain Java gives, batch by batch, and
 * keep the state that it keeps; on stores in memory and on both providers.
 */
class DrawnOperatorsTest {
    private static final long[] SLIDES = {10, 5, 4};

    @TempDir
    Path directory;

    private TestStores stores(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> ProvidedStores.rocksDb(directory);
            case 1 -> ProvidedStores.memory(directory);
            default -> new VersionedStores();
        };
    }

    /** A batch as the model sees it: times in seconds, null where there is none. */
    private record Event(Long time, String key, Long value) {
        Row row() {
            return Plans.event(time, key, value);
        }
    }

    private static List<Event> draw(Random random, long now) {
        List<Event> events = new ArrayList<>();
        int count = random.nextInt(5) == 0 ? 0 : random.nextInt(25);
        for (int i = 0; i < count; i++) {
            Long time = random.nextInt(30) == 0 ? null : now - 30 + random.nextInt(40);
            String key = random.nextInt(20) == 0 ? null : String.valueOf((char) ('a' + random.nextInt(4)));
            Long value = random.nextInt(6) == 0 ? null : (long) random.nextInt(20) - 5;
            events.add(new Event(time, key, value));
        }
        return events;
    }

    /** What a query hands out and keeps, as short text; {@code late} and {@code evict} in seconds. */
    private interface Model {
        List<String> batch(List<Event> events, long late, long evict);

        List<String> state();
    }

    private void compare(long seed, BoundPlan plan, OutputMode mode, Model model, boolean ordered) {
        Random random = new Random(seed);
        int partitions = ordered ? 1 : 1 + random.nextInt(4);
        try (TestStores stores = stores(random)) {
            OperatorHarness query = new OperatorHarness(plan, mode, partitions, stores);
            long late = 0;
            long evict = 0;
            for (int batch = 0; batch < 8; batch++) {
                query.cut(ordered ? 1 : 1 + random.nextInt(3), 1 + random.nextInt(6));
                if (random.nextInt(5) == 0) {
                    query.restart();
                }
                List<Event> events = draw(random, batch * 8L);
                evict = Math.max(evict, random.nextInt(3) == 0 ? evict : batch * 8L - random.nextInt(25));
                List<String> expected = model.batch(events, late, evict);
                Row[] rows = events.stream().map(Event::row).toArray(Row[]::new);
                List<String> actual = show(query.batch(evict * 1000, rows));
                assertThat(actual)
                        .as("batch %d of %s, watermark %d to %d", batch, events, late, evict)
                        .containsExactlyInAnyOrderElementsOf(expected);
                assertThat(query.state(0)).as("state after batch %d", batch).isEqualTo(sorted(model.state()));
                late = evict;
            }
        }
    }

    private static List<String> sorted(List<String> texts) {
        return texts.stream().sorted().toList();
    }

    /** Windowed count, sum and first in the three modes. */
    private static final class WindowModel implements Model {
        private final OutputMode mode;
        private final long slide;
        private final TreeMap<String, long[]> ends = new TreeMap<>();
        private final TreeMap<String, List<Long>> groups = new TreeMap<>();

        WindowModel(OutputMode mode, long slide) {
            this.mode = mode;
            this.slide = slide;
        }

        private static String result(List<Long> values) {
            Long sum = null;
            for (Long value : values) {
                sum = value == null ? sum : Long.valueOf(value + (sum == null ? 0 : sum));
            }
            return values.size() + " " + sum;
        }

        @Override
        public List<String> batch(List<Event> events, long late, long evict) {
            TreeSet<String> changed = new TreeSet<>();
            for (Event event : events) {
                if (event.time == null) {
                    continue;
                }
                long newest = Math.floorDiv(event.time, slide) * slide;
                for (long start = newest; start + 10 > event.time; start -= slide) {
                    if (mode == OutputMode.COMPLETE || start + 10 > late) {
                        String group = start + ".." + (start + 10) + " " + event.key;
                        ends.put(group, new long[] {start + 10});
                        groups.computeIfAbsent(group, k -> new ArrayList<>()).add(event.value);
                        changed.add(group);
                    }
                }
            }
            List<String> out = new ArrayList<>();
            List<String> old = ends.keySet().stream()
                    .filter(g -> mode != OutputMode.COMPLETE && ends.get(g)[0] <= evict)
                    .toList();
            for (String group :
                    mode == OutputMode.COMPLETE ? groups.keySet() : mode == OutputMode.UPDATE ? changed : old) {
                out.add(group + " " + result(groups.get(group)));
            }
            old.forEach(ends::remove);
            old.forEach(groups::remove);
            return out;
        }

        @Override
        public List<String> state() {
            return groups.entrySet().stream()
                    .map(e -> e.getKey() + " -> " + result(e.getValue()))
                    .toList();
        }
    }

    static LongStream seeds() {
        return new Random(20_260_101L).longs(40);
    }

    static LongStream fewSeeds() {
        return seeds().limit(20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void windowsAreWhatTheModelSays(long seed) {
        Random random = new Random(seed);
        OutputMode mode = OutputMode.values()[random.nextInt(3)];
        long slide = SLIDES[random.nextInt(3)];
        BoundPlan plan = aggregate(window(watched(), 10, slide), List.of("window", "k"), "count(*)", "sum(v)");
        compare(seed, plan, mode, new WindowModel(mode, slide), false);
    }

    /** Sessions with their values in the order in which Spark feeds them. */
    private static final class SessionModel implements Model {
        private record Session(long start, long end, boolean stored, List<Long> values) {}

        private final OutputMode mode;
        private final TreeMap<String, List<Session>> sessions = new TreeMap<>();

        SessionModel(OutputMode mode) {
            this.mode = mode;
        }

        @Override
        public List<String> batch(List<Event> events, long late, long evict) {
            TreeMap<String, List<Session>> fresh = new TreeMap<>();
            for (Event event : events) {
                if (event.time != null && event.time + 7 > late) {
                    fresh.computeIfAbsent(String.valueOf(event.key), k -> new ArrayList<>())
                            .add(new Session(event.time, event.time + 7, false, values(event.value)));
                }
            }
            fresh.forEach((key, more) -> {
                List<Session> all = new ArrayList<>(sessions.getOrDefault(key, List.of()));
                all.addAll(more); // stored ones first: the sort is stable
                all.sort((x, y) -> Long.compare(x.start, y.start));
                sessions.put(key, melted(all));
            });
            List<String> out = new ArrayList<>();
            sessions.forEach((key, all) -> all.stream()
                    .filter(s -> mode == OutputMode.COMPLETE || s.end <= evict)
                    .forEach(s -> out.add(result(key, s, false))));
            if (mode == OutputMode.APPEND) {
                sessions.values().forEach(all -> all.removeIf(s -> s.end <= evict));
            }
            return out;
        }

        private static List<Long> values(Long value) {
            List<Long> values = new ArrayList<>();
            values.add(value);
            return values;
        }

        private static List<Session> melted(List<Session> sorted) {
            List<Session> melted = new ArrayList<>();
            for (Session next : sorted) {
                Session last = melted.isEmpty() ? null : melted.get(melted.size() - 1);
                if (last != null && next.start <= last.end) {
                    List<Long> values = new ArrayList<>(last.values);
                    values.addAll(next.values);
                    melted.set(melted.size() - 1, new Session(last.start, Math.max(last.end, next.end), true, values));
                } else {
                    melted.add(next);
                }
            }
            return melted;
        }

        private static String result(String key, Session s, boolean buffers) {
            return s.start + ".." + s.end + " " + key + " " + s.values.size() + " " + s.values.get(0)
                    + (buffers ? " true" : "");
        }

        @Override
        public List<String> state() {
            List<String> state = new ArrayList<>();
            sessions.forEach(
                    (key, all) -> all.forEach(s -> state.add(key + " " + s.start + " -> " + result(key, s, true))));
            return state;
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void sessionsAreWhatTheModelSays(long seed) {
        OutputMode mode = seed % 2 == 0 ? OutputMode.APPEND : OutputMode.COMPLETE;
        BoundPlan plan = aggregate(session(watched(), 7), List.of("session_window", "k"), "count(*)", "first(v)");
        compare(seed, plan, mode, new SessionModel(mode), true);
    }

    /** Both deduplications by key; the value tells which row passed. */
    private static final class DistinctModel implements Model {
        private final boolean withTime;
        private final boolean within;
        private final TreeMap<String, Long> expiries = new TreeMap<>();

        DistinctModel(boolean withTime, boolean within) {
            this.withTime = withTime;
            this.within = within;
        }

        @Override
        public List<String> batch(List<Event> events, long late, long evict) {
            List<String> out = new ArrayList<>();
            for (Event event : events) {
                String key = (withTime ? event.time + " " : "") + event.key;
                if ((event.time != null && event.time <= late) || expiries.containsKey(key)) {
                    continue;
                }
                long time = event.time != null ? event.time : within ? 0 : Long.MAX_VALUE;
                expiries.put(key, within ? time + 6 : withTime ? time : Long.MAX_VALUE);
                out.add(show(event.row()));
            }
            expiries.values().removeIf(expiry -> expiry <= evict);
            return out;
        }

        @Override
        public List<String> state() {
            return expiries.entrySet().stream()
                    .map(e -> e.getKey() + " -> " + (within ? e.getValue() * 1_000_000 : null))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void deduplicationsAreWhatTheModelSays(long seed) {
        boolean within = seed % 2 == 0;
        boolean withTime = (seed & 2) == 0;
        BoundPlan input = watched(events(0), 6);
        BoundPlan plan = withTime ? deduplicate(input, within, "ts", "k") : deduplicate(input, within, "k");
        compare(seed, plan, OutputMode.APPEND, new DistinctModel(withTime, within), true);
    }

    @ParameterizedTest
    @MethodSource("fewSeeds")
    void aLimitLetsTheFirstRowsOfAllBatchesPass(long seed) {
        Random random = new Random(seed);
        int limit = random.nextInt(40);
        try (TestStores stores = stores(random)) {
            OperatorHarness query = new OperatorHarness(
                    new BoundPlan.Limit(limit, events(0)), OutputMode.APPEND, 1 + random.nextInt(3), stores);
            List<String> all = new ArrayList<>();
            List<String> passed = new ArrayList<>();
            for (int batch = 0; batch < 6; batch++) {
                query.cut(1 + random.nextInt(3), 1 + random.nextInt(6));
                List<Event> events = draw(random, batch);
                events.forEach(e -> all.add(show(e.row())));
                passed.addAll(
                        show(query.batch(0, events.stream().map(Event::row).toArray(Row[]::new))));
                assertThat(passed).isEqualTo(all.subList(0, Math.min(limit, all.size())));
            }
        }
    }
}
