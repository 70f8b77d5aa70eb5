package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.state.codec.ColumnHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code hash}: Spark's Murmur3 of any number of columns, the one that also spreads rows over partitions. */
final class HashFunctions {
    private HashFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(Builtin.of("hash", HashFunctions::bind, (call, arguments) -> kernel(arguments)));
    }

    private static BoundExpression bind(Arguments arguments) {
        arguments.count(1, Integer.MAX_VALUE);
        for (int i = 0; i < arguments.size(); i++) {
            if (holdsMap(arguments.type(i))) {
                throw arguments.mismatch(
                        "a map cannot be hashed, since equal maps may differ in the order of their entries");
            }
        }
        return arguments.call(AtomicType.INT, false);
    }

    private static boolean holdsMap(DataType type) {
        if (type instanceof ArrayType array) {
            return holdsMap(array.elementType());
        } else if (type instanceof StructType struct) {
            return struct.fields().stream().anyMatch(f -> holdsMap(f.dataType()));
        }
        return type instanceof MapType;
    }

    private static Kernel kernel(List<Kernel> arguments) {
        return (batch, rows, context) -> {
            List<ColumnVector> columns = new ArrayList<>(arguments.size());
            for (Kernel argument : arguments) {
                columns.add(argument.evaluate(batch, rows, context));
            }
            int[] hashes = new int[rows.limit()];
            Arrays.fill(hashes, ColumnHash.SEED);
            for (ColumnVector column : columns) {
                if (!(column instanceof NullVector)) {
                    ColumnHash.update(column, rows, hashes);
                }
            }
            return new IntVector(AtomicType.INT, hashes.length, hashes, null);
        };
    }
}
