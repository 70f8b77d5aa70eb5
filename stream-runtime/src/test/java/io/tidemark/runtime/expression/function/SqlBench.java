package io.tidemark.runtime.expression.function;

import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.sql.SqlParser;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types and computes expressions written in SQL over columns of a given schema. */
record SqlBench(boolean ansi, ZoneId zone, StructType schema) {
    static final Instant BATCH_TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final FunctionRegistry FUNCTIONS = BuiltinFunctions.registry();

    static SqlBench standard() {
        return new SqlBench(true, ZoneId.of("UTC"), StructType.EMPTY);
    }

    SqlBench withAnsi(boolean other) {
        return new SqlBench(other, zone, schema);
    }

    SqlBench in(String zoneName) {
        return new SqlBench(ansi, ZoneId.of(zoneName), schema);
    }

    SqlBench over(StructType other) {
        return new SqlBench(ansi, zone, other);
    }

    BindContext bindContext() {
        return new BindContext(ansi, zone, Origin.NONE, FUNCTIONS);
    }

    EvaluationContext evaluationContext() {
        return new EvaluationContext(BATCH_TIME.toEpochMilli(), zone, ansi);
    }

    BoundExpression bind(String sql) {
        return bind(SqlParser.parseExpression(sql));
    }

    /** Computes a constant expression. */
    @Nullable
    Object value(String sql) {
        return evaluate(bind(sql), new ColumnBatch(StructType.EMPTY, List.of(), 1), Selection.all(1))
                .value(0);
    }

    /** Computes a constant expression and shows it as a cast to string does. */
    @Nullable
    String text(String sql) {
        BoundExpression bound = bind(sql);
        BoundExpression cast = CastFunction.bind(bound, AtomicType.STRING, Expression.CastMode.CAST, bindContext());
        return (String) evaluate(cast, new ColumnBatch(StructType.EMPTY, List.of(), 1), Selection.all(1))
                .value(0);
    }

    ColumnVector evaluate(BoundExpression expression, ColumnBatch batch, Selection rows) {
        return KernelCompiler.compile(expression).evaluate(batch, rows, evaluationContext());
    }

    private BoundExpression bind(Expression expression) {
        if (expression instanceof Expression.Literal literal) {
            return new Constant(literal.value(), literal.type());
        } else if (expression instanceof Expression.Alias alias) {
            return bind(alias.input());
        } else if (expression instanceof Expression.Cast cast) {
            return CastFunction.bind(bind(cast.input()), cast.type(), cast.mode(), bindContext());
        } else if (expression instanceof Expression.Attribute attribute) {
            int at = schema.indexOf(attribute.nameParts().get(0)).orElseThrow();
            return new ColumnRef(at, schema.field(at).name(), schema.field(at).dataType(), true);
        }
        Expression.Call call = (Expression.Call) expression;
        Optional<IntervalShift> shift = IntervalShift.of(call);
        if (shift.isPresent()) {
            return shift.get().bind(bind(shift.get().value()), bindContext());
        }
        List<BoundExpression> arguments = new ArrayList<>();
        if (call.function().equals("struct")) {
            for (int i = 0; i < call.arguments().size(); i++) {
                arguments.add(new Constant("col" + (i + 1), AtomicType.STRING));
                arguments.add(bind(call.arguments().get(i)));
            }
            return FUNCTIONS.builtin("named_struct").bind(arguments, bindContext());
        }
        call.arguments().forEach(a -> arguments.add(bind(a)));
        if (call.function().equals("between")) {
            BoundExpression lower =
                    FUNCTIONS.builtin(">=").bind(List.of(arguments.get(0), arguments.get(1)), bindContext());
            BoundExpression upper =
                    FUNCTIONS.builtin("<=").bind(List.of(arguments.get(0), arguments.get(2)), bindContext());
            return FUNCTIONS.builtin("and").bind(List.of(lower, upper), bindContext());
        }
        return Objects.requireNonNull(FUNCTIONS
                .find(call.function())
                .orElseThrow(() -> new IllegalArgumentException("no function " + call.function()))
                .bind(arguments, bindContext()));
    }
}
