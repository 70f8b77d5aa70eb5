package io.tidemark.ops.drill.crash;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Remedy;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.ops.drill.crash.KafkaLog.SourceFault;
import io.tidemark.ops.drill.crash.Recording.RecordedLife;
import io.tidemark.ops.drill.crash.World.Lived;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.CrashImage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Fault;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import io.tidemark.state.reader.StateInspector;
import io.tidemark.state.reader.StateInventory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs cases: brings about what the disturbance leaves, starts the query on it, and checks what comes of it, at once and
 * after more batches. Images that are equal are run once. Safe for use by many threads.
 */
final class CaseRunner {
    private final World world;
    private final Map<String, Verdict> known = new ConcurrentHashMap<>();

    CaseRunner(World world) {
        this.world = world;
    }

    /**
     * What came of a case.
     *
     * @param findings empty if every promise held
     * @param met whether the disturbance took place
     * @param ran whether it had to be run; else an equal image had been
     * @param millis it took
     * @param stacks of all threads, if a run hung
     */
    record Verdict(List<Finding> findings, boolean met, boolean ran, long millis, @Nullable String stacks) {
        Verdict {
            findings = List.copyOf(findings);
        }

        private Verdict known() {
            return new Verdict(findings, met, false, 0, stacks);
        }
    }

    /** A recovery that has been run, for those that disturb it in turn. */
    record Recovery(Recording recording, RecordedLife life, SimulatedStorage storage, List<Call> calls) {}

    /** Returns how many different images and faults were run. */
    int distinct() {
        return known.size();
    }

    /** Runs one case. */
    Verdict run(Recording recording, Case drawn) throws IOException, InterruptedException {
        RecordedLife life = recording.lives().get(drawn.life());
        Point second = drawn.second();
        if (second != null) {
            return disturb(recover(recording, drawn), second);
        }
        if (drawn.first().fault().isPresent()) {
            return runFault(recording, life, drawn.first());
        }
        CrashImage image = image(life, drawn.first());
        return image == null ? notMet() : verdict(recording, life, image, Meanwhile.at(drawn.first()));
    }

    /** Runs the recovery from a crash, so that it can be disturbed. */
    Recovery recover(Recording recording, Case first) throws IOException, InterruptedException {
        RecordedLife life = recording.lives().get(first.life());
        CrashImage image = image(life, first.first());
        if (image == null) {
            throw new IllegalArgumentException("no such call in an undisturbed life: " + first.line());
        }
        SimulatedStorage storage = life.storage().restart(image);
        world.live(recording.shape(), storage, life.life().fed(), evolvedAfter(recording, life), null);
        return new Recovery(recording, life, storage, storage.journal());
    }

    /** Crashes a recovery and checks what the next one makes of it. */
    Verdict disturb(Recovery recovery, Point second) throws IOException, InterruptedException {
        Moment moment = second.moment().orElseThrow();
        int occurrence = 0;
        for (Call call : recovery.calls()) {
            if (call.site().equals(second.site()) && occurrence++ == second.occurrence()) {
                return verdict(
                        recovery.recording(),
                        recovery.life(),
                        recovery.storage().crash(call.index(), moment, second.seed()),
                        Meanwhile.at(second));
            }
        }
        return notMet();
    }

    private static Verdict notMet() {
        return new Verdict(List.of(), false, false, 0, null);
    }

    /** Returns what a crash leaves, or null if the life has no such call. */
    private static @Nullable CrashImage image(RecordedLife life, Point point) {
        Moment moment = point.moment().orElseThrow();
        if (!point.isOfSource()) {
            int index = life.indexOf(point.site(), point.occurrence());
            return index < 0 ? null : life.storage().crash(index, moment, point.seed());
        }
        int occurrence = 0;
        for (KafkaLog.SourceCall call : life.sourceCalls()) {
            if (call.name().equals(point.site()) && occurrence++ == point.occurrence()) {
                return call.position() < life.calls().size()
                        ? life.storage().crash(call.position(), Moment.BEFORE, point.seed())
                        : life.storage().stop(point.seed());
            }
        }
        return null;
    }

    private Verdict runFault(Recording recording, RecordedLife life, Point point)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        SimulatedStorage storage = life.storage().restart(life.start());
        Fault.Kind kind = point.fault().orElseThrow();
        @Nullable SourceFault sourceFault = null;
        if (point.isOfSource()) {
            sourceFault = new SourceFault(point.site(), point.occurrence(), kind == Fault.Kind.ERROR_FOR_EVER);
        } else {
            storage.arm(new Fault(point.site(), point.occurrence(), kind));
        }
        Lived disturbed = world.live(
                recording.shape(), storage, life.life().fed(), life.life().evolved(), sourceFault);
        List<Finding> findings = new ArrayList<>();
        if (disturbed.end().hang() != null) {
            findings.add(hung("the disturbed run"));
            return new Verdict(
                    findings, true, true, millisSince(started), disturbed.end().hang());
        }
        refuseUntyped(disturbed.end().failure(), findings);
        Verdict after = verdict(recording, life, storage.stop(point.seed()), Meanwhile.at(point));
        findings.addAll(after.findings());
        return new Verdict(
                findings, storage.faultMet() || disturbed.faultMet(), true, millisSince(started), after.stacks());
    }

    /** A fault of storage or source ends a run with a code that says so, and not with the blame on something else. */
    private static void refuseUntyped(@Nullable Throwable failure, List<Finding> findings) {
        if (failure == null) {
            return;
        }
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof TidemarkException typed
                    && !(at instanceof io.tidemark.api.streaming.StreamingQueryException)) {
                if (typed.code().remedy() != Remedy.RETRY_FROM_CHECKPOINT && typed.code() != ErrorCode.STORAGE_FULL) {
                    findings.add(new Finding(
                            "I7", "a failing call ended the run with " + typed.code() + ": " + oneLine(typed)));
                }
                return;
            }
        }
        findings.add(new Finding("I7", "a failing call ended the run with " + oneLine(failure)));
    }

    private Verdict verdict(Recording recording, RecordedLife life, CrashImage image, Meanwhile meanwhile)
            throws IOException, InterruptedException {
        String key = recording.shape() + " " + recording.model() + " " + life.life() + " " + meanwhile + " "
                + image.digest();
        Verdict before = known.get(key);
        if (before != null) {
            return before.known();
        }
        long started = System.nanoTime();
        Verdict found = recoverAndCheck(recording, life, image, meanwhile);
        Verdict timed = new Verdict(found.findings(), true, true, millisSince(started), found.stacks());
        known.put(key, timed);
        return timed;
    }

    private Verdict recoverAndCheck(Recording recording, RecordedLife life, CrashImage image, Meanwhile meanwhile)
            throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        int before = life.life().fed();
        int fed = before + meanwhile.steps();
        boolean evolved = evolvedAfter(recording, life);
        SimulatedStorage found = life.storage().restart(image);
        HalfDone halfDone = HalfDone.on(world, found);
        meanwhile.happenTo(found, halfDone, world);
        // No other query's calls where the next one is to be overtaken by a late call of the last run.
        boolean neighbour = !image.isUnderWay() && Neighbour.moveIn(found);
        Lived met = world.live(recording.shape(), found, fed, evolved, null);
        // What arrives in the middle of a run may end it, if a restart is all it takes.
        boolean again = image.isUnderWay() && isHealedByRestart(met);
        SimulatedStorage first = again ? found.restart(found.stop(0)) : found;
        Lived recovery = again ? world.live(recording.shape(), first, fed, evolved, null) : met;
        if (!isOver(recovery, "the recovery", findings)) {
            return new Verdict(findings, true, true, 0, recovery.end().hang());
        }
        Observation recovered = world.observe(first);
        List<String> expected = nearest(recording, life, fed, recovered);
        findings.addAll(Invariants.check(recovered, expected));
        if (fed == before) {
            findings.addAll(Invariants.compare(recovered, recording.recovered(fed)));
        }
        if (meanwhile.leavesPrepared() && !again) {
            findings.addAll(halfDone.findings(recovery));
        }
        loadable(recording, first, recovered, findings);
        if (!findings.isEmpty()) {
            return new Verdict(findings, true, true, 0, null);
        }
        SimulatedStorage second = first.restart(first.stop(0));
        Lived later = world.live(recording.shape(), second, fed + Shape.MORE, evolved, null);
        if (!isOver(later, "the start after the recovery", findings)) {
            return new Verdict(findings, true, true, 0, later.end().hang());
        }
        Observation grown = world.observe(second);
        findings.addAll(Invariants.check(grown, nearest(recording, life, fed + Shape.MORE, grown)));
        if (fed == before) {
            findings.addAll(Invariants.compare(grown, recording.later(fed)));
            findings.addAll(Invariants.kept(grown, recording.later(fed)));
        }
        findings.addAll(Invariants.remnants(grown));
        if (neighbour) {
            findings.addAll(Neighbour.gone(grown));
        }
        loadable(recording, second, grown, findings);
        return new Verdict(findings, true, true, 0, null);
    }

    private static boolean isOver(Lived lived, String which, List<Finding> findings) {
        if (lived.end().hang() != null) {
            findings.add(hung(which));
        } else if (lived.end().failure() != null) {
            findings.add(
                    new Finding("I8", which + " failed: " + oneLine(lived.end().failure())));
        }
        return findings.isEmpty();
    }

    /** A claim that arrives late cannot be told from that of a run that starts at the same moment: that is refused too. */
    private static boolean isHealedByRestart(Lived lived) {
        for (Throwable at = lived.end().failure(); at != null; at = at.getCause()) {
            if (at instanceof TidemarkException typed && !isWrapper(typed)) {
                return typed.code().remedy() == Remedy.RETRY_FROM_CHECKPOINT
                        || typed.code() == ErrorCode.CHECKPOINT_OWNED;
            }
        }
        return false;
    }

    private static Finding hung(String which) {
        return new Finding("I8", which + " took longer than " + QueryLife.hangMillis() + " ms");
    }

    /** After a crash, the evolved shape always goes on with the later query. */
    private static boolean evolvedAfter(Recording recording, RecordedLife life) {
        return life.life().evolved() || recording.shape() == Shape.EVOLVED;
    }

    /**
     * Returns the rows there must be. Where the query changed at the crash, the step in flight was read by the earlier
     * query if it was prepared by then, else by the later one; both are right.
     */
    private static List<String> nearest(Recording recording, RecordedLife life, int fed, Observation seen) {
        Shape shape = recording.shape();
        if (life.life().evolved()) {
            long before = shape.lives().stream().filter(l -> !l.evolved()).count();
            return shape.expected(fed, Math.toIntExact(before));
        }
        List<String> early = shape.expected(fed, life.life().fed());
        return seen.table().rows().equals(early)
                ? early
                : shape.expected(fed, Math.max(0, life.life().fed() - 1));
    }

    private static void loadable(
            Recording recording, SimulatedStorage storage, Observation seen, List<Finding> findings) {
        if (!recording.shape().hasState() || seen.newestCommit() < 0) {
            return;
        }
        Storage files = storage.provider().open(storage.checkpoint(), new TreeMap<>());
        StateInventory inventory = StateInspector.inspect(
                files, files.qualify(storage.checkpoint()), seen.newestCommit(), StateInventory.Depth.CONTENT);
        inventory.problems().stream()
                .limit(3)
                .forEach(p -> findings.add(new Finding("I9", p.file() + ": " + p.problem())));
        for (StateInventory.Operator operator : inventory.operators()) {
            for (StateInventory.Store store : operator.stores()) {
                if (store.oldest() < 0 || store.oldest() > Math.max(1, seen.newestCommit())) {
                    findings.add(new Finding(
                            "I9",
                            "of operator " + operator.id() + " only versions from " + store.oldest()
                                    + " on can be had, the newest is " + (seen.newestCommit() + 1)));
                }
            }
        }
    }

    private static String oneLine(@Nullable Throwable failure) {
        Throwable root = failure;
        while (root != null && root.getCause() != null && !(root instanceof TidemarkException t && !isWrapper(t))) {
            root = root.getCause();
        }
        String text = root == null ? "" : root.getClass().getSimpleName() + ": " + root.getMessage();
        return text.replace('\n', ' ');
    }

    private static boolean isWrapper(TidemarkException failure) {
        return failure instanceof io.tidemark.api.streaming.StreamingQueryException;
    }

    private static long millisSince(long started) {
        return (System.nanoTime() - started) / 1_000_000;
    }
}
