package io.tidemark.runtime.sql;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.analysis.TestCatalog;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.operator.PhysicalPlanner;
import io.tidemark.runtime.operator.TaskContext;
import io.tidemark.runtime.operator.TaskStatistics;
import io.tidemark.runtime.optimizer.Optimizer;
import io.tidemark.runtime.plan.BoundPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The resource holds what Spark 4.1.3 gave for {@code CAST(<expression> AS STRING)} over the row below, in the zone
 * Europe/Berlin and under ANSI rules. Everything from the text to the kernels takes part.
 */
class SqlValuesTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final EvaluationContext BATCH = new EvaluationContext(1_767_225_600_000L, ZONE, true);

    private static final String ROW =
            """
            SELECT from_json(CAST(value AS STRING), 'a INT, b BIGINT, n INT, page STRING,
              s STRUCT<x: INT, y: STRUCT<z: STRING>>, l ARRAY<STRUCT<q: INT>>, m MAP<STRING, INT>, ts TIMESTAMP,
              d DATE, c DOUBLE, f BOOLEAN, j STRING') AS r FROM raw""";

    private static final String VALUE =
            """
            {"a":5, "b":7, "n":null, "page":"home", "s":{"x":1,"y":{"z":"deep"}}, "l":[{"q":3},{"q":4}], "m":{"k":9},
             "ts":"2026-01-31 08:05:06.25", "d":"2026-01-31", "c":2.5, "f":true,
             "j":"{\\"x\\":1,\\"y\\":{\\"z\\":\\"deep\\"}}"}""";

    private final TestCatalog catalog = new TestCatalog(BuiltinFunctions.registry())
            .stream("raw", "value BINARY").view("t", "SELECT r.* FROM (" + ROW + ")");

    static Stream<String> lines() throws IOException {
        try (InputStream in = requireNonNull(SqlValuesTest.class.getResourceAsStream("values-of-spark-4.1.3.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void anExpressionHasTheValueItHasInSpark(String line) {
        int arrow = line.lastIndexOf(" => ");
        String expression = line.substring(0, arrow);
        String expected = line.substring(arrow + " => ".length());

        assertThat(value(expression)).isEqualTo(expected);
    }

    private String value(String expression) {
        BoundPlan plan;
        try {
            plan = catalog.analyze("SELECT CAST(" + expression + " AS STRING) AS r FROM t");
        } catch (AnalysisException e) {
            return "refused";
        }
        try {
            return String.valueOf(run(Optimizer.optimize(plan))).replace("\t", "\\t");
        } catch (EvaluationException e) {
            return e.condition();
        }
    }

    private static Object run(BoundPlan plan) {
        PhysicalPlan physical = PhysicalPlanner.plan(plan, OutputMode.APPEND);
        StructType schema = physical.sources().get(0).requiredSchema();
        List<ColumnVector> columns = new ArrayList<>();
        schema.fields().forEach(f -> {
            VectorBuilder builder = VectorBuilder.of(f.dataType(), 1);
            builder.append(VALUE.getBytes(StandardCharsets.UTF_8));
            columns.add(builder.build());
        });
        List<Object> out = new ArrayList<>();
        try {
            physical.stages()
                    .get(0)
                    .pipelines()
                    .get(0)
                    .open(
                            TaskContext.stateless(BATCH, new TaskStatistics()),
                            rows -> out.add(rows.rows().get(0).get(0)))
                    .accept(new ColumnBatch(schema, columns, 1));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return out.get(0);
    }
}
