/** Regular expressions that users write, and what keeps one of them from taking a thread for ever. */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.regex;
