/** Spark's data types: names, SQL and JSON forms. Depends on nothing. */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.types;
