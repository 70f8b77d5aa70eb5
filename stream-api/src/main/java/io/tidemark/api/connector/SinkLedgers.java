package io.tidemark.api.connector;

import io.tidemark.api.TimeSource;
import io.tidemark.api.storage.StorageProvider;
import java.util.SortedMap;
import java.util.UUID;

/**
 * What a {@link SinkProvider} is besides if its tables can be asked, and set back, without the query that fills them: for
 * tools that look after the checkpoint of a query that is stopped.
 */
public interface SinkLedgers {
    /**
     * Opens what the table at {@code location} knows of a query. Writes nothing; there need not be a table.
     *
     * @param location as {@link Sink#location} says, or as a user names it
     * @param conf the session's settings; may be empty
     */
    SinkLedger openLedger(
            String location, UUID queryId, StorageProvider storages, TimeSource time, SortedMap<String, String> conf);
}
