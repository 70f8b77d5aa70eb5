package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.RecoveryWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where processes died so far, and where the next one shall: half of them at random, half at an operation, first of all one
 * that is new or leads into a window that chance meets too seldom; all at an operation when those that are still due need
 * the deaths that are left. Used by one thread.
 */
final class Deaths {
    private static final double TRIES = 1.6; // an operation may lead into another window than it does as a rule

    private final KillSettings settings;
    private final Random random;
    private final List<NamedOperation> operations;
    private final SortedMap<String, Integer> hits = new TreeMap<>();
    private final Map<RecoveryWindow, Integer> byChance = new EnumMap<>(RecoveryWindow.class);
    private final Map<RecoveryWindow, Integer> byForce = new EnumMap<>(RecoveryWindow.class);
    private int beforeAnything;
    private int deaths;
    private int drawn;

    Deaths(KillSettings settings, Random random) {
        this.settings = settings;
        this.random = random;
        this.operations = new ArrayList<>(settings.operations());
        Collections.shuffle(operations, random);
    }

    /** Returns the operation at which the next process of {@code query} dies; empty: at random. */
    Optional<NamedOperation> next(DrilledQuery query) {
        boolean late = settings.kills() - deaths <= TRIES * due();
        if (operations.isEmpty() || (!late && random.nextBoolean())) {
            return Optional.empty();
        }
        List<NamedOperation> possible = operations.stream()
                .filter(operation -> operation.isDoneBy(query))
                .toList();
        List<NamedOperation> unseen = possible.stream()
                .filter(operation -> !hits.containsKey(operation.killPoint()))
                .toList();
        List<NamedOperation> behind = possible.stream()
                .filter(operation -> isBehind(operation.window()))
                .toList();
        if (!unseen.isEmpty() && (late || behind.isEmpty() || random.nextBoolean())) {
            return draw(unseen);
        }
        return behind.isEmpty() ? Optional.of(possible.get(drawn++ % possible.size())) : draw(behind);
    }

    private Optional<NamedOperation> draw(List<NamedOperation> from) {
        return Optional.of(from.get(random.nextInt(from.size())));
    }

    /** Whether a window has fewer deaths than it should have by now. */
    private boolean isBehind(RecoveryWindow window) {
        return DrilledQuery.WINDOWS.contains(window)
                && (long) seen(window) * settings.kills() < (long) settings.perWindow() * (deaths + 1);
    }

    /** Returns how many deaths are needed at least: an operation that is new may lead into a window that is due. */
    private int due() {
        List<String> neverHit = neverHit();
        int due = 0;
        for (RecoveryWindow window : RecoveryWindow.values()) {
            int missing = DrilledQuery.WINDOWS.contains(window) ? settings.perWindow() - seen(window) : 0;
            int unseen = (int) operations.stream()
                    .filter(operation -> operation.window() == window && neverHit.contains(operation.killPoint()))
                    .count();
            due += Math.max(missing, unseen);
        }
        return due;
    }

    /** Counts a death. A process that moved nothing on died in no window. */
    void count(RecoveryWindow window, boolean movedOn, Optional<NamedOperation> at) {
        deaths++;
        at.ifPresent(operation -> hits.merge(operation.killPoint(), 1, Integer::sum));
        if (movedOn) {
            (at.isPresent() ? byForce : byChance).merge(window, 1, Integer::sum);
        } else {
            beforeAnything++;
        }
    }

    int count() {
        return deaths;
    }

    int beforeAnything() {
        return beforeAnything;
    }

    int byChance(RecoveryWindow window) {
        return byChance.getOrDefault(window, 0);
    }

    int byForce(RecoveryWindow window) {
        return byForce.getOrDefault(window, 0);
    }

    int seen(RecoveryWindow window) {
        return byChance(window) + byForce(window);
    }

    /** Returns how often a process died at each operation. */
    SortedMap<String, Integer> hits() {
        return Collections.unmodifiableSortedMap(hits);
    }

    /** Returns the operations and windows that were due and did not come. */
    List<String> missed() {
        List<String> missed = new ArrayList<>(neverHit());
        for (RecoveryWindow window : DrilledQuery.WINDOWS) {
            if (seen(window) < settings.perWindow()) {
                missed.add(window + ": " + seen(window) + " deaths of " + settings.perWindow());
            }
        }
        return missed;
    }

    private List<String> neverHit() {
        return operations.stream()
                .map(NamedOperation::killPoint)
                .filter(operation -> !hits.containsKey(operation))
                .sorted()
                .toList();
    }
}
