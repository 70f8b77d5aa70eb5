package io.tidemark.runtime.batch;

import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.streaming.StreamingQueryListener;
import io.tidemark.api.streaming.StreamingQueryManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the session's listeners, in order; one that throws is logged and does not stop the query. */
final class ListenerBus {
    private static final Logger LOG = LoggerFactory.getLogger(ListenerBus.class);

    private final StreamingQueryManager manager;

    ListenerBus(StreamingQueryManager manager) {
        this.manager = manager;
    }

    void post(StreamingQueryListener.Event event) {
        for (StreamingQueryListener listener : manager.listListeners()) {
            try {
                if (event instanceof StreamingQueryListener.QueryStartedEvent started) {
                    listener.onQueryStarted(started);
                } else if (event instanceof StreamingQueryListener.QueryProgressEvent progress) {
                    listener.onQueryProgress(progress);
                } else if (event instanceof StreamingQueryListener.QueryIdleEvent idle) {
                    listener.onQueryIdle(idle);
                } else if (event instanceof StreamingQueryListener.QueryTerminatedEvent terminated) {
                    listener.onQueryTerminated(terminated);
                }
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.warn(
                        "Listener {} failed on {}; the query goes on.",
                        listener.getClass().getName(),
                        event.getClass().getSimpleName(),
                        LoggedFailure.of(e));
            }
        }
    }
}
