/**
 * Tasks and the pool that runs them. A task is a recipe: it can be run again at any time and gives the same rows; a task
 * that fails is retried alone.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.task;
