package io.tidemark.runtime.analysis;

import io.tidemark.api.plan.LogicalPlan;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queries that {@code WITH} defined so far, the innermost first; each sees those defined before it. */
record CteScope(@Nullable CteScope outer, LogicalPlan.SubqueryAlias definition) {
    /** Finds a definition and what is visible to it. */
    static Optional<CteScope> find(@Nullable CteScope scope, String name) {
        for (CteScope s = scope; s != null; s = s.outer) {
            if (s.definition.name().equalsIgnoreCase(name)) {
                return Optional.of(s);
            }
        }
        return Optional.empty();
    }
}
