/**
 * The files that state consists of, byte by byte as Spark lays them out: changelogs, snapshots, schemas, operator metadata
 * and checksums. Nothing here knows a provider; both providers and the state reader stand on it.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.state.format;
