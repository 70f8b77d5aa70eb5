package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.KafkaLog.SourceCall;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.CrashImage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import io.tidemark.ops.drill.crash.storage.StorageModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A query's lives on a storage with nothing going wrong: what every disturbed life begins with and must come to. */
final class Recording {
    private static final Pattern REMOVES = Pattern.compile("(unlink|rmdir|delete) ");

    private final Shape shape;
    private final StorageModel model;
    private final List<RecordedLife> lives = new ArrayList<>();
    private final Map<Integer, Observation> recovered = new HashMap<>();
    private final Map<Integer, Observation> later = new HashMap<>();

    private Recording(Shape shape, StorageModel model) {
        this.shape = shape;
        this.model = model;
    }

    /**
     * One life.
     *
     * @param start what it found
     * @param sites of its calls, by their index
     */
    record RecordedLife(
            Shape.Life life,
            CrashImage start,
            SimulatedStorage storage,
            List<Call> calls,
            List<String> sites,
            List<SourceCall> sourceCalls) {
        /** Returns the index of the {@code occurrence}th call of a site, or -1. */
        int indexOf(String site, int occurrence) {
            int seen = 0;
            for (int i = 0; i < sites.size(); i++) {
                if (sites.get(i).equals(site) && seen++ == occurrence) {
                    return i;
                }
            }
            return -1;
        }
    }

    /**
     * Records the lives of a query.
     *
     * @throws BrokenRecordingException if even an undisturbed life fails
     */
    static Recording of(Shape shape, StorageModel model, World world) throws IOException, InterruptedException {
        Recording recording = new Recording(shape, model);
        SimulatedStorage empty = model.create();
        CrashImage image = empty.stop(0);
        for (Shape.Life life : shape.lives()) {
            if (life.pending()) {
                image = recording.afterFirstCommit(recording.lives.get(recording.lives.size() - 1), world);
            }
            SimulatedStorage storage = empty.restart(image);
            World.Lived lived = world.live(shape, storage, life.fed(), life.evolved(), null);
            recording.refuseFailure(lived, recording.endOfNewest());
            List<Call> calls = storage.journal();
            recording.lives.add(new RecordedLife(
                    life, image, storage, calls, calls.stream().map(Call::site).toList(), lived.calls()));
            image = storage.stop(0);
            SimulatedStorage ended = empty.restart(image);
            recording.recovered.put(life.fed(), world.observe(ended));
            int fed = life.fed() + Shape.MORE;
            World.Lived more = world.live(shape, ended, fed, life.evolved() || shape == Shape.EVOLVED, null);
            recording.refuseFailure(more, recording.endOfNewest());
            recording.later.put(life.fed(), world.observe(more.storage()));
        }
        return recording;
    }

    private void refuseFailure(World.Lived lived, @Nullable Case before) {
        if (lived.end().failure() != null || lived.end().hang() != null) {
            throw new BrokenRecordingException(
                    "an undisturbed life of " + shape.text() + " on " + model.text()
                            + (lived.end().hang() != null
                                    ? " hung"
                                    : " failed: " + lived.end().failure()),
                    before,
                    lived.end().failure());
        }
    }

    /** Returns the end of the newest life as a crash after the last call that left something, or null. */
    private @Nullable Case endOfNewest() {
        if (lives.isEmpty()) {
            return null;
        }
        List<String> sites = lives.get(lives.size() - 1).sites();
        for (int i = sites.size() - 1; i >= 0; i--) {
            String site = sites.get(i);
            if (!REMOVES.matcher(site).lookingAt()) {
                int occurrence = Collections.frequency(sites.subList(0, i), site);
                Point end = new Point(site, occurrence, Point.text(Moment.AFTER), 0);
                return new Case(shape, model, lives.size() - 1, end, null);
            }
        }
        return null;
    }

    /** Even with nothing going wrong, a query does not go on where it was stopped. */
    static final class BrokenRecordingException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient @Nullable Case before;

        BrokenRecordingException(String message, @Nullable Case before, @Nullable Throwable cause) {
            super(message, cause);
            this.before = before;
        }

        /** Returns the end of the life before, at which it must be possible to go on; null if there is none. */
        @Nullable
        Case before() {
            return before;
        }
    }

    /** Finds the first image in which the first commit of a life stands. */
    private CrashImage afterFirstCommit(RecordedLife life, World world) throws IOException {
        long before = world.observe(life.storage().restart(life.start())).newestCommit();
        for (int i = 0; i < life.calls().size(); i++) {
            if (life.sites().get(i).contains("checkpoint/commits")) {
                CrashImage image = life.storage().crash(i, Moment.AFTER, 0);
                if (world.observe(life.storage().restart(image)).newestCommit() > before) {
                    return image;
                }
            }
        }
        throw new BrokenRecordingException(
                "no batch of " + shape.text() + " was committed on " + model.text(), endOfNewest(), null);
    }

    Shape shape() {
        return shape;
    }

    StorageModel model() {
        return model;
    }

    List<RecordedLife> lives() {
        return lives;
    }

    /** Returns what stands where the first {@code fed} steps are through. */
    Observation recovered(int fed) {
        return known(recovered, fed);
    }

    /** Returns what stands where {@link Shape#MORE} steps came after that, all in one life. */
    Observation later(int fed) {
        return known(later, fed);
    }

    private static Observation known(Map<Integer, Observation> known, int fed) {
        Observation found = known.get(fed);
        if (found == null) {
            throw new IllegalStateException("no life was fed " + fed + " steps; known are " + known.keySet());
        }
        return found;
    }
}
