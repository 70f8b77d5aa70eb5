/**
 * What a user asked for, as data: relations and expressions as they were written, names not yet resolved. The runtime
 * resolves, types and optimises them. SQL text and the Java API build the same records.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.plan;
