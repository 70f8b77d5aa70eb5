package io.tidemark.runtime.batch;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.streaming.StreamWrite;
import io.tidemark.runtime.conf.QueryConf;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a query's checkpoint stands, found as Spark finds it: the option, else the setting and the query's name, else,
 * for sinks that may lose everything, a directory that is deleted at the end.
 */
record CheckpointPlace(String location, boolean temporary) {
    static final String OPTION = "checkpointLocation";
    static final String SETTING = "spark.sql.streaming.checkpointLocation";

    /** @throws AnalysisException {@code MISSING_CHECKPOINT_LOCATION} if there is no place */
    static CheckpointPlace of(StreamWrite write, QueryConf conf, boolean temporaryAllowed) {
        Optional<String> option =
                Optional.ofNullable(write.options().get(OPTION)).filter(s -> !s.isBlank());
        if (option.isPresent()) {
            return new CheckpointPlace(option.get(), false);
        }
        String parent = conf.all().get(SETTING);
        if (parent != null && !parent.isBlank()) {
            String name = write.name() == null ? UUID.randomUUID().toString() : write.name();
            return new CheckpointPlace(parent + "/" + name, false);
        }
        if (temporaryAllowed) {
            String base = System.getProperty("java.io.tmpdir");
            return new CheckpointPlace(base + "/temporary-" + UUID.randomUUID(), true);
        }
        throw new AnalysisException(
                ErrorCode.MISSING_CHECKPOINT_LOCATION,
                "The query has no checkpointLocation. Set the option checkpointLocation, or the setting " + SETTING
                        + ", to a directory of its own: it is what makes a restart exact.");
    }
}
