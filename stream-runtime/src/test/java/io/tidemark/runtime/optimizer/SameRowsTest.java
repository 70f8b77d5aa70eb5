package io.tidemark.runtime.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.analysis.TestCatalog;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.sql.SqlParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs what was written and what the optimiser made of it over the same rows. */
class SameRowsTest {
    private static final StructType T = SqlParser.parseSchema("a INT, b BIGINT, v BINARY");
    private static final String JSON = "'x INT, y STRING, z STRUCT<p: INT, q: BIGINT>'";

    private final TestCatalog catalog = new TestCatalog(BuiltinFunctions.registry())
            .stream("t", "a INT, b BIGINT, v BINARY").stream("u", "a INT, b BIGINT, v BINARY");
    private final PlanRunner runner = new PlanRunner();

    private void fill(Random random) {
        for (String table : List.of("t", "u")) {
            List<Row> rows = new ArrayList<>();
            int count = random.nextInt(40);
            for (int i = 0; i < count; i++) {
                rows.add(Row.of(T, Arrays.asList(number(random), longNumber(random), json(random))));
            }
            LogicalPlan stream = catalog.plan(table);
            runner.put(stream, rows);
        }
    }

    private static @Nullable Object number(Random random) {
        return random.nextInt(5) == 0 ? null : (Object) (random.nextInt(7) - 3);
    }

    private static @Nullable Object longNumber(Random random) {
        return random.nextInt(5) == 0 ? null : (Object) (random.nextInt(9) - 4L);
    }

    private static byte @Nullable [] json(Random random) {
        String text =
                switch (random.nextInt(8)) {
                    case 0 -> null;
                    case 1 -> "{\"x\":1,";
                    case 2 -> "{}";
                    case 3 -> "{\"z\":null,\"x\":\"no number\"}";
                    default ->
                        "{\"x\":" + random.nextInt(5) + ",\"y\":\"s" + random.nextInt(3) + "\",\"z\":{\"p\":"
                                + random.nextInt(4) + ",\"q\":" + random.nextInt(4) + "}}";
                };
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    static List<Long> seeds() {
        return new Random(20261120).longs(200).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anOptimisedQueryGivesTheSameRows(long seed) {
        Random random = new Random(seed);
        fill(random);
        String sql = new QueryGenerator(random).query();
        BoundPlan written = catalog.analyze(sql);
        BoundPlan optimised = Optimizer.optimize(written);

        assertThat(optimised.schema().toDdl())
                .as(sql)
                .isEqualTo(written.schema().toDdl());
        List<List<Object>> expected;
        try {
            expected = runner.run(written);
        } catch (EvaluationException e) {
            return; // a query that fails may be rescued by dropping what fails, but not the other way round
        }
        assertThat(runner.run(optimised))
                .as("%s%n%s", sql, PlanPrinter.print(optimised))
                .isEqualTo(expected);
    }

    /** Writes queries that run: columns of known types under projections, filters, unions and subqueries. */
    private static final class QueryGenerator {
        private final Random random;

        QueryGenerator(Random random) {
            this.random = random;
        }

        private record Query(String sql, List<String> ints, List<String> structs) {}

        String query() {
            Query query = table();
            int depth = 1 + random.nextInt(5);
            for (int i = 0; i < depth; i++) {
                query = switch (random.nextInt(5)) {
                    case 0, 1 -> project(query);
                    case 2, 3 -> filter(query);
                    default -> union(query);
                };
            }
            return project(query).sql;
        }

        private Query table() {
            String table = random.nextBoolean() ? "t" : "u";
            return new Query(
                    "SELECT a, b, from_json(CAST(v AS STRING), " + JSON + ") AS s FROM " + table,
                    List.of("a", "b"),
                    List.of("s"));
        }

        private Query project(Query input) {
            List<String> columns = new ArrayList<>();
            List<String> ints = new ArrayList<>();
            List<String> structs = new ArrayList<>();
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                columns.add("CAST(" + number(input, 2) + " AS BIGINT) AS i" + i);
                ints.add("i" + i);
            }
            if (!input.structs.isEmpty() && random.nextInt(3) > 0) {
                columns.add(input.structs.get(0) + " AS s");
                structs.add("s");
            }
            return new Query("SELECT " + String.join(", ", columns) + " FROM (" + input.sql + ")", ints, structs);
        }

        private Query filter(Query input) {
            return new Query(
                    "SELECT * FROM (" + input.sql + ") WHERE " + condition(input, 2), input.ints, input.structs);
        }

        private Query union(Query input) {
            String same = input.sql.replaceFirst(" FROM t", " FROM x").replaceFirst(" FROM u", " FROM t");
            return new Query(input.sql + " UNION ALL " + same.replace(" FROM x", " FROM u"), input.ints, input.structs);
        }

        private String number(Query input, int depth) {
            if (depth == 0 || random.nextInt(3) == 0) {
                return leaf(input);
            }
            String a = number(input, depth - 1);
            String b = number(input, depth - 1);
            return switch (random.nextInt(6)) {
                case 0 -> "(" + a + " + " + b + ")";
                case 1 -> "(" + a + " * 2)";
                case 2 -> "CASE WHEN " + condition(input, depth - 1) + " THEN " + a + " ELSE " + b + " END";
                case 3 -> "coalesce(" + a + ", " + b + ")";
                case 4 -> "(" + a + " div " + b + ")"; // may divide by zero
                default -> "(- " + a + ")";
            };
        }

        private String leaf(Query input) {
            int choice = random.nextInt(4);
            if (choice == 0) {
                return String.valueOf(random.nextInt(5) - 2);
            } else if (choice == 1 && !input.structs.isEmpty()) {
                return input.structs.get(0) + List.of(".x", ".z.p", ".z.q").get(random.nextInt(3));
            }
            return input.ints.get(random.nextInt(input.ints.size()));
        }

        private String condition(Query input, int depth) {
            if (depth == 0 || random.nextInt(2) == 0) {
                String a = number(input, Math.max(0, depth - 1));
                return switch (random.nextInt(5)) {
                    case 0 -> a + " IS NOT NULL";
                    case 1 -> a + " IN (0, 1, 2)";
                    case 2 -> a + " BETWEEN -1 AND 2";
                    default -> a + List.of(" > ", " != ", " <=> ").get(random.nextInt(3)) + leaf(input);
                };
            }
            String a = condition(input, depth - 1);
            String b = condition(input, depth - 1);
            return switch (random.nextInt(3)) {
                case 0 -> "(" + a + " OR " + b + ")";
                case 1 -> "NOT (" + a + ")";
                default -> "(" + a + " AND " + b + ")";
            };
        }
    }

    @Test
    void theQueryOfTheGuideReadsJsonIntoColumns() {
        runner.put(
                catalog.plan("t"),
                List.of(
                        row("{\"x\":1,\"y\":\"a\",\"z\":{\"p\":2,\"q\":3}}"),
                        row("{\"x\":7,\"y\":\"b\"}"),
                        row("{broken"),
                        row(null)));
        String sql = "SELECT d.*, d.z.q + 1 AS n FROM (SELECT from_json(CAST(v AS STRING), " + JSON + ") AS d FROM t)"
                + " WHERE d.x IS NOT NULL";

        assertThat(runner.run(Optimizer.optimize(
                        catalog.analyze("SELECT x, y, z.p AS p, n FROM (" + sql + ") WHERE x < 7 OR z IS NULL"))))
                .containsExactly(Arrays.asList(1, "a", 2, 4L), Arrays.asList(7, "b", null, null));
    }

    private static Row row(@Nullable String json) {
        return Row.of(T, Arrays.asList(null, null, json == null ? null : json.getBytes(StandardCharsets.UTF_8)));
    }
}
