package io.tidemark.api.streaming;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.secret.SettingNames;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A query to start, whole.
 *
 * @param name the query's name, or null
 * @param format the sink's name in lower case
 * @param options the sink's options as written; {@code path} and {@code checkpointLocation} stand here too
 */
public record StreamWrite(
        LogicalPlan plan,
        @Nullable String name,
        String format,
        SortedMap<String, String> options,
        List<String> partitionBy,
        OutputMode outputMode,
        Trigger trigger) {
    public StreamWrite {
        requireNonNull(plan, "plan");
        requireNonNull(format, "format");
        TreeMap<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(options);
        options = Collections.unmodifiableSortedMap(copy);
        partitionBy = List.copyOf(partitionBy);
        requireNonNull(outputMode, "outputMode");
        requireNonNull(trigger, "trigger");
    }

    @Override
    public String toString() {
        return "StreamWrite[" + name + ", " + format + ", " + SettingNames.STANDARD.print(options) + "]";
    }
}
