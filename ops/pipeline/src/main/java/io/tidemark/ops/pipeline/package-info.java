/**
 * The pipeline file: text to {@link io.tidemark.ops.pipeline.PipelineFile}, a form that any engine can be
 * told. Everything that can be wrong with a file is reported with its line and column.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.pipeline;
