/** What a drill found, for people and for programs. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.report;
