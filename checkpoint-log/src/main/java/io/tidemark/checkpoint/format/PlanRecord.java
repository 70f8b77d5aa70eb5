package io.tidemark.checkpoint.format;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a query's plan must stay the same while its checkpoint is used. Kept in {@code sealed/N}, compared field by
 * field at a restart; stateless operators are not in it, they may change.
 */
public record PlanRecord(
        List<SourceRecord> sources, List<OperatorRecord> operators, String outputMode, String timeZone, boolean ansi) {
    public PlanRecord {
        sources = List.copyOf(sources);
        operators = List.copyOf(operators);
    }

    /** Returns every field in which {@code now} differs from this record, in order; empty if it may go on. */
    public List<Difference> differencesTo(PlanRecord now) {
        List<Difference> found = new ArrayList<>();
        compare(found, "number of sources", sources.size(), now.sources.size());
        for (int i = 0; i < Math.min(sources.size(), now.sources.size()); i++) {
            compare(found, "source " + i + " kind", sources.get(i).kind, now.sources.get(i).kind);
            compare(found, "source " + i, sources.get(i).description, now.sources.get(i).description);
        }
        compare(found, "number of stateful operators", operators.size(), now.operators.size());
        for (int i = 0; i < Math.min(operators.size(), now.operators.size()); i++) {
            OperatorRecord before = operators.get(i);
            OperatorRecord after = now.operators.get(i);
            String operator = "stateful operator " + before.id;
            compare(found, operator + " id", before.id, after.id);
            compare(found, operator + " name", before.name, after.name);
            compare(found, operator + " key schema", before.keySchema, after.keySchema);
            compare(found, operator + " value schema", before.valueSchema, after.valueSchema);
            compare(
                    found,
                    operator + " watermark column",
                    String.valueOf(before.watermarkColumn),
                    String.valueOf(after.watermarkColumn));
            compare(found, operator + " watermark delay (ms)", before.watermarkDelayMs, after.watermarkDelayMs);
        }
        compare(found, "output mode", outputMode, now.outputMode);
        compare(found, "time zone", timeZone, now.timeZone);
        compare(found, "ANSI mode", ansi, now.ansi);
        return List.copyOf(found);
    }

    private static void compare(List<Difference> found, String field, Object before, Object now) {
        if (!before.equals(now)) {
            found.add(new Difference(field, before.toString(), now.toString()));
        }
    }

    /**
     * A source occurrence, in plan order.
     *
     * @param kind the format, for instance {@code kafka}
     * @param description what it reads, stable between runs: for Kafka the subscription
     */
    public record SourceRecord(String kind, String description) {}

    /**
     * A stateful operator; 0 is the one nearest the sink.
     *
     * @param watermarkColumn null if the operator has none
     * @param watermarkDelayMs 0 if the operator has no watermark
     */
    public record OperatorRecord(
            long id,
            String name,
            String keySchema,
            String valueSchema,
            @Nullable String watermarkColumn,
            long watermarkDelayMs) {}

    /** A field that may not change and did. */
    public record Difference(String field, String before, String now) {
        @Override
        public String toString() {
            return field + " was '" + before + "' and is '" + now + "'";
        }
    }
}
