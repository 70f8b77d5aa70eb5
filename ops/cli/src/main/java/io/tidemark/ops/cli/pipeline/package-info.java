/**
 * The pipeline file: text to {@link io.tidemark.ops.cli.pipeline.PipelineFile}, and from there, through the public API
 * alone, to a running query. Everything that can be wrong with a file is reported with its line and column.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.cli.pipeline;
