/** Settings: keys with a type, a default and a description, read once when a query starts. */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.conf;
