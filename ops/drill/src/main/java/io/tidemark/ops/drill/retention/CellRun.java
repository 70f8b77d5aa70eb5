package io.tidemark.ops.drill.retention;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.ops.drill.retention.DrilledQuery.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Plays one cell with one seed, from an empty topic to the count of its rows. One thread. */
final class CellRun {
    /** Errors that a user may answer with failOnDataLoss=false. */
    private static final Set<ErrorCode> LOSSES = Set.of(
            ErrorCode.SOURCE_ROWS_MISSING,
            ErrorCode.TOPIC_RECREATED,
            ErrorCode.PARTITIONS_DELETED,
            ErrorCode.ADDED_PARTITION_NOT_ZERO,
            ErrorCode.LOG_TRUNCATED);

    private final Cell cell;
    private final KafkaScene kafka;
    private final Scenario scenario;
    private final SplittableRandom random;
    private final DrilledQuery query;
    private final long batch;
    private final List<String> wrong = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final List<Run> met = new ArrayList<>();

    CellRun(Cell cell, Scenario scenario, KafkaScene kafka, SplittableRandom random, Path directory) {
        this.cell = cell;
        this.kafka = kafka;
        this.scenario = scenario;
        this.random = random;
        this.batch = cell.phase() == Phase.P0 ? 0 : 1;
        Map<String, String> options = new TreeMap<>(scenario.options());
        options.put("kafka.bootstrap.servers", kafka.servers());
        options.put("kafka.isolation.level", cell.readCommitted() ? "read_committed" : "read_uncommitted");
        options.put("failOnDataLoss", Boolean.toString(cell.failOnDataLoss()));
        options.putIfAbsent("startingOffsets", "earliest");
        options.put("fetchOffset.retryIntervalMs", "50");
        options.put("kafkaConsumer.pollTimeoutMs", "20000");
        // While the event happens in one task of a batch, no other may read what it is about.
        this.query = new DrilledQuery(directory, options, cell.phase() == Phase.P2 ? 1 : 1 + random.nextInt(2));
    }

    CellResult run() throws Exception {
        long began = System.nanoTime();
        Expected expected = scenario.expected(cell.failOnDataLoss());
        scenario.create();
        if (batch > 0) {
            scenario.first();
            expect(query.run(new BatchHooks(0)), "before the event");
        }
        scenario.second();
        meet();
        Run last = met.get(met.size() - 1);
        if (tolerates(last)) {
            scenario.mend();
            last = run(new BatchHooks(batch));
        }
        if (expected instanceof Expected.Refusal refusal) {
            refused(refusal, last);
        } else {
            goneOn(last, ((Expected.GoesOn) expected).loss());
        }
        long lost = query.losses().stream()
                .filter(l -> l.rows() > 0)
                .mapToLong(LostRange::rows)
                .sum();
        return new CellResult(
                cell.text(),
                cell.event().text() + (cell.retention() ? " (retention.ms)" : ""),
                cell.failOnDataLoss() + "/" + (cell.readCommitted() ? "read_committed" : "read_uncommitted") + "/"
                        + cell.phase(),
                expected.words(),
                String.join(", ", seen),
                wrong,
                lost,
                (System.nanoTime() - began) / 1e9);
    }

    /** Lets the query meet the event, in the phase that is meant. */
    private void meet() throws InterruptedException {
        BatchHooks hooks = new BatchHooks(batch);
        switch (cell.phase()) {
            case P1 -> {
                if (random.nextBoolean()) {
                    crash(hooks.crashAtPlan());
                    scenario.strike();
                    hooks = new BatchHooks(batch);
                } else {
                    hooks.afterPlan(scenario::strike);
                }
            }
            case P2 -> hooks.midRead(scenario.midReadAt(), scenario::strike);
            case P3 -> {
                crash(hooks.crashAtCommit());
                scenario.strike();
                hooks = new BatchHooks(batch);
            }
            default -> scenario.strike();
        }
        boolean diesAfterwards = is(Phase.P1, Phase.P2)
                && scenario.tolerated().isEmpty()
                && scenario.expected(cell.failOnDataLoss()) instanceof Expected.GoesOn
                && random.nextInt(3) == 0;
        if (diesAfterwards) { // what the batch lost is what it lost, however often its end is played again
            crash(hooks.crashAtCommit());
            hooks = new BatchHooks(batch);
        }
        scenario.during(hooks);
        Run run = run(hooks);
        if (!hooks.allFired() && !tolerates(run)) {
            wrong.add("the event never happened: the query did not come that far (" + run.words() + ")");
        }
        if ((is(Phase.P3) || diesAfterwards) && hooks.readsBeforeCommit() > 0) {
            wrong.add("a prepared batch was read again from Kafka");
        }
    }

    private boolean tolerates(Run run) {
        ErrorCode code = run.code();
        return code != null && scenario.tolerated().contains(code);
    }

    private boolean is(Phase... phases) {
        return List.of(phases).contains(cell.phase());
    }

    private void crash(BatchHooks hooks) throws InterruptedException {
        Run run = run(hooks);
        if (!run.hooks().crashed()) {
            wrong.add("the run that was to crash ended with " + run.words() + ": " + run.error());
        }
    }

    private Run run(BatchHooks hooks) throws InterruptedException {
        Run run = query.run(hooks);
        met.add(run);
        seen.add(run.words());
        return run;
    }

    private void expect(Run run, String when) {
        if (run.error() != null) {
            wrong.add("a run " + when + " fails: " + run.error());
        }
    }

    private void refused(Expected.Refusal refusal, Run last) throws Exception {
        // What was added behind the end that a run has fixed is the next run's business.
        boolean tooLate = refusal.passed() && is(Phase.P1, Phase.P2) && last.error() == null;
        Run first = tooLate ? run(new BatchHooks(batch)) : last;
        for (Run run : List.of(first, run(new BatchHooks(batch)))) {
            if (run.code() != refusal.code()) {
                wrong.add("ends with " + run.words() + ", not with " + refusal.code() + ": " + run.error());
            }
        }
        long failing = batch + (refusal.passed() ? 1 : 0);
        if (query.isPlanned(failing) != refusal.planned()) {
            wrong.add("offsets/" + failing + (refusal.planned() ? " is not there" : " is written"));
        }
        if (query.isCommitted(failing) || (failing > 0 && !query.isCommitted(failing - 1))) {
            wrong.add("commits/ does not end at " + (failing - 1));
        }
        Set<String> rows = new java.util.HashSet<>(query.rows());
        boolean clean = failing == 0 ? rows.isEmpty() : !rows.isEmpty();
        if (!clean || !query.losses().isEmpty()) {
            wrong.add(rows.size() + " rows and " + query.losses() + " are left by a batch that was refused");
        }
        if (wrong.isEmpty() && LOSSES.contains(refusal.code()) && random.nextBoolean()) {
            query.option("failOnDataLoss", "false");
            query.option("allowRewind", "true");
            Expected then = scenario.expected(false);
            if (then instanceof Expected.GoesOn goesOn) {
                goneOn(run(new BatchHooks(batch)), goesOn.loss());
            }
        }
    }

    private void goneOn(Run last, Expected.Loss loss) throws Exception {
        expect(last, "that meets the event");
        expect(run(new BatchHooks(batch)), "after the event");
        scenario.judge(query, met).ifPresent(wrong::add);
        scenario.later();
        expect(run(new BatchHooks(batch)), "with what came later");
        expect(run(new BatchHooks(batch)), "with nothing to do");
        scenario.judgeEnd(query).ifPresent(wrong::add);
        wrong.addAll(
                Accounts.check(kafka.sent(), kafka::isVisible, kafka::isOptional, query.rows(), query.losses(), loss));
    }
}
