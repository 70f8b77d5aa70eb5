package io.tidemark.api.connector;

/** A part of a batch that one task reads. Sources give it a record of their own. */
public interface InputPartition {
    /** Returns a short name for messages, for instance {@code clicks-0 [5, 105)}. */
    String describe();
}
