package io.tidemark.runtime.expression.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BoundExpression;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels over whole columns agree with plain code that takes one row at a time, on random columns with and without
 * nulls and on random selections; and where a row fails, both fail.
 */
class FastAgainstPlainTest {
    private static final List<DataType> TYPES = List.of(
            AtomicType.TINYINT,
            AtomicType.SMALLINT,
            AtomicType.INT,
            AtomicType.BIGINT,
            AtomicType.FLOAT,
            AtomicType.DOUBLE,
            new DecimalType(5, 2),
            new DecimalType(17, 3),
            new DecimalType(30, 10));
    private static final List<DataType> ORDERED = List.of(
            AtomicType.BOOLEAN,
            AtomicType.INT,
            AtomicType.BIGINT,
            AtomicType.FLOAT,
            AtomicType.DOUBLE,
            AtomicType.STRING,
            AtomicType.DATE,
            AtomicType.TIMESTAMP,
            new DecimalType(10, 2),
            new DecimalType(25, 5));

    static LongStream seeds() {
        return LongStream.range(0, 150);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void arithmeticAgrees(long seed) {
        RandomColumns random = new RandomColumns(seed);
        DataType type = TYPES.get(random.below(TYPES.size()));
        boolean floating = TypeCoercion.isFloating(type);
        List<String> operators =
                floating ? List.of("+", "-", "*", "/", "%", "pmod") : List.of("+", "-", "*", "/", "%", "pmod", "div");
        for (String operator : operators) {
            String sql = Character.isLetter(operator.charAt(0)) && operator.equals("pmod")
                    ? "pmod(a, b)"
                    : "a " + operator + " b";
            check(
                    seed,
                    random,
                    type,
                    sql,
                    row -> PlainExpressions.arithmetic(
                            operator, row.type(), row.resultType(), row.a(), row.b(), row.ansi()));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void comparisonsAgree(long seed) {
        RandomColumns random = new RandomColumns(seed);
        DataType type = ORDERED.get(random.below(ORDERED.size()));
        for (String operator : List.of("=", "!=", "<", "<=", ">", ">=", "<=>")) {
            check(
                    seed,
                    random,
                    type,
                    "a " + operator + " b",
                    row -> PlainExpressions.compare(operator, row.a(), row.b()));
        }
        check(seed, random, type, "greatest(a, b)", row -> PlainExpressions.greatest(row.a(), row.b()));
        check(seed, random, type, "coalesce(a, b)", row -> row.a() != null ? row.a() : row.b());
        check(seed, random, type, "a in (b, null)", row -> {
            boolean match = row.a() != null && row.b() != null && PlainExpressions.order(row.a(), row.b()) == 0;
            return match ? true : null;
        });
        check(seed, random, type, "case when a < b then a when a is null then b end", row -> {
            if (Objects.equals(PlainExpressions.compare("<", row.a(), row.b()), true)) {
                return row.a();
            }
            return row.a() == null ? row.b() : null;
        });
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void logicAgrees(long seed) {
        RandomColumns random = new RandomColumns(seed);
        check(seed, random, AtomicType.BOOLEAN, "a and b", row -> PlainExpressions.and(row.a(), row.b()));
        check(seed, random, AtomicType.BOOLEAN, "a or b", row -> PlainExpressions.or(row.a(), row.b()));
        check(seed, random, AtomicType.BOOLEAN, "not a", row -> row.a() == null ? null : !(Boolean) row.a());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void castsAgree(long seed) {
        RandomColumns random = new RandomColumns(seed);
        DataType from = TYPES.get(random.below(TYPES.size()));
        for (DataType to : TYPES) {
            check(seed, random, from, "try_cast(a as " + to.sql() + ")", row -> PlainExpressions.tryCast(row.a(), to));
            check(seed, random, from, "try_cast(cast(a as string) as " + from.sql() + ")", SampleRow::a);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void roundingAgrees(long seed) {
        RandomColumns random = new RandomColumns(seed);
        int scale = random.below(5) - 1;
        check(
                seed,
                random,
                AtomicType.DOUBLE,
                "round(a, " + scale + ")",
                row -> PlainExpressions.round(row.a(), scale));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void partsOfTimesAgree(long seed) {
        RandomColumns random = new RandomColumns(seed);
        for (String part : PlainExpressions.PARTS) {
            check(
                    seed,
                    random,
                    AtomicType.TIMESTAMP,
                    part + "(a)",
                    row -> PlainExpressions.part(part, row.a(), row.zone()));
        }
        for (String unit : PlainExpressions.UNITS) {
            check(
                    seed,
                    random,
                    AtomicType.TIMESTAMP,
                    "date_trunc('" + unit + "', a)",
                    row -> PlainExpressions.truncate(unit, row.a(), row.zone()));
        }
        check(
                seed,
                random,
                AtomicType.TIMESTAMP,
                "cast(cast(a as string) as timestamp)",
                row -> PlainExpressions.throughText(row.a(), row.zone()));
        check(
                seed,
                random,
                AtomicType.TIMESTAMP,
                "date_format(a, 'yyyy-MM-dd HH:mm:ss.SSS')",
                row -> PlainExpressions.format(row.a(), row.zone()));
    }

    private static void check(
            long seed, RandomColumns random, DataType type, String sql, PlainExpressions.Plain plain) {
        StructType schema = new StructType(List.of()).add("a", type).add("b", type);
        boolean ansi = random.below(2) == 0;
        String zone =
                List.of("UTC", "Asia/Kathmandu", "America/New_York", "+05:45").get(random.below(4));
        SqlBench bench = SqlBench.standard().withAnsi(ansi).in(zone).over(schema);
        ColumnBatch batch = random.batch(schema, 1 + random.below(200));
        Selection rows = random.selection(batch.rowCount());
        BoundExpression bound = bench.bind(sql);
        Object[] expected = new Object[rows.limit()];
        boolean fails = false;
        for (int i = 0; i < rows.count(); i++) {
            int at = rows.at(i);
            SampleRow row = new SampleRow(
                    batch.column(0).value(at), batch.column(1).value(at), type, bound.type(), ansi, bench.zone());
            try {
                expected[at] = plain.compute(row);
            } catch (ArithmeticException e) {
                fails = true;
            }
        }
        String what = "seed " + seed + ": " + sql + " on " + type.sql() + (ansi ? "" : " without ANSI") + " in " + zone;
        if (fails) {
            assertThatThrownBy(() -> bench.evaluate(bound, batch, rows))
                    .as(what)
                    .isInstanceOf(EvaluationException.class);
            return;
        }
        ColumnVector actual = bench.evaluate(bound, batch, rows);
        assertThat(actual.length()).as(what).isGreaterThanOrEqualTo(rows.limit());
        for (int i = 0; i < rows.count(); i++) {
            int at = rows.at(i);
            assertThat(actual.value(at))
                    .as(
                            "%s, row %d: %s and %s",
                            what, at, batch.column(0).value(at), batch.column(1).value(at))
                    .isEqualTo(expected[at]);
        }
    }
}
