package io.tidemark.ops.spark.job;

import io.tidemark.api.streaming.OutputMode;
import io.tidemark.ops.pipeline.PipelineFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a pipeline may ask of Tidemark that Spark has not got. */
final class Refusals {
    private Refusals() {}

    /** Returns everything in the file that Spark cannot run, in one line each; empty if it can. */
    static List<String> of(PipelineFile file) {
        List<String> found = new ArrayList<>();
        PipelineFile.Sink sink = file.sink();
        boolean keys = !sink.mergeKeys().isEmpty()
                || sink.options().keySet().stream().anyMatch(name -> name.equalsIgnoreCase("mergeKeys"));
        if (keys) {
            found.add(
                    sink.place() + ": mergeKeys: no sink of Spark replaces rows by key. Stay on Tidemark, or append and"
                            + " deduplicate when reading.");
        } else if (sink.format().toLowerCase(Locale.ROOT).equals("delta") && file.outputMode() == OutputMode.UPDATE) {
            found.add(sink.place() + ": outputMode: Spark's Delta sink has no update mode. Use append or complete.");
        }
        return List.copyOf(found);
    }
}
