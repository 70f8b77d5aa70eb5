/**
 * SQL text to plans: Spark's grammar gives the tree, {@link io.tidemark.runtime.sql.SqlParser} turns it into the records
 * of {@code api.plan}. Nothing is resolved here; what the engine does not run is refused with its name and position.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.sql;
