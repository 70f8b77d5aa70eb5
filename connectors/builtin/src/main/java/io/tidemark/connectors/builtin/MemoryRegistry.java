package io.tidemark.connectors.builtin;

import io.tidemark.api.types.StructType;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where the streams and tables of this process are found again by name. Providers are made by {@link
 * java.util.ServiceLoader} and options are text, so the user's object and the query's have no other place to meet. It
 * holds named instances and nothing else.
 */
final class MemoryRegistry {
    static final MemoryRegistry OF_THIS_JVM = new MemoryRegistry();

    private final Map<String, MemoryStream> streams = new ConcurrentHashMap<>();
    private final Map<String, MemoryTable> tables = new ConcurrentHashMap<>();
    private final AtomicLong nextStream = new AtomicLong();

    String newStreamId() {
        return "stream-" + nextStream.getAndIncrement();
    }

    void register(MemoryStream stream) {
        streams.put(stream.id(), stream);
    }

    void remove(MemoryStream stream) {
        streams.remove(stream.id(), stream);
    }

    Optional<MemoryStream> stream(String id) {
        return Optional.ofNullable(streams.get(id));
    }

    /** Returns the table of this query, or a new one in the place of an older query's. */
    MemoryTable table(String name, UUID queryId, StructType schema) {
        return tables.compute(
                name,
                (key, held) ->
                        held != null && held.belongsTo(queryId, schema) ? held : new MemoryTable(key, queryId, schema));
    }

    Optional<MemoryTable> table(String name) {
        return Optional.ofNullable(tables.get(name));
    }

    void dropTable(String name) {
        tables.remove(name);
    }
}
