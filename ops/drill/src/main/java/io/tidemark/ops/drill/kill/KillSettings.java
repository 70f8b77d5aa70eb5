package io.tidemark.ops.drill.kill;

import java.nio.file.Path;
import java.util.List;

/**
 * What a kill drill shall do.
 *
 * @param seed what the input, the order of the deaths and their moments come from
 * @param kills how many processes die
 * @param queries which queries they run, in turns
 * @param directory gets everything the drill writes; need not exist
 */
public record KillSettings(long seed, int kills, List<DrilledQuery> queries, Path directory) {
    /** Deaths in a row of one query, then it catches up and is checked. */
    private static final int LEG = 50;

    /** From how many kills on all operations have their turn, and how many have it in a shorter run. */
    private static final int LONG = 200;

    private static final int CORE = 12;

    public KillSettings {
        queries = List.copyOf(queries);
        if (kills < 1 || queries.isEmpty()) {
            throw new IllegalArgumentException("nothing to kill: " + kills + " times one of " + queries);
        }
    }

    /** Returns how many deaths of one query come in a row. */
    int leg() {
        return Math.min(LEG, (kills + queries.size() - 1) / queries.size());
    }

    /** Returns how many deaths there shall be in each of the windows W2 to W7, at least. */
    int perWindow() {
        return kills < 2 * DrilledQuery.WINDOWS.size() ? 0 : Math.max(1, kills / 20);
    }

    /** Returns the operations to die at: all in a long run, in a short one those without which a window would be missed. */
    List<NamedOperation> operations() {
        List<NamedOperation> all = NamedOperation.ALL.stream()
                .filter(operation -> queries.stream().anyMatch(operation::isDoneBy))
                .toList();
        return all.subList(0, Math.min(all.size(), kills >= LONG ? all.size() : Math.min(CORE, kills / 4)));
    }

    /** Returns the arguments of {@code ops/tidemark drill} that do the same again. */
    String replay() {
        String query = queries.size() == 1 ? " --query " + queries.get(0).option() : "";
        return "kill --seed " + seed + " --kills " + kills + query;
    }
}
