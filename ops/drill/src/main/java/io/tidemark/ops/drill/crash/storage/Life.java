package io.tidemark.ops.drill.crash.storage;

import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Fault;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one life of a process: gives them an order, keeps them, and makes one fail.
 *
 * <p>Whoever looks at the state and then changes it holds the monitor of this object in between.
 *
 * @param <S> what the calls change
 */
final class Life<S> {
    private final S first;
    private final S now;
    private final List<Call> calls = new ArrayList<>();
    private final List<Change<S>> changes = new ArrayList<>();
    private @Nullable Arrival<S> arrival;
    private @Nullable Fault fault;
    private int occurrence; // of the fault's site
    private boolean met;

    /**
     * Begins a life.
     *
     * @param first what it finds; stays as it is
     * @param copy copies a state
     */
    Life(S first, Function<S, S> copy) {
        this.first = first;
        this.now = copy.apply(first);
    }

    /** Returns what the life has found. */
    S first() {
        return first;
    }

    /** Returns the state by now, to look at and not to change. */
    synchronized S now() {
        return now;
    }

    synchronized List<Call> journal() {
        return List.copyOf(calls);
    }

    synchronized Call call(int index) {
        return calls.get(index);
    }

    synchronized int calls() {
        return calls.size();
    }

    synchronized void arm(Fault armed) {
        if (fault != null || !calls.isEmpty()) {
            throw new IllegalStateException("one fault a life, armed before the life begins");
        }
        fault = armed;
    }

    /** Lets a call of an earlier life take place in this one. */
    synchronized void expect(Arrival<S> call) {
        arrival = call;
    }

    /** Called before a change is looked at: what is on its way from an earlier life may arrive first. */
    synchronized void arrive() {
        Arrival<S> due = arrival;
        if (due != null && calls.size() >= due.before()) {
            arrival = null;
            calls.add(new Call(
                    calls.size(), "late-" + due.call().name(), due.call().path(), -1));
            changes.add(Change.of(due.effect()));
            due.effect().accept(now);
        }
    }

    /** Returns what is still on its way, or null. */
    synchronized @Nullable Arrival<S> arrival() {
        return arrival;
    }

    /** Returns a call of this life as one that arrives in the next. */
    synchronized Arrival<S> late(int index, long seed) {
        Consumer<S> effect = changes.get(index).late();
        if (effect == null) {
            throw new IllegalArgumentException(calls.get(index).site() + " is never late");
        }
        return new Arrival<>(calls.get(index), effect, Math.floorMod(seed / Arrival.SPREAD, Arrival.CALLS));
    }

    /**
     * A call of a life that has stopped, on its way.
     *
     * @param before which call of the life in which it arrives, from 0; after its end if that has fewer
     */
    record Arrival<S>(Call call, Consumer<S> effect, int before) {
        /** A recovery makes fewer changing calls up to its first commit, and some more. */
        static final int CALLS = 40;
        /** Seeds that differ by less mean the same call: what else a seed decides must not go with it. */
        static final int SPREAD = 8;
    }

    synchronized boolean faultMet() {
        return met;
    }

    /**
     * Makes a call, unless it is to fail.
     *
     * @param bytes that it carries, or -1
     * @param failure what its caller sees when it fails
     */
    synchronized void make(
            String name, String path, long bytes, Change<S> change, Function<Failing, IOException> failure)
            throws IOException {
        Failing failing = failing(new Call(calls.size(), name, path, bytes), change);
        if (failing != null && !failing.kind().equals(Fault.Kind.APPLIED_BUT_FAILED)) {
            throw failure.apply(failing);
        }
        calls.add(new Call(calls.size(), name, path, bytes));
        changes.add(change);
        change.effect().accept(now);
        if (failing != null) {
            throw failure.apply(failing);
        }
    }

    private @Nullable Failing failing(Call call, Change<S> change) {
        if (fault == null) {
            return null;
        }
        Fault.Kind kind = fault.kind();
        if (!met) {
            if (!call.site().equals(fault.site()) || occurrence++ < fault.occurrence()) {
                return null;
            }
            met = true;
            return kind == Fault.Kind.DISK_FULL && !change.needsSpace()
                    ? null
                    : new Failing(kind, call.path(), fault.occurrence());
        }
        boolean lasts = kind == Fault.Kind.ERROR_FOR_EVER || (kind == Fault.Kind.DISK_FULL && change.needsSpace());
        return lasts ? new Failing(kind, call.path(), fault.occurrence()) : null;
    }

    /**
     * Brings {@code state}, a copy of {@link #first}, to where a call had come.
     *
     * @param torn how many bytes of the call itself took effect, or -1 for none of it
     */
    synchronized void replay(S state, int index, Moment moment) {
        for (int i = 0; i < index; i++) {
            changes.get(i).effect().accept(state);
        }
        if (moment == Moment.AFTER) {
            changes.get(index).effect().accept(state);
        } else if (moment != Moment.BEFORE && moment != Moment.LATE) {
            changes.get(index).part(tornBytes(calls.get(index), moment)).accept(state);
        }
    }

    static int tornBytes(Call call, Moment moment) {
        return switch (moment) {
            case TORN_ONE_BYTE -> 1;
            case TORN_HALF -> (int) (call.bytes() / 2);
            case TORN_LAST -> (int) (call.bytes() - 1);
            case BEFORE, LATE, TORN_EMPTY -> 0;
            case AFTER -> (int) call.bytes();
        };
    }

    /** Returns the moments at which different numbers of bytes of {@code call} are there. */
    static List<Moment> tornMoments(Call call) {
        List<Moment> moments = new ArrayList<>();
        moments.add(Moment.BEFORE);
        long last = 0;
        for (Moment torn : List.of(Moment.TORN_ONE_BYTE, Moment.TORN_HALF, Moment.TORN_LAST)) {
            long bytes = call.bytes() < 0 ? 0 : tornBytes(call, torn);
            if (bytes > last && bytes < call.bytes()) {
                moments.add(torn);
                last = bytes;
            }
        }
        moments.add(Moment.AFTER);
        return List.copyOf(moments);
    }

    /**
     * What a call does.
     *
     * @param effect of the whole call
     * @param torn its effect as far as some bytes of it, where it can stop between
     * @param needsSpace whether a full disk refuses it
     * @param late its effect when it takes place after its life, or null if it cannot
     */
    record Change<S>(Consumer<S> effect, @Nullable Torn<S> torn, boolean needsSpace, @Nullable Consumer<S> late) {
        Change(Consumer<S> effect, @Nullable Torn<S> torn, boolean needsSpace) {
            this(effect, torn, needsSpace, null);
        }

        Change<S> orLate(Consumer<S> then) {
            return new Change<>(effect, torn, needsSpace, then);
        }

        static <S> Change<S> of(Consumer<S> effect) {
            return new Change<>(effect, null, false);
        }

        static <S> Change<S> taking(Consumer<S> effect) {
            return new Change<>(effect, null, true);
        }

        Consumer<S> part(int bytes) {
            if (torn == null) {
                throw new IllegalArgumentException("this call takes place whole or not at all");
            }
            return torn.upTo(bytes);
        }

        /** The part of a call. */
        interface Torn<S> {
            Consumer<S> upTo(int bytes);
        }
    }

    /** A call that is to fail, and which one of its site. */
    record Failing(Fault.Kind kind, String path, int occurrence) {}
}
