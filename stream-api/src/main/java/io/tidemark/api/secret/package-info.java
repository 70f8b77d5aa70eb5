/** Passwords and keys: which settings hold them, and how they are kept out of everything that is shown. */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.secret;
