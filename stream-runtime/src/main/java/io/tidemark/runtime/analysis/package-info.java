/**
 * From what was written to what is meant: {@link io.tidemark.runtime.analysis.Analyzer} finds views, columns and
 * functions, types every expression and refuses what makes no sense, with its place in the text.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.analysis;
