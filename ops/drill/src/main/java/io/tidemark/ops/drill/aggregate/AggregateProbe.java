package io.tidemark.ops.drill.aggregate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.ops.drill.expression.CanonicalValue;
import io.tidemark.runtime.aggregate.Accumulator;
import io.tidemark.runtime.aggregate.AggregateCall;
import io.tidemark.runtime.aggregate.AggregateFunctions;
import io.tidemark.runtime.analysis.AnalysisContext;
import io.tidemark.runtime.analysis.Analyzer;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import io.tidemark.runtime.expression.function.Rows;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.sql.SqlParser;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A program: reads {@code {"ansi": …, "schema": DDL, "rows": [JSON text …], "calls": [SQL …]}} from the file that its argument
 * names. The schema's first column is an INT {@code g} from 0 upwards, the rows' group; with {@code "numbers": N} in place
 * of rows there are the columns {@code g INT, id BIGINT} with the ids 0 to N - 1, in the group of the bit length of id + 1.
 * Prints one line of JSON for each aggregate: its type, what it keeps, and the value of each group, or the error. The rows
 * are aggregated partially, then merged, as over a shuffle.
 */
public final class AggregateProbe {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final FunctionRegistry FUNCTIONS = BuiltinFunctions.registry();

    private final boolean ansi;
    private final ColumnBatch batch;
    private final int[] groups;
    private final int groupCount;

    private AggregateProbe(boolean ansi, ColumnBatch batch) {
        this.ansi = ansi;
        this.batch = batch;
        this.groups = ((IntVector) batch.column(0)).values();
        this.groupCount = 1 + Arrays.stream(groups, 0, batch.rowCount()).max().orElseThrow();
    }

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        JsonNode input = JSON.readTree(Path.of(args[0]).toFile());
        ColumnBatch batch = input.has("numbers") ? numbers(input.path("numbers").asInt()) : read(input);
        AggregateProbe probe = new AggregateProbe(input.path("ansi").asBoolean(true), batch);
        for (JsonNode call : input.path("calls")) {
            out.println(probe.outcome(call.asText()));
        }
        out.flush();
    }

    private static ColumnBatch numbers(int count) {
        int[] groups = new int[count];
        long[] ids = new long[count];
        for (int i = 0; i < count; i++) {
            groups[i] = Integer.SIZE - Integer.numberOfLeadingZeros(i + 1) - 1;
            ids[i] = i;
        }
        return new ColumnBatch(
                StructType.EMPTY.add("g", AtomicType.INT).add("id", AtomicType.BIGINT),
                List.of(
                        new IntVector(AtomicType.INT, count, groups, null),
                        new LongVector(AtomicType.BIGINT, count, ids, null)),
                count);
    }

    private static ColumnBatch read(JsonNode input) {
        StructType json = StructType.EMPTY.add("json", AtomicType.STRING);
        VectorBuilder texts = VectorBuilder.of(AtomicType.STRING, 0);
        input.path("rows").forEach(row -> texts.append(row.asText()));
        int count = texts.length();
        String ddl = input.path("schema").asText();
        BoundExpression parsed = FUNCTIONS
                .builtin("from_json")
                .bind(
                        List.of(
                                new ColumnRef(0, "json", AtomicType.STRING, true),
                                new Constant(ddl, AtomicType.STRING)),
                        new BindContext(true, ZoneOffset.UTC, Origin.NONE, FUNCTIONS));
        StructVector rows = (StructVector) KernelCompiler.compile(parsed)
                .evaluate(
                        new ColumnBatch(json, List.of(texts.build()), count),
                        Selection.all(count),
                        new EvaluationContext(0, ZoneOffset.UTC, true));
        return new ColumnBatch(rows.structType(), rows.children(), count);
    }

    private ObjectNode outcome(String call) {
        ObjectNode outcome = JSON.createObjectNode().put("call", call);
        try {
            BoundPlan plan = analyze("SELECT g, " + call + " AS r FROM t GROUP BY g");
            StructField result = plan.schema().field(1);
            outcome.put("type", result.dataType().json()).put("nullable", result.nullable());
            while (!(plan instanceof BoundPlan.Aggregate)) {
                plan = plan.inputs().get(0);
            }
            BoundPlan.Aggregate aggregate = (BoundPlan.Aggregate) plan;
            if (aggregate.aggregates().size() != 1) {
                return outcome.put("bug", aggregate.aggregates().size() + " aggregates");
            }
            AggregateCall bound = aggregate.aggregates().get(0).call();
            outcome.put("buffer", new StructType(bound.function().buffer()).json());
            ColumnVector values = compute(bound, input(aggregate.input()));
            ArrayNode texts = outcome.putArray("values");
            for (int group = 0; group < groupCount; group++) {
                texts.add(CanonicalValue.text(values.value(group)));
            }
        } catch (AnalysisException e) {
            return outcome.put("analysisError", e.getMessage());
        } catch (EvaluationException e) {
            return outcome.put("error", e.condition());
        } catch (RuntimeException e) {
            return outcome.put("bug", e.toString());
        }
        return outcome;
    }

    private BoundPlan analyze(String query) {
        return Analyzer.analyze(
                SqlParser.parseQuery(query),
                new AnalysisContext(
                        name -> Optional.of(new LogicalPlan.StreamRead(0, "memory", new TreeMap<>(), null)),
                        List.of("t"),
                        read -> batch.schema(),
                        ansi,
                        ZoneOffset.UTC,
                        FUNCTIONS,
                        AggregateFunctions.registry()));
    }

    /** Returns what an aggregate reads: the rows, or columns computed from them. */
    private ColumnBatch input(BoundPlan plan) {
        if (plan instanceof BoundPlan.Project project) {
            ColumnBatch below = input(project.input());
            List<ColumnVector> columns = project.expressions().stream()
                    .map(expression -> evaluate(expression.value(), below, below.selection()))
                    .toList();
            return new ColumnBatch(project.schema(), columns, below.rowCount());
        } else if (plan instanceof BoundPlan.Scan) {
            return batch;
        }
        throw new IllegalStateException("not for the probe: " + plan);
    }

    private ColumnVector evaluate(BoundExpression expression, ColumnBatch input, Selection rows) {
        return KernelCompiler.compile(expression).evaluate(input, rows, new EvaluationContext(0, ZoneOffset.UTC, ansi));
    }

    private ColumnVector compute(AggregateCall call, ColumnBatch input) {
        Selection rows = input.selection();
        if (call.filter() != null) {
            rows = Rows.where(rows, (BooleanVector) evaluate(call.filter(), input, rows));
        }
        Accumulator partial = call.function().accumulator();
        partial.grow(groupCount);
        List<ColumnVector> arguments = new ArrayList<>();
        for (BoundExpression argument : call.arguments()) {
            arguments.add(evaluate(argument, input, rows));
        }
        partial.update(groups, arguments, rows);
        Accumulator merged = call.function().accumulator();
        merged.grow(groupCount);
        int[] same = new int[groupCount];
        Arrays.setAll(same, i -> i);
        merged.merge(same, partial.buffers(groupCount), Selection.all(groupCount));
        return merged.results(groupCount);
    }
}
