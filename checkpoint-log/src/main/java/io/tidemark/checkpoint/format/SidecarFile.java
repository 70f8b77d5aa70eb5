package io.tidemark.checkpoint.format;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.storage.InnerPath;
import io.tidemark.checkpoint.format.PlanRecord.OperatorRecord;
import io.tidemark.checkpoint.format.PlanRecord.SourceRecord;
import io.tidemark.checkpoint.format.PreparedBatch.StagedFile;
import io.tidemark.checkpoint.format.RepairPlan.PutBack;
import io.tidemark.checkpoint.format.RepairPlan.SetAside;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.checkpoint.format.RepairPlan.Tool;
import io.tidemark.checkpoint.format.RepairPlan.Write;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of the files in {@code _tidemark/}: one line of JSON each, ending in its own CRC-32C. Readers throw {@link
 * ControlFileException} for any damage.
 */
public final class SidecarFile {
    private static final String EPOCH = "epoch";
    private static final String SEALED = "sealed";
    private static final String PREPARED = "prepared";
    private static final String LOSS = "loss";
    private static final String REPAIR = "repair";
    private static final String LOSSES = "losses";

    private SidecarFile() {}

    /** Returns SHA-256 of a file's bytes, as 64 hexadecimal digits. */
    public static String hash(byte[] content) {
        return SidecarEnvelope.hash(content);
    }

    public static byte[] encode(EpochRecord epoch) {
        return SidecarEnvelope.seal(EPOCH, json -> {
            json.writeNumberField("epoch", epoch.epoch());
            json.writeStringField("host", epoch.host());
            json.writeNumberField("pid", epoch.pid());
            json.writeNumberField("startedAt", epoch.startedAtMillis());
            json.writeStringField("attemptUuid", epoch.attemptUuid());
        });
    }

    public static EpochRecord decodeEpoch(String file, byte[] content) {
        return decode(
                file,
                EPOCH,
                content,
                json -> new EpochRecord(
                        json.number("epoch"),
                        json.text("host"),
                        json.number("pid"),
                        json.number("startedAt"),
                        json.text("attemptUuid")));
    }

    public static byte[] encode(SealedPlan sealed) {
        return SidecarEnvelope.seal(SEALED, json -> {
            writeHead(json, sealed.queryId(), sealed.batchId(), sealed.offsets());
            json.writeNumberField("epoch", sealed.epoch());
            json.writeStringField("attemptUuid", sealed.attemptUuid());
            writeDigest(json, "metadata", sealed.metadata());
            FileDigest previous = sealed.previousCommit();
            if (previous != null) {
                writeDigest(json, "previousCommit", previous);
            }
            json.writeArrayFieldStart("sourceSeals");
            for (Optional<String> seal : sealed.sourceSeals()) {
                if (seal.isPresent()) {
                    json.writeString(seal.get());
                } else {
                    json.writeNull();
                }
            }
            json.writeEndArray();
            writePlan(json, sealed.plan());
            writeSink(json, sealed.sink());
        });
    }

    public static SealedPlan decodeSealed(String file, byte[] content) {
        return decode(file, SEALED, content, json -> {
            List<Optional<String>> seals = new ArrayList<>();
            for (Object seal : json.list("sourceSeals")) {
                if (seal != null && !(seal instanceof String)) {
                    throw new MalformedJsonException("'sourceSeals' holds something that is no text");
                }
                seals.add(Optional.ofNullable((String) seal));
            }
            return new SealedPlan(
                    uuid(json, "queryId"),
                    json.number("batchId"),
                    json.number("epoch"),
                    json.text("attemptUuid"),
                    digest(json, "offsets"),
                    digest(json, "metadata"),
                    json.has("previousCommit") ? digest(json, "previousCommit") : null,
                    seals,
                    plan(json.object("plan")),
                    json.has("sink") ? sink(json.object("sink")) : null);
        });
    }

    public static byte[] encode(PreparedBatch prepared) {
        return SidecarEnvelope.seal(PREPARED, json -> {
            writeHead(json, prepared.queryId(), prepared.batchId(), prepared.offsets());
            json.writeNumberField("attempt", prepared.attempt());
            json.writeNumberField("epoch", prepared.epoch());
            json.writeStringField("attemptUuid", prepared.attemptUuid());
            json.writeArrayFieldStart("stateFiles");
            for (StagedFile staged : prepared.stateFiles()) {
                json.writeStartObject();
                json.writeStringField("staged", staged.staged());
                json.writeStringField("target", staged.target());
                writeDigest(json, "digest", staged.digest());
                json.writeEndObject();
            }
            json.writeEndArray();
            writeOptional(json, "sinkToken", prepared.sinkToken());
            json.writeStringField(
                    "commit",
                    new String(CommitFile.encode(prepared.commit()), java.nio.charset.StandardCharsets.UTF_8));
            writeDigest(json, "commitDigest", prepared.commitDigest());
            json.writeArrayFieldStart("operatorWatermarks");
            for (long watermark : prepared.operatorWatermarks()) {
                json.writeNumber(watermark);
            }
            json.writeEndArray();
            json.writeObjectFieldStart("rowCounts");
            for (var count : prepared.rowCounts().entrySet()) {
                json.writeNumberField(count.getKey(), count.getValue());
            }
            json.writeEndObject();
            writeLosses(json, prepared.losses());
            writeOptional(json, "tableId", prepared.tableId());
            writeOptional(json, "tableMetadataHash", prepared.tableMetadataHash());
        });
    }

    public static PreparedBatch decodePrepared(String file, byte[] content) {
        return decode(file, PREPARED, content, json -> {
            List<StagedFile> staged = new ArrayList<>();
            for (JsonObject one : json.objects("stateFiles")) {
                staged.add(new StagedFile(
                        inner(one.text("staged"), "_tidemark/staged/"),
                        inner(one.text("target"), "state/"),
                        digest(one, "digest")));
            }
            List<Long> watermarks = new ArrayList<>();
            for (Object watermark : json.list("operatorWatermarks")) {
                if (!(watermark instanceof Integer) && !(watermark instanceof Long)) {
                    throw new MalformedJsonException("'operatorWatermarks' holds something that is no whole number");
                }
                watermarks.add(((Number) watermark).longValue());
            }
            SortedMap<String, Long> counts = new TreeMap<>();
            JsonObject stored = json.object("rowCounts");
            for (String name : stored.names()) {
                counts.put(name, stored.number(name));
            }
            long batchId = json.number("batchId");
            byte[] commit = json.text("commit").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            if (!digest(json, "commitDigest").matches(commit)) {
                throw new MalformedJsonException("its commit does not fit its checksum");
            }
            return new PreparedBatch(
                    uuid(json, "queryId"),
                    batchId,
                    json.smallNumber("attempt"),
                    json.number("epoch"),
                    json.text("attemptUuid"),
                    digest(json, "offsets"),
                    staged,
                    json.textOrNull("sinkToken"),
                    CommitFile.decode(file, batchId, commit),
                    watermarks,
                    counts,
                    losses(json),
                    json.textOrNull("tableId"),
                    json.textOrNull("tableMetadataHash"));
        });
    }

    public static byte[] encode(LossRecord loss) {
        return SidecarEnvelope.seal(LOSS, json -> {
            writeHead(json, loss.queryId(), loss.batchId(), loss.offsets());
            writeLosses(json, loss.losses());
        });
    }

    public static LossRecord decodeLoss(String file, byte[] content) {
        return decode(file, LOSS, content, SidecarFile::lossRecord);
    }

    /**
     * Returns the content of {@code loss/0-K}.
     *
     * @param offsets digest of the {@code offsets/N} of the last record
     * @param losses not empty, ascending by batch
     */
    public static byte[] encode(UUID queryId, long through, FileDigest offsets, List<LossRecord> losses) {
        return SidecarEnvelope.seal(LOSSES, json -> {
            writeHead(json, queryId, through, offsets);
            json.writeArrayFieldStart("records");
            for (LossRecord loss : losses) {
                json.writeStartObject();
                writeHead(json, loss.queryId(), loss.batchId(), loss.offsets());
                writeLosses(json, loss.losses());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** Reads {@code loss/0-K}. */
    public static List<LossRecord> decodeLosses(String file, byte[] content) {
        return decode(file, LOSSES, content, json -> {
            List<LossRecord> records = new ArrayList<>();
            for (JsonObject record : json.objects("records")) {
                records.add(lossRecord(record));
            }
            return records;
        });
    }

    private static LossRecord lossRecord(JsonObject json) throws MalformedJsonException {
        return new LossRecord(uuid(json, "queryId"), json.number("batchId"), digest(json, "offsets"), losses(json));
    }

    private static void writeHead(JsonGenerator json, UUID queryId, long batchId, FileDigest offsets)
            throws IOException {
        json.writeStringField("queryId", queryId.toString());
        json.writeNumberField("batchId", batchId);
        writeDigest(json, "offsets", offsets);
    }

    private static void writeDigest(JsonGenerator json, String name, FileDigest digest) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("length", digest.length());
        json.writeStringField("crc32c", digest.crcText());
        json.writeEndObject();
    }

    private static void writeOptional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void writePlan(JsonGenerator json, PlanRecord plan) throws IOException {
        json.writeObjectFieldStart("plan");
        json.writeArrayFieldStart("sources");
        for (SourceRecord source : plan.sources()) {
            json.writeStartObject();
            json.writeStringField("kind", source.kind());
            json.writeStringField("description", source.description());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("operators");
        for (OperatorRecord operator : plan.operators()) {
            json.writeStartObject();
            json.writeNumberField("id", operator.id());
            json.writeStringField("name", operator.name());
            json.writeStringField("keySchema", operator.keySchema());
            json.writeStringField("valueSchema", operator.valueSchema());
            writeOptional(json, "watermarkColumn", operator.watermarkColumn());
            json.writeNumberField("watermarkDelayMs", operator.watermarkDelayMs());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("outputMode", plan.outputMode());
        json.writeStringField("timeZone", plan.timeZone());
        json.writeBooleanField("ansi", plan.ansi());
        json.writeEndObject();
    }

    private static void writeSink(JsonGenerator json, @Nullable SinkRecord sink) throws IOException {
        if (sink != null) {
            json.writeObjectFieldStart("sink");
            json.writeStringField("format", sink.format());
            json.writeStringField("location", sink.location());
            json.writeEndObject();
        }
    }

    private static SinkRecord sink(JsonObject json) throws MalformedJsonException {
        return new SinkRecord(json.text("format"), json.text("location"));
    }

    private static PlanRecord plan(JsonObject json) throws MalformedJsonException {
        List<SourceRecord> sources = new ArrayList<>();
        for (JsonObject source : json.objects("sources")) {
            sources.add(new SourceRecord(source.text("kind"), source.text("description")));
        }
        List<OperatorRecord> operators = new ArrayList<>();
        for (JsonObject operator : json.objects("operators")) {
            operators.add(new OperatorRecord(
                    operator.number("id"),
                    operator.text("name"),
                    operator.text("keySchema"),
                    operator.text("valueSchema"),
                    operator.textOrNull("watermarkColumn"),
                    operator.number("watermarkDelayMs")));
        }
        return new PlanRecord(sources, operators, json.text("outputMode"), json.text("timeZone"), json.flag("ansi"));
    }

    private static void writeLosses(JsonGenerator json, List<LostRange> losses) throws IOException {
        json.writeArrayFieldStart("losses");
        for (LostRange loss : losses) {
            json.writeStartObject();
            json.writeStringField("topic", loss.topic());
            json.writeNumberField("partition", loss.partition());
            json.writeNumberField("from", loss.from());
            json.writeNumberField("until", loss.until());
            json.writeNumberField("rows", loss.rows());
            json.writeStringField("cause", loss.cause());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static List<LostRange> losses(JsonObject json) throws MalformedJsonException {
        List<LostRange> losses = new ArrayList<>();
        for (JsonObject loss : json.objects("losses")) {
            losses.add(new LostRange(
                    loss.text("topic"),
                    loss.smallNumber("partition"),
                    loss.number("from"),
                    loss.number("until"),
                    loss.number("rows"),
                    loss.text("cause")));
        }
        return losses;
    }

    private static FileDigest digest(JsonObject json, String name) throws MalformedJsonException {
        JsonObject digest = json.object(name);
        String crc = digest.text("crc32c");
        try {
            return new FileDigest(digest.number("length"), Integer.parseUnsignedInt(crc, 16));
        } catch (NumberFormatException e) {
            throw new MalformedJsonException("the checksum in '" + name + "' is not hexadecimal");
        }
    }

    private static UUID uuid(JsonObject json, String name) throws MalformedJsonException {
        try {
            return UUID.fromString(json.text(name));
        } catch (IllegalArgumentException e) {
            throw new MalformedJsonException("its member '" + name + "' is not a UUID");
        }
    }

    public static byte[] encode(RepairPlan repair) {
        return SidecarEnvelope.seal(REPAIR, json -> {
            json.writeNumberField("number", repair.number());
            json.writeStringField("tool", repair.tool().name().toLowerCase(Locale.ROOT));
            json.writeStringField("attemptUuid", repair.attemptUuid());
            Long toBatch = repair.toBatch();
            if (toBatch != null) {
                json.writeNumberField("toBatch", toBatch);
            }
            writeSink(json, repair.sink());
            json.writeArrayFieldStart("steps");
            for (Step step : repair.steps()) {
                json.writeStartObject();
                if (step instanceof Write write) {
                    json.writeStringField("write", step.path());
                    json.writeStringField("content", write.content());
                } else if (step instanceof PutBack putBack) {
                    json.writeStringField("putBack", step.path());
                    json.writeStringField("from", putBack.from());
                } else {
                    json.writeStringField("setAside", step.path());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    public static RepairPlan decodeRepair(String file, byte[] content) {
        return decode(file, REPAIR, content, json -> {
            List<Step> steps = new ArrayList<>();
            for (JsonObject step : json.objects("steps")) {
                steps.add(step(step));
            }
            return new RepairPlan(
                    json.number("number"),
                    tool(json.text("tool")),
                    json.text("attemptUuid"),
                    json.has("toBatch") ? json.number("toBatch") : null,
                    json.has("sink") ? sink(json.object("sink")) : null,
                    steps);
        });
    }

    private static Tool tool(String name) throws MalformedJsonException {
        for (Tool tool : Tool.values()) {
            if (tool.name().toLowerCase(Locale.ROOT).equals(name)) {
                return tool;
            }
        }
        throw new MalformedJsonException("no tool is called '" + name + "'");
    }

    private static Step step(JsonObject json) throws MalformedJsonException {
        if (json.has("write")) {
            return new Write(inner(json.text("write"), ""), json.text("content"));
        } else if (json.has("putBack")) {
            return new PutBack(inner(json.text("putBack"), ""), inner(json.text("from"), ""));
        }
        return new SetAside(inner(json.text("setAside"), ""));
    }

    /** Files of state are linked and deleted by these names, which must not lead anywhere else. */
    private static String inner(String path, String folder) throws MalformedJsonException {
        Optional<String> problem = InnerPath.problemOf(path);
        if (problem.isPresent() || !path.startsWith(folder)) {
            throw new MalformedJsonException(
                    "it names the file '" + path + "', which " + problem.orElse("is not in " + folder));
        }
        return path;
    }

    private static <T> T decode(String file, String kind, byte[] content, Reader<T> reader) {
        try {
            return reader.read(SidecarEnvelope.open(kind, content));
        } catch (MalformedJsonException e) {
            throw ControlFileException.corrupt(file, e.getMessage(), "Restore it from a backup, or move it away.");
        }
    }

    private interface Reader<T> {
        T read(JsonObject json) throws MalformedJsonException;
    }
}
