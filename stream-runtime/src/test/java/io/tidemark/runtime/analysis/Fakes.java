package io.tidemark.runtime.analysis;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.json.JsonFunctions;
import java.util.ArrayList;
import java.util.List;

/** Functions that are typed but never computed, for tests of analysis and of the rules. */
public final class Fakes {
    private Fakes() {}

    public static FunctionRegistry functions() {
        List<FunctionDefinition> all = new ArrayList<>();
        JsonFunctions.all().stream().filter(f -> f.name().equals("from_json")).forEach(all::add);
        for (String name :
                List.of("=", "!=", "<", "<=", ">", ">=", "<=>", "and", "or", "not", "in", "like", "isnull")) {
            all.add(typed(name, a -> a.call(AtomicType.BOOLEAN)));
        }
        for (String name : List.of("+", "-", "*", "/", "coalesce", "case", "if")) {
            all.add(typed(name, a -> a.call(a.castToCommonType(name.equals("case") || name.equals("if") ? 1 : 0))));
        }
        for (String name : List.of("upper", "lower", "concat", "to_json")) {
            all.add(typed(name, a -> a.call(AtomicType.STRING)));
        }
        all.add(typed("year", a -> a.call(AtomicType.INT)));
        all.add(typed("to_timestamp", a -> a.call(AtomicType.TIMESTAMP)));
        all.add(typed("current_timestamp", a -> a.call(AtomicType.TIMESTAMP, false)));
        all.add(typed("[]", a -> a.call(AtomicType.STRING, true)));
        all.add(typed("map", a -> a.call(new io.tidemark.api.types.MapType(AtomicType.STRING, a.type(1)), false)));
        all.add(typed("named_struct", Fakes::struct));
        all.add(new Rand());
        return new FunctionRegistry(all);
    }

    private static BoundExpression struct(Arguments a) {
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < a.size(); i += 2) {
            String name = String.valueOf(((Constant) a.get(i)).value());
            fields.add(new StructField(name, a.type(i + 1), a.get(i + 1).nullable()));
        }
        return a.call(new StructType(fields), false);
    }

    private static Builtin typed(String name, Builtin.Typing typing) {
        return Builtin.of(name, typing, (call, arguments) -> {
                    throw new UnsupportedOperationException(name);
                })
                .notFoldable();
    }

    private static final class Rand implements FunctionDefinition {
        @Override
        public String name() {
            return "rand";
        }

        @Override
        public boolean isDeterministic() {
            return false;
        }

        @Override
        public BoundExpression bind(List<BoundExpression> arguments, BindContext context) {
            return new BoundCall(this, arguments, AtomicType.DOUBLE, false, context.origin());
        }

        @Override
        public Kernel kernel(BoundCall call, List<Kernel> arguments) {
            throw new UnsupportedOperationException("rand");
        }
    }
}
