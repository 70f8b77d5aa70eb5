/** Logging of the command line: a quiet console, and one file that is opened only when there is a run to log. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.cli.log;
