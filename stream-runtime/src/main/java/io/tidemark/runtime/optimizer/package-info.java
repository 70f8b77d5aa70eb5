/**
 * Rewrites a typed plan into one that gives the same rows with less work: {@link io.tidemark.runtime.optimizer.Optimizer}
 * runs the rules, one class each. No rule may make an error appear that the plan as written would not have met.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.optimizer;
