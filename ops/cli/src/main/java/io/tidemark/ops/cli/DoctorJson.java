package io.tidemark.ops.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidemark.checkpoint.format.Json;
import io.tidemark.checkpoint.format.RepairPlan;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.ops.cli.doctor.Diagnosis;
import io.tidemark.ops.cli.doctor.Finding;
import io.tidemark.ops.cli.doctor.Rewind;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the doctor and a rewind say, as one line of JSON for programs. */
final class DoctorJson {
    private DoctorJson() {}

    /** @param done the repair that was done, or null */
    static String of(Diagnosis diagnosis, @Nullable RepairPlan done) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("root", diagnosis.root());
            json.writeBooleanField("healthy", diagnosis.isHealthy());
            json.writeBooleanField("curable", diagnosis.isCurable());
            json.writeStringField("query", diagnosis.query());
            json.writeStringField("table", diagnosis.table());
            json.writeStringField("start", diagnosis.start());
            json.writeArrayFieldStart("findings");
            for (Finding finding : diagnosis.findings()) {
                json.writeStartObject();
                json.writeStringField("code", finding.code().label());
                json.writeStringField("problem", finding.problem());
                texts(json, "evidence", finding.evidence());
                texts(json, "repair", finding.repair().stream().map(Step::text).toList());
                json.writeStringField("effect", finding.effect());
                texts(json, "ways", finding.ways());
                json.writeEndObject();
            }
            json.writeEndArray();
            if (done == null) {
                json.writeNullField("repaired");
            } else {
                json.writeNumberField("repaired", done.number());
            }
            json.writeEndObject();
        });
    }

    static String of(Rewind.Outcome outcome) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeNumberField("toBatch", outcome.toBatch());
            json.writeBooleanField("nothing", outcome.isNothing());
            json.writeBooleanField("done", outcome.undo() > 0);
            json.writeNumberField("fromBatch", outcome.table().fromBatch());
            json.writeNumberField("fromVersion", outcome.table().fromVersion());
            json.writeNumberField("toVersion", outcome.table().toVersion());
            texts(json, "removed", outcome.table().removed());
            texts(json, "returned", outcome.table().returned());
            json.writeNumberField("rowsRemoved", outcome.table().rowsRemoved());
            json.writeNumberField("rowsReturned", outcome.table().rowsReturned());
            texts(json, "steps", outcome.steps().stream().map(Step::text).toList());
            texts(json, "rereadFrom", outcome.rereads());
            json.writeEndObject();
        });
    }

    private static void texts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
