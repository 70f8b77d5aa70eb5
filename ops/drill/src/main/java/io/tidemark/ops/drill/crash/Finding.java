package io.tidemark.ops.drill.crash;

/**
 * A promise that did not hold in a case.
 *
 * @param promise as {@code spec} numbers it, {@code I1} to {@code I12}
 * @param what was seen, in one line
 */
record Finding(String promise, String what) {}
