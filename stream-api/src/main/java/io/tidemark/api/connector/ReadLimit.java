package io.tidemark.api.connector;

/** How much a batch may read at most. */
public enum ReadLimit {
    /** As the source's own options say. */
    SOURCE_DEFAULT,
    /** Everything there is, whatever the options say (trigger once). */
    ALL_AVAILABLE
}
