package io.tidemark.ops.bench.job;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What every job is told: {@code --name value} pairs, and {@code --endless}, which has no value. */
public final class JobOptions {
    private final Map<String, String> values = new HashMap<>();

    public JobOptions(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            boolean flag = arguments[i].equals("--endless");
            values.put(arguments[i], flag ? "true" : arguments[++i]);
        }
    }

    /** Returns {@code pass-through}, {@code windows} or {@code users}. */
    public String query() {
        return required("--query");
    }

    public String bootstrapServers() {
        return required("--bootstrap");
    }

    public String topic() {
        return required("--topic");
    }

    public int partitions() {
        return Integer.parseInt(required("--partitions"));
    }

    /** How many rows a job that works in batches takes at a time. */
    public long batchRows() {
        return Long.parseLong(required("--batch-rows"));
    }

    /** The folder for all that the job leaves on disk. */
    public Path home() {
        return Path.of(required("--home"));
    }

    /** Whether rows come in while the job runs, and each is to be committed as soon as can be. */
    public boolean isEndless() {
        return values.containsKey("--endless");
    }

    /** Returns an option of one job alone. */
    public String option(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    private String required(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("Missing option " + name + ". Give it with a value.");
        }
        return value;
    }
}
