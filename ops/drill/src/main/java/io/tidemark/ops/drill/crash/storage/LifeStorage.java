package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.StorageProvider;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the simulated storages have in common: a state that a journal of calls has changed. */
abstract class LifeStorage<S> implements SimulatedStorage {
    private final Life<S> life;
    private final Function<S, S> copy;

    LifeStorage(S first, Function<S, S> copy) {
        this.life = new Life<>(first, copy);
        this.copy = copy;
    }

    final Life<S> life() {
        return life;
    }

    /** Returns what of a state is left when the machine stops; the state may be changed for that. */
    abstract S surviving(S state, long seed);

    abstract String digest(S state);

    abstract LifeStorage<S> begin(S state);

    @Override
    public abstract StorageProvider provider();

    @Override
    public final List<Call> journal() {
        return life.journal();
    }

    @Override
    public final void arm(Fault fault) {
        life.arm(fault);
    }

    @Override
    public final boolean faultMet() {
        return life.faultMet();
    }

    @Override
    public final CrashImage crash(int index, Moment moment, long seed) {
        return new Image<>(
                surviving(at(index, moment), seed), this, moment == Moment.LATE ? life.late(index, seed) : null);
    }

    /** Returns the state when call {@code index} had come as far as {@code moment} says. */
    final S at(int index, Moment moment) {
        S state = copy.apply(life.first());
        life.replay(state, index, moment);
        return state;
    }

    @Override
    public final CrashImage stop(long seed) {
        synchronized (life) {
            S state = copy.apply(life.now());
            Life.Arrival<S> arrival = life.arrival();
            if (arrival != null) {
                arrival.effect().accept(state);
            }
            return new Image<>(surviving(state, seed), this, null);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // an image goes back to the model it comes from
    public final SimulatedStorage restart(CrashImage image) {
        if (!(image instanceof Image<?> left) || left.from().getClass() != getClass()) {
            throw new IllegalArgumentException("an image of another storage model");
        }
        LifeStorage<S> storage = begin((S) left.state());
        if (left.arrival() != null) {
            storage.life().expect((Life.Arrival<S>) left.arrival());
        }
        return storage;
    }

    /** @param arrival what is on its way yet, or null */
    private record Image<S>(S state, LifeStorage<S> from, Life.@Nullable Arrival<S> arrival) implements CrashImage {
        @Override
        public String digest() {
            if (arrival == null) {
                return from.digest(state);
            }
            S then = from.copy.apply(state);
            arrival.effect().accept(then);
            return from.digest(state) + ", before call " + arrival.before() + " " + from.digest(then);
        }

        @Override
        public boolean isUnderWay() {
            return arrival != null;
        }
    }
}
