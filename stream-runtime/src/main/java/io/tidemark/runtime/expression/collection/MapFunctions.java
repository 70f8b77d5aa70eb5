package io.tidemark.runtime.expression.collection;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BooleanVectorBuilder;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.StructVector;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowKernel;
import java.util.List;
import java.util.function.Function;

/** Functions on whole maps: their keys, values and entries, which share the columns of the map. */
final class MapFunctions {
    private MapFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                view("map_keys", map -> map.keyType(), map -> false, MapVector::keys),
                view("map_values", map -> map.valueType(), MapType::valueContainsNull, MapVector::entryValues),
                view("map_entries", MapFunctions::entryType, map -> false, MapFunctions::entries),
                Builtin.of("map_contains_key", MapFunctions::bindContainsKey, (call, arguments) -> {
                    MapKeys rule =
                            new MapKeys(((MapType) call.arguments().get(0).type()).keyType());
                    return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
                        MapVector maps = (MapVector) in[0];
                        ((BooleanVectorBuilder) out)
                                .appendBoolean(
                                        rule.find(maps.keys(), maps.starts()[row], maps.lengths()[row], in[1], row)
                                                >= 0);
                    });
                }));
    }

    static MapType requireMap(Arguments arguments, int index) {
        if (arguments.type(index) instanceof MapType map) {
            return map;
        }
        throw arguments.mismatch(index, "MAP");
    }

    private static BoundExpression bindContainsKey(Arguments arguments) {
        MapType map = requireMap(arguments.count(2), 0);
        arguments.cast(1, map.keyType());
        return arguments.call(AtomicType.BOOLEAN);
    }

    private static Builtin view(
            String name,
            Function<MapType, DataType> element,
            Function<MapType, Boolean> containsNull,
            Function<MapVector, ColumnVector> elements) {
        return Builtin.of(
                name,
                arguments -> {
                    MapType map = requireMap(arguments.count(1), 0);
                    return arguments.call(new ArrayType(element.apply(map), containsNull.apply(map)));
                },
                (call, arguments) -> viewKernel((ArrayType) call.type(), arguments.get(0), elements));
    }

    private static Kernel viewKernel(ArrayType type, Kernel argument, Function<MapVector, ColumnVector> elements) {
        return (batch, rows, context) -> {
            MapVector maps = (MapVector) argument.evaluate(batch, rows, context);
            return new ArrayVector(
                    type, maps.length(), maps.starts(), maps.lengths(), elements.apply(maps), maps.validity());
        };
    }

    private static StructType entryType(MapType map) {
        return StructType.of(
                new StructField("key", map.keyType(), false),
                new StructField("value", map.valueType(), map.valueContainsNull()));
    }

    private static ColumnVector entries(MapVector maps) {
        return new StructVector(
                entryType((MapType) maps.type()),
                Math.min(maps.keys().length(), maps.entryValues().length()),
                List.of(maps.keys(), maps.entryValues()),
                null);
    }
}
