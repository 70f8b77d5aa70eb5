package io.tidemark.runtime.expression;

import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import io.tidemark.runtime.expression.function.CastFunction;
import io.tidemark.runtime.sql.SqlParser;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of SQL expressions without columns, computed with all builtin functions in the zone America/New_York. */
public final class SqlValue {
    private static final FunctionRegistry FUNCTIONS = BuiltinFunctions.registry();
    private static final ZoneId ZONE = ZoneId.of("America/New_York");

    private SqlValue() {}

    /** Returns the value as an object, computed under ANSI rules. */
    public static @Nullable Object of(String sql) {
        return of(sql, true);
    }

    public static @Nullable Object of(String sql, boolean ansi) {
        BoundExpression bound = bind(SqlParser.parseExpression(sql), ansi);
        return KernelCompiler.compile(bound)
                .evaluate(
                        new ColumnBatch(StructType.EMPTY, List.of(), 1),
                        Selection.all(1),
                        new EvaluationContext(0, ZONE, ansi))
                .value(0);
    }

    /** Returns the expression typed, its arguments not folded. */
    public static BoundExpression bind(String sql) {
        return bind(SqlParser.parseExpression(sql), true);
    }

    private static BoundExpression bind(Expression expression, boolean ansi) {
        BindContext context = new BindContext(ansi, ZONE, expression.origin(), FUNCTIONS);
        if (expression instanceof Expression.Alias alias) {
            return bind(alias.input(), ansi);
        } else if (expression instanceof Expression.Literal literal) {
            return new BoundExpression.Constant(literal.value(), literal.type());
        } else if (expression instanceof Expression.Cast cast) {
            return CastFunction.bind(bind(cast.input(), ansi), cast.type(), cast.mode(), context);
        } else if (expression instanceof Expression.FieldAccess access) {
            BoundExpression input = bind(access.input(), ansi);
            int ordinal = fields(input.type()).indexOf(access.field()).orElseThrow();
            return FieldAccessFunction.of(input, ordinal, access.origin());
        } else if (expression instanceof Expression.Call call) {
            boolean struct = call.function().equals("struct");
            List<BoundExpression> arguments = new ArrayList<>();
            for (int i = 0; i < call.arguments().size(); i++) {
                Expression argument = call.arguments().get(i);
                if (struct) {
                    String name = argument instanceof Expression.Alias alias ? alias.name() : "col" + (i + 1);
                    arguments.add(new BoundExpression.Constant(name, AtomicType.STRING));
                }
                arguments.add(bind(argument, ansi));
            }
            return FUNCTIONS.builtin(struct ? "named_struct" : call.function()).bind(arguments, context);
        }
        throw new IllegalArgumentException("not for tests without columns: " + expression);
    }

    private static StructType fields(DataType type) {
        return (StructType) (type instanceof ArrayType array ? array.elementType() : type);
    }
}
