/**
 * Aggregate functions: how they are typed, what they keep for a group, and how many groups are fed at once from columns.
 * What they keep is laid out as Spark lays it out, for it ends in state that both engines read.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.aggregate;
