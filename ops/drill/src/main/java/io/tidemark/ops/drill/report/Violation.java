package io.tidemark.ops.drill.report;

/**
 * A promise that did not hold.
 *
 * @param promise which one, as {@code I1} or in words
 * @param what was seen, in one line
 * @param replay the command that shows it again: arguments of {@code ops/tidemark drill}
 */
public record Violation(String promise, String what, String replay) {}
