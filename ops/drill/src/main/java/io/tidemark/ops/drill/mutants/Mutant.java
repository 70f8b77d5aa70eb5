package io.tidemark.ops.drill.mutants;

import java.util.List;

/**
 * A mistake in the protocol.
 *
 * @param name as command lines and reports spell it
 * @param story what is done wrong, in one line
 * @param finder the drill that has to find it
 */
record Mutant(String name, String story, Finder finder, List<Change> changes) {
    Mutant {
        changes = List.copyOf(changes);
    }
}
