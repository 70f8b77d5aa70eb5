package io.tidemark.runtime.batch;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.streaming.StreamWrite;
import io.tidemark.runtime.conf.QueryConf;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where a query's checkpoint stands, found as Spark finds it: the option, else the setting and the query's name, else,
 * for sinks that may lose everything, a directory that is deleted at the end.
 */
record CheckpointPlace(String location, boolean temporary) {
    static final String OPTION = "checkpointLocation";
    static final String SETTING = "spark.sql.streaming.checkpointLocation";

    private static final Pattern DIRECTORY = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}");

    /** @throws AnalysisException {@code MISSING_CHECKPOINT_LOCATION} if there is no place */
    static CheckpointPlace of(StreamWrite write, QueryConf conf, boolean temporaryAllowed) {
        Optional<String> option =
                Optional.ofNullable(write.options().get(OPTION)).filter(s -> !s.isBlank());
        if (option.isPresent()) {
            return new CheckpointPlace(option.get(), false);
        }
        String parent = conf.all().get(SETTING);
        if (parent != null && !parent.isBlank()) {
            String name = write.name() == null ? UUID.randomUUID().toString() : directoryName(write.name());
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

    /** A name that becomes a directory must stay where the setting says. */
    private static String directoryName(String queryName) {
        if (!DIRECTORY.matcher(queryName).matches()) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    "The query name '" + LoggedFailure.oneLine(queryName) + "' cannot name a directory under " + SETTING
                            + ". Use 1 to 64 letters, digits, '.', '_' and '-', or set the option checkpointLocation.");
        }
        return queryName;
    }
}
