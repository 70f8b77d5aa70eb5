/**
 * A drill that kills a running query again and again, by {@code kill -9} at random moments and at named operations of
 * its file layer, stops it, and kills and stops its broker; and counts what is in the table against the seed.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.kill;
