/**
 * What users test their queries with, and we ours: a clock that stands still, storage that fails or dies where it is
 * told to, a sink that keeps its ledger in plain files, seeds that are printed when they fail.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.testkit;
