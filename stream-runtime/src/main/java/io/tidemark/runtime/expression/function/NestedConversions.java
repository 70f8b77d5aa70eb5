package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Conversions of arrays, maps and structs, member by member; structs go by position. */
final class NestedConversions {
    private NestedConversions() {}

    static Conversion of(DataType from, DataType to) {
        if (from instanceof ArrayType a && to instanceof ArrayType b) {
            return array(b, Conversions.of(a.elementType(), b.elementType()));
        } else if (from instanceof MapType a && to instanceof MapType b) {
            return map(b, Conversions.of(a.keyType(), b.keyType()), Conversions.of(a.valueType(), b.valueType()));
        }
        StructType target = (StructType) to;
        List<Conversion> fields = new ArrayList<>();
        for (int i = 0; i < target.size(); i++) {
            fields.add(Conversions.of(
                    ((StructType) from).field(i).dataType(), target.field(i).dataType()));
        }
        return struct(target, List.copyOf(fields));
    }

    private static Conversion array(ArrayType type, Conversion element) {
        return (input, rows, run) -> {
            ArrayVector array = (ArrayVector) input;
            Selection members = members(array, array.starts(), array.lengths(), rows);
            ColumnVector elements = element.apply(array.elements(), members, run);
            return new ArrayVector(type, array.length(), array.starts(), array.lengths(), elements, array.validity());
        };
    }

    private static Conversion map(MapType type, Conversion key, Conversion value) {
        return (input, rows, run) -> {
            MapVector map = (MapVector) input;
            Selection members = members(map, map.starts(), map.lengths(), rows);
            return new MapVector(
                    type,
                    map.length(),
                    map.starts(),
                    map.lengths(),
                    key.apply(map.keys(), members, run),
                    value.apply(map.entryValues(), members, run),
                    map.validity());
        };
    }

    private static Conversion struct(StructType type, List<Conversion> fields) {
        return (input, rows, run) -> {
            StructVector struct = (StructVector) input;
            Selection valid = Rows.valid(rows, struct.validity());
            List<ColumnVector> children = new ArrayList<>(fields.size());
            for (int i = 0; i < fields.size(); i++) {
                children.add(fields.get(i).apply(struct.child(i), valid, run));
            }
            return new StructVector(type, rows.limit(), children, struct.validity());
        };
    }

    /** Returns the positions of the members that the rows have. */
    static Selection members(ColumnVector column, int[] starts, int[] lengths, Selection rows) {
        BitSet used = new BitSet();
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!column.isNull(row)) {
                used.set(starts[row], starts[row] + lengths[row]);
            }
        }
        int count = used.cardinality();
        return count == used.length()
                ? Selection.all(count)
                : Selection.of(used.stream().toArray(), count);
    }
}
