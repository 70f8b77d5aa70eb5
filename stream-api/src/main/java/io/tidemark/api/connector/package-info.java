/**
 * What a connector implements. Providers are found through {@link java.util.ServiceLoader}; the runtime hands each its
 * options, its storage and its clock, and calls it as documented here. Nothing here knows a particular system.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.connector;
