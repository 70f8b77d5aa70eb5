package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.Recording.RecordedLife;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Fault;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import io.tidemark.ops.drill.crash.storage.StorageModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which cases of a recording are worth a run, and in which order: each operation in each variant once, then every other
 * call of the same operations, then again with other seeds.
 */
final class CasePlan {
    private final Recording recording;
    private final List<Case> coverage = new ArrayList<>();
    private final List<Case> rest = new ArrayList<>();

    CasePlan(Recording recording, long seed) {
        this.recording = recording;
        Random random = new Random(
                seed ^ (recording.shape().ordinal() * 31L + recording.model().ordinal()));
        Map<String, List<Case>> byVariant = new TreeMap<>();
        for (Case drawn : all(random)) {
            byVariant
                    .computeIfAbsent(drawn.first().site() + "," + drawn.first().variant(), k -> new ArrayList<>())
                    .add(drawn);
        }
        for (List<Case> same : byVariant.values()) {
            int chosen = random.nextInt(same.size());
            coverage.add(same.get(chosen));
            for (int i = 0; i < same.size(); i++) {
                if (i != chosen) {
                    rest.add(same.get(i));
                }
            }
        }
        Collections.shuffle(coverage, random);
        Collections.shuffle(rest, random);
    }

    Recording recording() {
        return recording;
    }

    /** Returns one case of each operation and variant. */
    List<Case> coverage() {
        return coverage;
    }

    /** Returns all other cases, in an order that was drawn. */
    List<Case> rest() {
        return rest;
    }

    /** Returns one crash of each operation, to have its recovery disturbed. */
    List<Case> firstCrashes() {
        Map<String, Case> bySite = new TreeMap<>();
        for (Case drawn : coverage) {
            if (drawn.first().moment().isPresent() && !drawn.first().isOfSource()) {
                bySite.putIfAbsent(drawn.first().site(), drawn);
            }
        }
        return List.copyOf(bySite.values());
    }

    /**
     * Returns crashes of a recovery, of operations as different as can be.
     *
     * @param count at most
     */
    static List<Point> secondCrashes(CaseRunner.Recovery recovery, int count, Random random) {
        Map<String, List<Point>> bySite = new TreeMap<>();
        Map<String, Integer> occurrences = new HashMap<>();
        for (Call call : recovery.calls()) {
            int occurrence = occurrences.merge(call.site(), 1, Integer::sum) - 1;
            for (Moment moment : recovery.storage().moments(call)) {
                bySite.computeIfAbsent(call.site(), s -> new ArrayList<>())
                        .add(new Point(call.site(), occurrence, Point.text(moment), random.nextLong(1_000_000)));
            }
        }
        List<List<Point>> sites = new ArrayList<>(bySite.values());
        sites.forEach(points -> Collections.shuffle(points, random));
        Collections.shuffle(sites, random);
        List<Point> chosen = new ArrayList<>();
        for (int round = 0; chosen.size() < count; round++) {
            int before = chosen.size();
            for (List<Point> points : sites) {
                if (round < points.size() && chosen.size() < count) {
                    chosen.add(points.get(round));
                }
            }
            if (chosen.size() == before) {
                break;
            }
        }
        return chosen;
    }

    private List<Case> all(Random random) {
        List<Case> all = new ArrayList<>();
        for (int i = 0; i < recording.lives().size(); i++) {
            RecordedLife life = recording.lives().get(i);
            Map<String, Integer> occurrences = new HashMap<>();
            for (Call call : life.calls()) {
                String site = life.sites().get(call.index());
                int occurrence = occurrences.merge(site, 1, Integer::sum) - 1;
                if (isWithinARow(life.sites(), call.index())) {
                    continue;
                }
                for (Moment moment : life.storage().moments(call)) {
                    all.add(drawn(i, site, occurrence, moment, random));
                }
                for (Fault.Kind kind : Fault.Kind.values()) {
                    if (kind != Fault.Kind.DISK_FULL || recording.model() != StorageModel.OBJECT_STORE) {
                        all.add(drawn(i, site, occurrence, kind, random));
                    }
                }
            }
            for (KafkaLog.SourceCall call : life.sourceCalls()) {
                int occurrence = occurrences.merge(call.name(), 1, Integer::sum) - 1;
                for (Enum<?> variant :
                        List.of(Moment.BEFORE, Moment.AFTER, Fault.Kind.ERROR_ONCE, Fault.Kind.ERROR_FOR_EVER)) {
                    all.add(drawn(i, call.name(), occurrence, variant, random));
                }
            }
        }
        return all;
    }

    /** Whether a call and its neighbours do the same: a long file is written in calls of which the ends tell all. */
    private static boolean isWithinARow(List<String> sites, int index) {
        return index > 1
                && index + 2 < sites.size()
                && IntStream.rangeClosed(index - 2, index + 2)
                        .allMatch(i -> sites.get(i).equals(sites.get(index)));
    }

    private Case drawn(int life, String site, int occurrence, Enum<?> variant, Random random) {
        return new Case(
                recording.shape(),
                recording.model(),
                life,
                new Point(site, occurrence, Point.text(variant), random.nextLong(1_000_000)),
                null);
    }
}
