package io.tidemark.api.streaming;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hears of the life of all queries of a session. Started is called before {@code start()} returns, the others on one
 * thread, in order; a listener that throws is logged and goes on being called.
 */
public abstract class StreamingQueryListener {
    public abstract void onQueryStarted(QueryStartedEvent event);

    public abstract void onQueryProgress(QueryProgressEvent event);

    /** A trigger found nothing to do. */
    public void onQueryIdle(QueryIdleEvent event) {}

    public abstract void onQueryTerminated(QueryTerminatedEvent event);

    /** What a listener hears. */
    public sealed interface Event {
        /** Returns Spark's compact JSON. */
        String json();
    }

    public record QueryStartedEvent(UUID id, UUID runId, @Nullable String name, String timestamp) implements Event {
        @Override
        public String json() {
            return new JsonText()
                    .string("id", id.toString())
                    .string("runId", runId.toString())
                    .string("name", name)
                    .string("timestamp", timestamp)
                    .raw("jobTags", "[]")
                    .end();
        }
    }

    public record QueryProgressEvent(StreamingQueryProgress progress) implements Event {
        @Override
        public String json() {
            return new JsonText().raw("progress", progress.json()).end();
        }
    }

    public record QueryIdleEvent(UUID id, UUID runId, String timestamp) implements Event {
        @Override
        public String json() {
            return new JsonText()
                    .string("id", id.toString())
                    .string("runId", runId.toString())
                    .string("timestamp", timestamp)
                    .end();
        }
    }

    /** @param exception the failure as text, or null after a stop */
    public record QueryTerminatedEvent(
            UUID id, UUID runId, @Nullable String exception, @Nullable String errorClassOnException) implements Event {
        @Override
        public String json() {
            return new JsonText()
                    .string("id", id.toString())
                    .string("runId", runId.toString())
                    .string("exception", exception)
                    .string("errorClassOnException", errorClassOnException)
                    .end();
        }
    }
}
