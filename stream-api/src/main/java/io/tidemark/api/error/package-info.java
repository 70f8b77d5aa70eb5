/** Failures a person can act on: numbered codes, who acts, and the place in the query text. */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.error;
