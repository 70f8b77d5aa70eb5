/** The {@code tidemark} command: its commands, exit codes, signals and logging. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.cli;
