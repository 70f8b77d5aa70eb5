package io.tidemark.ops.bench;

import java.nio.file.Path;

/**
 * One run of one query by one system.
 *
 * @param batchRows how many rows a system that works in batches takes at a time
 * @param endless whether the query goes on after the rows that are there; it then takes what there is, as soon as it can
 * @param home a folder for all that the run leaves on disk; a second run in it goes on from the first
 */
record Job(
        Query query,
        Topic topic,
        String topicName,
        String bootstrapServers,
        long batchRows,
        boolean endless,
        Path home) {
    Path checkpoint() {
        return home.resolve("checkpoint");
    }

    Path table() {
        return home.resolve("table");
    }
}
