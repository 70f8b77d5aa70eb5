package io.tidemark.runtime.analysis;

import io.tidemark.runtime.plan.BoundPlan;

/** A resolved relation and how its columns can be named. */
record Relation(BoundPlan plan, Scope scope) {
    /** Returns the same columns under the same names, computed by {@code other}. */
    Relation over(BoundPlan other) {
        return new Relation(other, scope);
    }
}
