package io.tidemark.runtime.expression.text;

import io.tidemark.runtime.expression.FunctionDefinition;
import java.util.ArrayList;
import java.util.List;

/** The functions on strings and bytes. */
public final class TextFunctions {
    private TextFunctions() {}

    /** Returns all of them. */
    public static List<FunctionDefinition> all() {
        List<FunctionDefinition> all = new ArrayList<>();
        all.addAll(CutFunctions.all());
        all.addAll(SearchFunctions.all());
        all.addAll(BuildFunctions.all());
        all.addAll(LikeFunctions.all());
        all.addAll(RegexFunctions.all());
        all.addAll(BinaryFunctions.all());
        return List.copyOf(all);
    }
}
