package io.tidemark.ops.bench;

import java.nio.file.Path;

/**
 * Where one run of one peer takes place.
 *
 * @param topicName its topic, which holds {@code topic}'s rows; another one for each run where rows come in meanwhile
 * @param keptRows how many of its rows a query that filters keeps
 */
record Setting(
        Workload workload,
        BenchOptions options,
        Topic topic,
        String topicName,
        long keptRows,
        String bootstrapServers,
        Path home) {
    Job job(boolean endless) {
        long batch = Math.max(1, topic.rows() / workload.batches(options));
        return new Job(workload.query(), topic, topicName, bootstrapServers, batch, endless, home);
    }
}
