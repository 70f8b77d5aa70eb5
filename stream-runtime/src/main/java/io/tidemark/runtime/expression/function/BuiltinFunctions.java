package io.tidemark.runtime.expression.function;

import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.expression.collection.CollectionFunctions;
import io.tidemark.runtime.expression.json.JsonFunctions;
import io.tidemark.runtime.expression.text.TextFunctions;
import java.util.ArrayList;
import java.util.List;

/** All functions that a query may call without more ado. A new family is added here, in one line. */
public final class BuiltinFunctions {
    private BuiltinFunctions() {}

    /** Returns a registry of all of them. */
    public static FunctionRegistry registry() {
        List<FunctionDefinition> all = new ArrayList<>();
        all.addAll(ArithmeticFunctions.all());
        all.addAll(ComparisonFunctions.all());
        all.addAll(LogicFunctions.all());
        all.addAll(ConditionalFunctions.all());
        all.addAll(SignFunctions.all());
        all.addAll(MathFunctions.all());
        all.addAll(RoundingFunctions.all());
        all.addAll(BitFunctions.all());
        all.addAll(HashFunctions.all());
        all.addAll(CastFunctions.all());
        all.addAll(CurrentTimeFunctions.all());
        all.addAll(DatetimeFields.all());
        all.addAll(DatetimeTruncation.all());
        all.addAll(DateShiftFunctions.all());
        all.addAll(TimestampShiftFunctions.all());
        all.addAll(EpochFunctions.all());
        all.addAll(DatetimeTextFunctions.all());
        all.addAll(TextFunctions.all());
        all.addAll(CollectionFunctions.all());
        all.addAll(JsonFunctions.all());
        return new FunctionRegistry(all);
    }
}
