package io.tidemark.checkpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.EpochRecord;
import io.tidemark.checkpoint.format.Json;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint directory holds, and what is wrong with it.
 *
 * @param root the directory
 * @param queryId null if {@code metadata} is missing or unreadable
 * @param epochs who owned it, ascending; empty if only Spark ever did
 * @param batches every batch of which anything stands there, ascending
 * @param problems everything found to be wrong; empty for a sound checkpoint
 * @param losses rows that sources had lost, by batch; in JSON one flat list called {@code loss}, with {@code until} and
 *     {@code rows} -1 where nobody can know them
 * @param setAside names in {@code _tidemark/stale}
 */
public record CheckpointReport(
        String root,
        @Nullable UUID queryId,
        List<EpochRecord> epochs,
        List<BatchReport> batches,
        List<Problem> problems,
        List<LossRecord> losses,
        List<String> setAside) {
    public CheckpointReport {
        epochs = List.copyOf(epochs);
        batches = List.copyOf(batches);
        problems = List.copyOf(problems);
        losses = List.copyOf(losses);
        setAside = List.copyOf(setAside);
    }

    /** Returns whether nothing is wrong. */
    public boolean isSound() {
        return problems.isEmpty();
    }

    /** Returns the report as one line of JSON. */
    public String toJson() {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("root", root);
            json.writeStringField("queryId", queryId == null ? null : queryId.toString());
            json.writeBooleanField("sound", isSound());
            json.writeArrayFieldStart("epochs");
            for (EpochRecord epoch : epochs) {
                json.writeStartObject();
                json.writeNumberField("epoch", epoch.epoch());
                json.writeStringField("host", epoch.host());
                json.writeNumberField("pid", epoch.pid());
                json.writeNumberField("startedAt", epoch.startedAtMillis());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("batches");
            for (BatchReport batch : batches) {
                batch.writeTo(json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("problems");
            for (Problem problem : problems) {
                json.writeStartObject();
                json.writeStringField("file", problem.file());
                json.writeStringField("problem", problem.problem());
                json.writeStringField("cure", problem.cure());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("loss");
            for (LossRecord loss : losses) {
                for (LostRange range : loss.losses()) {
                    json.writeStartObject();
                    json.writeNumberField("batch", loss.batchId());
                    json.writeStringField("topic", range.topic());
                    json.writeNumberField("partition", range.partition());
                    json.writeNumberField("from", range.from());
                    json.writeNumberField("until", range.until());
                    json.writeNumberField("rows", range.rows());
                    json.writeStringField("cause", range.cause());
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("setAside");
            for (String name : setAside) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** How far a batch has come. */
    public enum BatchState {
        /** It stands in both logs. */
        COMMITTED,
        /** Everything of it is durable; the sink's commit or the commit log's entry is missing. */
        PREPARED,
        /** It stands in the offset log alone. */
        PLANNED,
        /** There are files of it, and no plan. */
        WITHOUT_PLAN
    }

    /**
     * A batch; what cannot be read is null here and stands among the problems.
     *
     * @param prepared of the highest attempt
     */
    public record BatchReport(
            long batchId,
            BatchState state,
            @Nullable BatchPlan plan,
            @Nullable CommitMetadata commit,
            @Nullable SealedPlan sealed,
            @Nullable PreparedBatch prepared) {
        private void writeTo(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeNumberField("batchId", batchId);
            json.writeStringField("state", state.name().toLowerCase(Locale.ROOT));
            if (plan != null) {
                json.writeNumberField("batchTimestampMs", plan.metadata().batchTimestampMs());
                json.writeNumberField("batchWatermarkMs", plan.metadata().batchWatermarkMs());
                json.writeArrayFieldStart("offsets");
                for (Optional<Offset> offset : plan.offsets()) {
                    if (offset.isPresent()) {
                        json.writeRawValue(offset.get().json());
                    } else {
                        json.writeNull();
                    }
                }
                json.writeEndArray();
            }
            if (commit != null) {
                json.writeNumberField("nextBatchWatermarkMs", commit.nextBatchWatermarkMs());
            }
            json.writeBooleanField("sealed", sealed != null);
            if (prepared != null) {
                json.writeObjectFieldStart("prepared");
                json.writeNumberField("attempt", prepared.attempt());
                json.writeNumberField("epoch", prepared.epoch());
                json.writeNumberField("stateFiles", prepared.stateFiles().size());
                for (var count : prepared.rowCounts().entrySet()) {
                    json.writeNumberField(count.getKey(), count.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }
    }

    /**
     * Something that is wrong.
     *
     * @param file relative to the root
     * @param problem without a full stop
     * @param cure a sentence
     */
    public record Problem(String file, String problem, String cure) {}
}
