package io.tidemark.api.streaming;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** The running queries of a session, and those who listen to them. Safe for use by many threads. */
public final class StreamingQueryManager {
    private final CopyOnWriteArrayList<StreamingQuery> queries = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<StreamingQueryListener> listeners = new CopyOnWriteArrayList<>();

    /** Returns the queries that run now, in the order of their starts. */
    public List<StreamingQuery> active() {
        return List.copyOf(queries);
    }

    public Optional<StreamingQuery> get(UUID id) {
        return queries.stream().filter(q -> q.id().equals(id)).findFirst();
    }

    public void addListener(StreamingQueryListener listener) {
        listeners.add(listener);
    }

    public void removeListener(StreamingQueryListener listener) {
        listeners.remove(listener);
    }

    public List<StreamingQueryListener> listListeners() {
        return List.copyOf(listeners);
    }

    /** Called by the engine: takes up a query that is about to run. */
    public synchronized void register(StreamingQuery query) {
        for (StreamingQuery other : queries) {
            if (query.name() != null && Objects.equals(query.name(), other.name())) {
                throw new TidemarkException(
                        ErrorCode.QUERY_NAME_IN_USE,
                        "A query named '" + query.name() + "' is running in this session (id " + other.id()
                                + "). Stop it first, or give this one another queryName.");
            }
        }
        queries.add(query);
    }

    /** Called by the engine: forgets a query that has ended. */
    public void deregister(StreamingQuery query) {
        queries.remove(query);
    }

    /** Stops all queries, one after the other. */
    public void stopAll() {
        queries.forEach(StreamingQuery::stop);
    }
}
