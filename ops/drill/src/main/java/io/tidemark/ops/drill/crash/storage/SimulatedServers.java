package io.tidemark.ops.drill.crash.storage;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;

/**
 * Where Hadoop's file systems find the server they are to talk to. Hadoop makes them itself, from a class name in the
 * configuration, so a number in the configuration leads to the server; addresses stay the same for every life, because
 * they are written into files.
 */
final class SimulatedServers {
    /** The configuration key that holds the number. */
    static final String KEY = "tidemark.drill.server";

    private static final Map<String, WeakReference<Life<?>>> SERVERS = new ConcurrentHashMap<>();
    private static final AtomicLong NEXT = new AtomicLong();

    private SimulatedServers() {}

    /** Makes a server known for as long as somebody holds it; returns its number. */
    static String add(Life<?> server) {
        SERVERS.values().removeIf(reference -> reference.get() == null);
        String number = String.valueOf(NEXT.incrementAndGet());
        SERVERS.put(number, new WeakReference<>(server));
        return number;
    }

    @SuppressWarnings("unchecked") // each file system is configured with a server of its kind
    static <S> Life<S> of(Configuration conf) {
        WeakReference<Life<?>> server = SERVERS.get(conf.get(KEY, ""));
        Life<?> life = server == null ? null : server.get();
        if (life == null) {
            throw new IllegalStateException("no simulated server " + conf.get(KEY));
        }
        return (Life<S>) life;
    }
}
