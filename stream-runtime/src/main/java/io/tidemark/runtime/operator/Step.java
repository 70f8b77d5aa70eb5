package io.tidemark.runtime.operator;

/** One step of a pipeline. Immutable; what it counts goes to the task's {@link TaskStatistics}. */
public sealed interface Step permits NarrowStep, GatheringStep {
    /** Returns the step as explain shows it. */
    String describe();
}
