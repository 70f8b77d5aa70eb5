package io.tidemark.runtime.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However rows are cut into partial aggregates, merged in order they give what one accumulator gives. */
class PartsAndWholeTest {
    private static final List<DataType> TYPES = List.of(
            AtomicType.NULL,
            AtomicType.BOOLEAN,
            AtomicType.TINYINT,
            AtomicType.SMALLINT,
            AtomicType.INT,
            AtomicType.BIGINT,
            AtomicType.FLOAT,
            AtomicType.DOUBLE,
            AtomicType.STRING,
            AtomicType.BINARY,
            AtomicType.DATE,
            AtomicType.TIMESTAMP,
            AtomicType.TIMESTAMP_NTZ,
            new DecimalType(5, 2),
            new DecimalType(11, 3),
            new DecimalType(14, 4),
            new DecimalType(38, 10),
            new ArrayType(AtomicType.STRING),
            new ArrayType(new ArrayType(AtomicType.DOUBLE)),
            new MapType(AtomicType.STRING, AtomicType.INT),
            StructType.EMPTY
                    .add("a", AtomicType.INT)
                    .add("b", AtomicType.STRING)
                    .add("c", new DecimalType(30, 2)));

    private static final Set<String> TWO_COLUMNS =
            Set.of("covar_pop", "covar_samp", "corr", "min_by", "max_by", "count");
    /** Merging them divides, so the last bits may differ. */
    private static final Set<String> ROUNDED = Set.of(
            "stddev_samp",
            "stddev_pop",
            "var_samp",
            "var_pop",
            "skewness",
            "kurtosis",
            "covar_pop",
            "covar_samp",
            "corr");

    static LongStream seeds() {
        return new Random(20_260_301).longs(400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void partsMakeTheWhole(long seed) {
        Random random = new Random(seed);
        @Nullable AggregateRun drawn = null;
        while (drawn == null) {
            drawn = draw(random);
        }
        AggregateRun run = drawn;
        int groups = 1 + random.nextInt(7);
        int count = random.nextInt(200);
        DrawnValues values = new DrawnValues(random);
        int[] group = new int[count];
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            group[i] = random.nextInt(groups);
            rows.add(run.input().fields().stream()
                    .map(field -> run.call().arguments().isEmpty() ? 1 : values.nullable(field.dataType()))
                    .toList());
        }
        AggregateRun.Rows input = run.rows(group, rows);
        Accumulator whole = run.whole(input, groups);
        Accumulator parts = run.inParts(input, groups, random);
        String description = run.call().function() + " on " + run.input().toDdl();
        boolean rounded = ROUNDED.contains(run.call().function().name());
        assertThat(texts(AggregateRun.results(parts, groups), rounded))
                .as(description)
                .isEqualTo(texts(AggregateRun.results(whole, groups), rounded));
        if (!rounded) {
            assertThat(texts(run.buffers(parts, groups), false))
                    .as("buffers of " + description)
                    .isEqualTo(texts(run.buffers(whole, groups), false));
        }
    }

    /** Values as text, which unlike arrays of bytes can be compared. */
    private static List<String> texts(List<?> values, boolean rounded) {
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof List<?> list) {
                texts.add(texts(list, rounded).toString());
            } else if (value instanceof byte[] bytes) {
                texts.add(HexFormat.of().formatHex(bytes));
            } else if (rounded && value instanceof Double number) {
                texts.add(String.format(Locale.ROOT, "%.6e", number + 0.0));
            } else {
                texts.add(String.valueOf(value));
            }
        }
        return texts;
    }

    /** Returns null if the function does not take what was drawn. */
    private static @Nullable AggregateRun draw(Random random) {
        List<String> names =
                new ArrayList<>(new TreeSet<>(AggregateFunctions.registry().names()));
        String name = names.get(random.nextInt(names.size()));
        List<Object> arguments = new ArrayList<>();
        arguments.add(TYPES.get(random.nextInt(TYPES.size())));
        if (TWO_COLUMNS.contains(name)) {
            arguments.add(TYPES.get(random.nextInt(TYPES.size())));
        } else if (Set.of("first", "last", "any_value").contains(name)) {
            arguments.add(new Constant(random.nextBoolean(), AtomicType.BOOLEAN));
        }
        if (arguments.contains(AtomicType.STRING)
                && !Set.of("min", "max", "first", "last").contains(name)) {
            return null; // most would be cast to numbers, and are none
        }
        try {
            return AggregateRun.withoutAnsi(name, arguments.toArray());
        } catch (AnalysisException e) {
            return null;
        }
    }
}
