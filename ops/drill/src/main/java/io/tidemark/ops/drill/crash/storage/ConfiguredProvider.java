package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.storage.StorageProviders;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The product's provider with settings that lead Hadoop to a simulated server. It never hangs, so calls have no deadline:
 * handing each to another thread and back took half the time of a case.
 */
final class ConfiguredProvider implements StorageProvider {
    private static final String NO_DEADLINE = "tidemark.storage.deadlineMs";

    private final StorageProviders providers = new StorageProviders();
    private final Map<String, String> settings;

    ConfiguredProvider(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public boolean serves(String scheme) {
        return providers.serves(scheme);
    }

    @Override
    public Storage open(String location, SortedMap<String, String> conf) {
        return providers.open(location, with(conf));
    }

    @Override
    public Storage openCheckpoint(String location, SortedMap<String, String> conf) {
        return providers.openCheckpoint(location, with(conf));
    }

    private SortedMap<String, String> with(SortedMap<String, String> conf) {
        SortedMap<String, String> all = new TreeMap<>(conf);
        all.put(NO_DEADLINE, "0");
        all.putAll(settings);
        return all;
    }
}
