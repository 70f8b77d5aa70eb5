package io.tidemark.runtime.expression.collection;

import io.tidemark.runtime.expression.FunctionDefinition;
import java.util.ArrayList;
import java.util.List;

/** The functions on structs, arrays and maps. */
public final class CollectionFunctions {
    private CollectionFunctions() {}

    /** Returns all of them. */
    public static List<FunctionDefinition> all() {
        List<FunctionDefinition> all = new ArrayList<>();
        all.addAll(MakeFunctions.all());
        all.addAll(AccessFunctions.all());
        all.addAll(MapFunctions.all());
        all.addAll(ArrayFunctions.all());
        return List.copyOf(all);
    }
}
