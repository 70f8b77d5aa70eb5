package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.util.List;

/** A drill that has to find a mutant. */
interface Finder {
    /** Returns the name of the drill. */
    String drill();

    /** Returns how often it is worth to try. */
    int tries();

    /**
     * Runs the drill, as far as a violation or as far as some of them.
     *
     * @param attempt from 0 until {@link #tries}; a later one may look longer
     * @return the violations seen, those that say most first; none if it came to its end without one
     */
    List<Violation> find(long seed, int attempt) throws IOException, InterruptedException;

    /**
     * Runs what a violation names once more.
     *
     * @throws IllegalArgumentException if there is no such situation
     */
    DrillReport replay(Violation violation) throws IOException, InterruptedException;
}
