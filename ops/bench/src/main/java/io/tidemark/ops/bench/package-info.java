/**
 * Measures Tidemark and its peers side by side: one broker, one topic, each system in a process of its own, in turn.
 * Knows the systems as commands and by what they leave on disk or print, not by their classes.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.bench;
