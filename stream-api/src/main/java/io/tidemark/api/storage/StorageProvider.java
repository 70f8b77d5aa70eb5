package io.tidemark.api.storage;

import java.util.SortedMap;

/** Finds the file layer for a location by its scheme; implementations come through {@link java.util.ServiceLoader}. */
public interface StorageProvider {
    /** Returns whether this provider serves {@code scheme}: {@code file}, {@code hdfs}, {@code s3a} … */
    boolean serves(String scheme);

    /**
     * Opens the storage that holds {@code location}.
     *
     * @param location a path or URI as the user wrote it
     * @param conf {@code spark.hadoop.*} settings without that prefix
     */
    Storage open(String location, SortedMap<String, String> conf);

    /**
     * Opens the storage of a checkpoint at {@code location}: as {@link #open}, with temporary files kept out of the
     * folders that Spark reads, where the storage makes any.
     */
    default Storage openCheckpoint(String location, SortedMap<String, String> conf) {
        return open(location, conf);
    }
}
