/**
 * Drills: the command line as a child process that is killed at chosen and at random moments, the naming of the recovery
 * window from the files it leaves, and generated events whose fate can be counted. Needs the JDK, Jackson and Kafka's
 * client alone, so that the hand-over tests can use it next to another engine.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill;
