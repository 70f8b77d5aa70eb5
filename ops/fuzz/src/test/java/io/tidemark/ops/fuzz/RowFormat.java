package io.tidemark.ops.fuzz;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.ops.fuzz.Format.Guard;
import io.tidemark.state.codec.MalformedRowException;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.codec.RowEncoder;
import io.tidemark.state.format.StateFileException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Rows of state: Spark's UnsafeRow bytes, decoded one by one and as a block, which must agree. */
final class RowFormat {
    private static final StructType SCHEMA = StructType.EMPTY
            .add("page", AtomicType.STRING)
            .add("count", AtomicType.INT)
            .add("amount", new DecimalType(30, 2))
            .add("at", StructType.EMPTY.add("from", AtomicType.TIMESTAMP).add("name", AtomicType.STRING))
            .add("tags", new ArrayType(AtomicType.STRING, true))
            .add("seen", new MapType(AtomicType.STRING, AtomicType.BIGINT, true));

    private RowFormat() {}

    static Format format() {
        return new Format("state-row", Guard.NONE, RowFormat::read, sample());
    }

    private static byte[] sample() {
        List<VectorBuilder> builders = builders();
        List<Object> values = List.of(
                "home",
                7,
                new BigDecimal("12345678901234567890.25"),
                List.of(5L, "x"),
                List.of("a", "b"),
                Map.of("k", 1L));
        for (int i = 0; i < values.size(); i++) {
            builders.get(i).append(i == 3 ? row(values.get(i)) : values.get(i));
        }
        RowBlock.Builder block = new RowBlock.Builder(1, 256);
        new RowEncoder(SCHEMA).encode(build(builders), Selection.all(1), block);
        RowBlock rows = block.build();
        return Arrays.copyOfRange(rows.data(), rows.start(0), rows.start(0) + rows.length(0));
    }

    private static Object row(Object fields) {
        return io.tidemark.api.Row.of((StructType) SCHEMA.field(3).dataType(), new ArrayList<Object>((List<?>) fields));
    }

    private static List<VectorBuilder> builders() {
        return SCHEMA.fields().stream()
                .map(field -> VectorBuilder.of(field.dataType(), 1))
                .toList();
    }

    private static List<ColumnVector> build(List<VectorBuilder> builders) {
        return builders.stream().map(VectorBuilder::build).toList();
    }

    private static String read(byte[] row) {
        try {
            List<VectorBuilder> builders = builders();
            new RowDecoder(SCHEMA).decode(row, 0, row.length, builders);
            RowBlock.Builder block = new RowBlock.Builder(1, row.length);
            block.add(row);
            String one = text(build(builders));
            String asBlock = text(new RowDecoder(SCHEMA).decode(block.build()));
            if (!one.equals(asBlock)) {
                throw new AssertionError("a row is " + one + " alone and " + asBlock + " in a block");
            }
            return one;
        } catch (MalformedRowException e) {
            throw StateFileException.corrupt("a row", e.getMessage()); // its readers name the store
        }
    }

    private static String text(List<ColumnVector> columns) {
        StringBuilder text = new StringBuilder();
        columns.forEach(column ->
                text.append(column.isNull(0) ? "null" : column.value(0)).append(", "));
        return text.toString();
    }
}
