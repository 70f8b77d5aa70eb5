package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.TidemarkRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The life of one process of a query, from its start to its death. Used by one thread.
 *
 * <p>At random: one in six dies some time after its start, one in six after it claimed the checkpoint, the others after
 * their first commit; what disturbs them happens there, too. At an operation: by its own hand, or, where it does not come
 * to that operation in time, as at random.
 */
final class Execution {
    /** How long a start may take to its first commit, and a broker to be back. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration STEP = Duration.ofMillis(2);
    private static final int KILLED = 137;
    private static final int START_MILLIS = 900;
    private static final int BATCHES_MILLIS = 250;
    private static final int PAUSE_MILLIS = 600;

    private final Victim victim;
    private final DrilledBroker broker;
    private final Random random;
    private final long started = System.nanoTime();
    private OptionalLong recoveryMillis = OptionalLong.empty();
    private Disturbance suffered = Disturbance.NONE;
    private Optional<NamedOperation> diedAt = Optional.empty();
    private String problem = "";

    Execution(Victim victim, DrilledBroker broker, Random random) {
        this.victim = victim;
        this.broker = broker;
        this.random = random;
    }

    /** Returns the time to the first new commit, empty if the process died before. */
    OptionalLong recoveryMillis() {
        return recoveryMillis;
    }

    Disturbance suffered() {
        return suffered;
    }

    /** Returns the operation at which it died by its own hand. */
    Optional<NamedOperation> diedAt() {
        return diedAt;
    }

    /** Returns why it was not the drill that ended it, in one line; empty if it was. */
    String problem() {
        return problem;
    }

    void dieAt(NamedOperation operation) throws IOException, InterruptedException {
        String killPoint = operation.killPoint() + ":" + (1 + random.nextInt(operation.nthMax()));
        try (TidemarkRun run = victim.pipeline().start(Map.of(TidemarkCommand.KILL_AT, killPoint))) {
            Path commit = victim.nextCommit();
            long end = started + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                OptionalInt code = run.await(STEP);
                if (code.isPresent() && code.getAsInt() == KILLED) {
                    diedAt = Optional.of(operation);
                    return;
                } else if (code.isPresent()) {
                    endedByItself(run, code.getAsInt());
                    return;
                } else if (recoveryMillis.isEmpty() && Files.exists(commit)) {
                    recovered();
                    end = System.nanoTime() + operation.patience().toNanos();
                }
            }
            if (recoveryMillis.isEmpty()) {
                problem = "no commit for " + PATIENCE.toSeconds() + " s after its start with " + killPoint;
            }
            run.kill();
        }
    }

    void dieAtRandom(Disturbance disturbance) throws IOException, InterruptedException {
        int kind = disturbance == Disturbance.NONE ? random.nextInt(6) : 5;
        try (TidemarkRun run = victim.pipeline().start(Map.of())) {
            boolean lives = kind == 0
                    || (kind == 1 ? lives(run, victim.nextEpoch()) : lives(run, victim.nextCommit()) && recovered());
            if (lives && lives(run, random.nextInt(kind == 0 ? START_MILLIS : BATCHES_MILLIS))) {
                suffer(disturbance, run);
            }
            run.kill();
        }
    }

    private void suffer(Disturbance disturbance, TidemarkRun run) throws IOException, InterruptedException {
        suffered = disturbance;
        switch (disturbance) {
            case NONE -> {}
            case STOPPED -> {
                run.pause();
                lives(run, random.nextInt(PAUSE_MILLIS));
                run.resume();
                lives(run, random.nextInt(BATCHES_MILLIS));
            }
            case STOPPED_FOR_GOOD -> {
                run.pause();
                lives(run, random.nextInt(BATCHES_MILLIS));
            }
            case BROKER_PAUSED -> {
                broker.pause();
                try {
                    lives(run, random.nextInt(PAUSE_MILLIS));
                } finally {
                    broker.resume();
                }
                lives(run, random.nextInt(BATCHES_MILLIS));
            }
            case BROKER_KILLED -> {
                broker.kill();
                lives(run, random.nextInt(PAUSE_MILLIS));
                broker.awaitStarted();
                if (lives(run, 0) && lives(run, victim.commitFromNow())) {
                    lives(run, random.nextInt(BATCHES_MILLIS));
                }
            }
            case BROKER_KILLED_TOO -> broker.kill();
        }
    }

    private boolean recovered() {
        recoveryMillis = OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
        return true;
    }

    /** Waits for a file that the process makes; false if it ends before, or takes too long. */
    private boolean lives(TidemarkRun run, Path until) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(until)) {
            if (!lives(run, (int) STEP.toMillis())) {
                return false;
            } else if (System.nanoTime() > end) {
                problem = "no " + until.getParent().getFileName() + "/" + until.getFileName() + " for "
                        + PATIENCE.toSeconds() + " s";
                return false;
            }
        }
        return true;
    }

    /** Lets the process go on for a while; false if it ends. */
    private boolean lives(TidemarkRun run, int millis) throws InterruptedException {
        OptionalInt code = run.await(Duration.ofMillis(millis));
        if (code.isPresent()) {
            endedByItself(run, code.getAsInt());
        }
        return code.isEmpty();
    }

    private void endedByItself(TidemarkRun run, int code) {
        problem = "it ended by itself with exit code " + code + ": " + Victim.lastLine(run);
    }
}
