package io.tidemark.runtime.sql;

import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.Expression.Alias;
import io.tidemark.api.plan.Expression.Attribute;
import io.tidemark.api.plan.Expression.Call;
import io.tidemark.api.plan.Expression.Cast;
import io.tidemark.api.plan.Expression.CastMode;
import io.tidemark.api.plan.Expression.FieldAccess;
import io.tidemark.api.plan.Expression.Literal;
import io.tidemark.api.plan.Expression.Star;
import io.tidemark.api.types.AtomicType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.RuleNode;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.Any_valueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ArithmeticBinaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ArithmeticUnaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BooleanLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CastByColonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CastContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CollateContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColumnReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComparisonContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CurrentLikeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DereferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExistsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExtractContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FirstContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionArgumentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionCallContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FunctionNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntervalLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LambdaContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LastContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalBinaryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LogicalNotContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedExpressionSeqContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NamedParameterLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NullLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NumericLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.OverlayContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ParenthesizedExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PosParameterLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PositionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicateContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PredicatedContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RowConstructorContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SearchedCaseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SemiStructuredExtractContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ShiftExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SimpleCaseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StarContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StringLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StructContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubqueryExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubscriptContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SubstringContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TimestampaddContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TimestampdiffContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TrimContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TypeConstructorContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WhenClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParserBaseVisitor;
import org.jspecify.annotations.Nullable;

/** Builds expressions from the parser's tree. */
final class ExpressionBuilder extends SqlBaseParserBaseVisitor<Expression> {
    /** The functions that choose one value and may be told what to do with nulls. */
    private static final Set<String> CHOOSING = Set.of("first", "first_value", "last", "last_value", "any_value");

    List<Expression> named(NamedExpressionSeqContext list) {
        return list.namedExpression().stream().map(this::named).toList();
    }

    Expression named(NamedExpressionContext expression) {
        Expression value = visit(expression.expression());
        if (expression.identifierList() != null) {
            throw Positions.unsupported("An alias of several names", expression.identifierList());
        }
        return expression.name == null
                ? value
                : new Alias(value, Names.of(expression.name), Positions.of(expression.name));
    }

    /** Passes through rules that only wrap another one; everything else that has no method here is not supported. */
    @Override
    public Expression visitChildren(RuleNode node) {
        if (node.getChildCount() == 1 && node.getChild(0) instanceof RuleNode only) {
            return visit(only);
        }
        ParserRuleContext rule = (ParserRuleContext) node.getRuleContext();
        throw Positions.unsupported("The expression " + Positions.shown(rule), rule);
    }

    // conditions

    @Override
    public Expression visitLogicalNot(LogicalNotContext ctx) {
        return not(visit(ctx.booleanExpression()), Positions.of(ctx));
    }

    @Override
    public Expression visitLogicalBinary(LogicalBinaryContext ctx) {
        String operator = ctx.operator.getType() == SqlBaseParser.AND ? "and" : "or";
        return call(operator, ctx, visit(ctx.left), visit(ctx.right));
    }

    @Override
    public Expression visitExists(ExistsContext ctx) {
        throw Positions.unsupported("EXISTS with a subquery", ctx);
    }

    @Override
    public Expression visitPredicated(PredicatedContext ctx) {
        Expression value = visit(ctx.valueExpression());
        PredicateContext predicate = ctx.predicate();
        if (predicate == null) {
            return value;
        }
        Origin origin = Positions.of(ctx);
        Expression positive = predicate(value, predicate, origin);
        boolean negated = predicate.errorCapturingNot() != null && predicate.quantifier == null;
        return negated ? not(positive, origin) : positive;
    }

    private Expression predicate(Expression value, PredicateContext ctx, Origin origin) {
        return switch (ctx.kind.getType()) {
            case SqlBaseParser.BETWEEN -> call("between", origin, value, visit(ctx.lower), visit(ctx.upper));
            case SqlBaseParser.IN -> in(value, ctx, origin);
            case SqlBaseParser.RLIKE -> call("rlike", origin, value, visit(ctx.pattern));
            case SqlBaseParser.LIKE, SqlBaseParser.ILIKE -> like(value, ctx, origin);
            case SqlBaseParser.NULL ->
                ctx.errorCapturingNot() == null
                        ? call("isnull", origin, value)
                        : not(call("isnotnull", origin, value), origin); // the caller's NOT cancels this one
            case SqlBaseParser.TRUE -> call("<=>", origin, value, bool(true, origin));
            case SqlBaseParser.FALSE -> call("<=>", origin, value, bool(false, origin));
            case SqlBaseParser.UNKNOWN -> call("isnull", origin, value);
            case SqlBaseParser.DISTINCT -> not(call("<=>", origin, value, visit(ctx.right)), origin);
            default -> throw Positions.unsupported(Positions.shown(ctx), ctx);
        };
    }

    private Expression in(Expression value, PredicateContext ctx, Origin origin) {
        if (ctx.query() != null) {
            throw Positions.unsupported("IN with a subquery", ctx);
        }
        List<Expression> arguments = new ArrayList<>();
        arguments.add(value);
        ctx.expression().forEach(choice -> arguments.add(visit(choice)));
        return new Call("in", arguments, origin);
    }

    private Expression like(Expression value, PredicateContext ctx, Origin origin) {
        boolean ignoreCase = ctx.kind.getType() == SqlBaseParser.ILIKE;
        if (ctx.quantifier != null) {
            return likeMany(value, ctx, ignoreCase, origin);
        }
        String function = ignoreCase ? "ilike" : "like";
        Expression pattern = visit(ctx.pattern);
        if (ctx.escapeChar == null) {
            return call(function, origin, value, pattern);
        }
        String escape = LiteralReader.string(ctx.escapeChar);
        if (escape.length() != 1) {
            throw Positions.literal("The ESCAPE of LIKE must be one character.", Positions.of(ctx.escapeChar));
        }
        return call(function, origin, value, pattern, text(escape, Positions.of(ctx.escapeChar)));
    }

    private Expression likeMany(Expression value, PredicateContext ctx, boolean ignoreCase, Origin origin) {
        if (ctx.expression().isEmpty()) {
            throw Positions.syntax("LIKE " + ctx.quantifier.getText() + " needs at least one pattern.", origin);
        }
        List<Expression> arguments = new ArrayList<>();
        arguments.add(ignoreCase ? call("lower", origin, value) : value);
        for (ExpressionContext pattern : ctx.expression()) {
            arguments.add(ignoreCase ? call("lower", origin, visit(pattern)) : visit(pattern));
        }
        String not = ctx.errorCapturingNot() == null ? "" : "not";
        String which = ctx.quantifier.getType() == SqlBaseParser.ALL ? "likeall" : "likeany";
        return new Call(not + which, arguments, origin);
    }

    // operators

    @Override
    public Expression visitComparison(ComparisonContext ctx) {
        String operator =
                switch (ctx.comparisonOperator().getStart().getType()) {
                    case SqlBaseParser.EQ -> "=";
                    case SqlBaseParser.NEQ, SqlBaseParser.NEQJ -> "!=";
                    case SqlBaseParser.LT -> "<";
                    case SqlBaseParser.LTE -> "<=";
                    case SqlBaseParser.GT -> ">";
                    case SqlBaseParser.GTE -> ">=";
                    case SqlBaseParser.NSEQ -> "<=>";
                    default ->
                        throw Positions.unsupported(
                                "The operator " + ctx.comparisonOperator().getText(), ctx);
                };
        return call(operator, ctx, visit(ctx.left), visit(ctx.right));
    }

    @Override
    public Expression visitArithmeticBinary(ArithmeticBinaryContext ctx) {
        String operator =
                switch (ctx.operator.getType()) {
                    case SqlBaseParser.DIV -> "div";
                    case SqlBaseParser.CONCAT_PIPE -> "concat";
                    default -> ctx.operator.getText();
                };
        return call(operator, ctx, visit(ctx.left), visit(ctx.right));
    }

    @Override
    public Expression visitArithmeticUnary(ArithmeticUnaryContext ctx) {
        String operator =
                switch (ctx.operator.getType()) {
                    case SqlBaseParser.MINUS -> "negative";
                    case SqlBaseParser.PLUS -> "positive";
                    default -> "~";
                };
        return call(operator, ctx, visit(ctx.valueExpression()));
    }

    @Override
    public Expression visitShiftExpression(ShiftExpressionContext ctx) {
        String function =
                switch (ctx.shiftOperator().getText()) {
                    case "<<" -> "shiftleft";
                    case ">>" -> "shiftright";
                    default -> "shiftrightunsigned";
                };
        return call(function, ctx, visit(ctx.left), visit(ctx.right));
    }

    @Override
    public Expression visitParenthesizedExpression(ParenthesizedExpressionContext ctx) {
        return visit(ctx.expression());
    }

    // columns

    @Override
    public Expression visitColumnReference(ColumnReferenceContext ctx) {
        return new Attribute(List.of(Names.of(ctx.identifier())), Positions.of(ctx));
    }

    @Override
    public Expression visitDereference(DereferenceContext ctx) {
        Expression base = visit(ctx.base);
        String field = Names.of(ctx.fieldName);
        if (base instanceof Attribute attribute && !(ctx.base instanceof ParenthesizedExpressionContext)) {
            List<String> parts = new ArrayList<>(attribute.nameParts());
            parts.add(field);
            return new Attribute(parts, Positions.of(ctx));
        }
        return new FieldAccess(base, field, Positions.of(ctx));
    }

    @Override
    public Expression visitSubscript(SubscriptContext ctx) {
        return call("[]", ctx, visit(ctx.value), visit(ctx.index));
    }

    @Override
    public Expression visitStar(StarContext ctx) {
        if (ctx.exceptClause() != null) {
            throw Positions.unsupported("* EXCEPT", ctx);
        }
        return new Star(ctx.qualifiedName() == null ? List.of() : Names.of(ctx.qualifiedName()), Positions.of(ctx));
    }

    // calls

    @Override
    public Expression visitFunctionCall(FunctionCallContext ctx) {
        String name = functionName(ctx.functionName());
        if (ctx.OVER() != null) {
            throw Positions.unsupported(
                    "OVER (window functions)", Positions.of(ctx.OVER().getSymbol()));
        } else if (ctx.WITHIN() != null) {
            throw Positions.unsupported(
                    "WITHIN GROUP", Positions.of(ctx.WITHIN().getSymbol()));
        } else if (ctx.nullsOption != null && !CHOOSING.contains(name)) {
            throw Positions.unsupported(
                    ctx.nullsOption.getText().toUpperCase(Locale.ROOT) + " NULLS", Positions.of(ctx.nullsOption));
        }
        List<Expression> arguments = new ArrayList<>();
        for (FunctionArgumentContext argument : ctx.argument) {
            if (argument.expression() == null) {
                throw Positions.unsupported("An argument passed by name", argument);
            }
            arguments.add(visit(argument.expression()));
        }
        if (name.equals("count")
                && arguments.size() == 1
                && arguments.get(0) instanceof Star star
                && star.qualifier().isEmpty()) {
            arguments.set(0, new Literal(1, AtomicType.INT, star.origin()));
        }
        if (ctx.nullsOption != null && ctx.nullsOption.getType() == SqlBaseParser.IGNORE) {
            arguments.add(bool(true, Positions.of(ctx.nullsOption)));
        }
        boolean distinct = ctx.setQuantifier() != null && ctx.setQuantifier().DISTINCT() != null;
        Expression filter = ctx.where == null ? null : visit(ctx.where);
        return new Call(name, arguments, distinct, filter, Positions.of(ctx));
    }

    private static String functionName(FunctionNameContext name) {
        if (name.qualifiedName() == null) {
            if (name.expression() != null) {
                throw Positions.unsupported("The IDENTIFIER clause", name);
            }
            return name.getText().toLowerCase(Locale.ROOT);
        }
        List<String> parts = Names.of(name.qualifiedName());
        if (parts.size() > 1) {
            throw Positions.unsupported("The function " + String.join(".", parts) + " of a catalog", name);
        }
        return parts.get(0).toLowerCase(Locale.ROOT);
    }

    @Override
    public Expression visitSearchedCase(SearchedCaseContext ctx) {
        List<Expression> arguments = new ArrayList<>();
        for (WhenClauseContext branch : ctx.whenClause()) {
            arguments.add(visit(branch.condition));
            arguments.add(visit(branch.result));
        }
        addElse(arguments, ctx.elseExpression);
        return new Call("case", arguments, Positions.of(ctx));
    }

    @Override
    public Expression visitSimpleCase(SimpleCaseContext ctx) {
        Expression value = visit(ctx.value);
        List<Expression> arguments = new ArrayList<>();
        for (WhenClauseContext branch : ctx.whenClause()) {
            arguments.add(call("=", branch, value, visit(branch.condition)));
            arguments.add(visit(branch.result));
        }
        addElse(arguments, ctx.elseExpression);
        return new Call("case", arguments, Positions.of(ctx));
    }

    private void addElse(List<Expression> arguments, @Nullable ExpressionContext otherwise) {
        if (otherwise != null) {
            arguments.add(visit(otherwise));
        }
    }

    @Override
    public Expression visitCast(CastContext ctx) {
        CastMode mode = ctx.name.getType() == SqlBaseParser.TRY_CAST ? CastMode.TRY_CAST : CastMode.CAST;
        return new Cast(visit(ctx.expression()), TypeBuilder.of(ctx.dataType()), mode, Positions.of(ctx));
    }

    @Override
    public Expression visitCastByColon(CastByColonContext ctx) {
        return new Cast(
                visit(ctx.primaryExpression()), TypeBuilder.of(ctx.dataType()), CastMode.CAST, Positions.of(ctx));
    }

    @Override
    public Expression visitStruct(StructContext ctx) {
        return new Call("struct", ctx.argument.stream().map(this::named).toList(), Positions.of(ctx));
    }

    @Override
    public Expression visitRowConstructor(RowConstructorContext ctx) {
        return new Call(
                "struct", ctx.namedExpression().stream().map(this::named).toList(), Positions.of(ctx));
    }

    @Override
    public Expression visitCurrentLike(CurrentLikeContext ctx) {
        return switch (ctx.name.getType()) {
            case SqlBaseParser.CURRENT_DATE -> call("current_date", ctx);
            case SqlBaseParser.CURRENT_TIMESTAMP -> call("current_timestamp", ctx);
            default -> new Attribute(List.of(ctx.name.getText()), Positions.of(ctx)); // no reserved word
        };
    }

    @Override
    public Expression visitSubstring(SubstringContext ctx) {
        return ctx.len == null
                ? call("substring", ctx, visit(ctx.str), visit(ctx.pos))
                : call("substring", ctx, visit(ctx.str), visit(ctx.pos), visit(ctx.len));
    }

    /** The characters to cut come first, as in a call with two arguments. */
    @Override
    public Expression visitTrim(TrimContext ctx) {
        String function =
                switch (ctx.trimOption == null ? SqlBaseParser.BOTH : ctx.trimOption.getType()) {
                    case SqlBaseParser.LEADING -> "ltrim";
                    case SqlBaseParser.TRAILING -> "rtrim";
                    default -> "trim";
                };
        return ctx.trimStr == null
                ? call(function, ctx, visit(ctx.srcStr))
                : call(function, ctx, visit(ctx.trimStr), visit(ctx.srcStr));
    }

    @Override
    public Expression visitExtract(ExtractContext ctx) {
        String field = ctx.field.getText().replace("`", "");
        return call("extract", ctx, text(field, Positions.of(ctx.field)), visit(ctx.source));
    }

    @Override
    public Expression visitPosition(PositionContext ctx) {
        return call("position", ctx, visit(ctx.substr), visit(ctx.str));
    }

    @Override
    public Expression visitOverlay(OverlayContext ctx) {
        List<Expression> arguments =
                new ArrayList<>(List.of(visit(ctx.input), visit(ctx.replace), visit(ctx.position)));
        if (ctx.length != null) {
            arguments.add(visit(ctx.length));
        }
        return new Call("overlay", arguments, Positions.of(ctx));
    }

    @Override
    public Expression visitTimestampadd(TimestampaddContext ctx) {
        if (ctx.unit == null) {
            throw Positions.syntax(
                    "The unit of " + ctx.name.getText() + " stands without quotes, for instance DAY.",
                    Positions.of(ctx.invalidUnit));
        }
        Expression unit = text(ctx.unit.getText(), Positions.of(ctx.unit));
        return call("timestampadd", ctx, unit, visit(ctx.unitsAmount), visit(ctx.timestamp));
    }

    @Override
    public Expression visitTimestampdiff(TimestampdiffContext ctx) {
        if (ctx.unit == null) {
            throw Positions.syntax(
                    "The unit of " + ctx.name.getText() + " stands without quotes, for instance DAY.",
                    Positions.of(ctx.invalidUnit));
        }
        Expression unit = text(ctx.unit.getText(), Positions.of(ctx.unit));
        return call("timestampdiff", ctx, unit, visit(ctx.startTimestamp), visit(ctx.endTimestamp));
    }

    @Override
    public Expression visitFirst(FirstContext ctx) {
        return aggregate("first", ctx.expression(), ctx.IGNORE() != null, ctx);
    }

    @Override
    public Expression visitLast(LastContext ctx) {
        return aggregate("last", ctx.expression(), ctx.IGNORE() != null, ctx);
    }

    @Override
    public Expression visitAny_value(Any_valueContext ctx) {
        return aggregate("any_value", ctx.expression(), ctx.IGNORE() != null, ctx);
    }

    private Expression aggregate(String function, ExpressionContext value, boolean ignoreNulls, ParserRuleContext ctx) {
        return ignoreNulls
                ? call(function, ctx, visit(value), bool(true, Positions.of(ctx)))
                : call(function, ctx, visit(value));
    }

    @Override
    public Expression visitSubqueryExpression(SubqueryExpressionContext ctx) {
        throw Positions.unsupported("A subquery as a value", ctx);
    }

    @Override
    public Expression visitLambda(LambdaContext ctx) {
        throw Positions.unsupported("A lambda (->)", ctx);
    }

    @Override
    public Expression visitCollate(CollateContext ctx) {
        throw Positions.unsupported("COLLATE", ctx);
    }

    @Override
    public Expression visitSemiStructuredExtract(SemiStructuredExtractContext ctx) {
        throw Positions.unsupported("The path access ':'", ctx);
    }

    // constants

    @Override
    public Expression visitNullLiteral(NullLiteralContext ctx) {
        return new Literal(null, AtomicType.NULL, Positions.of(ctx));
    }

    @Override
    public Expression visitBooleanLiteral(BooleanLiteralContext ctx) {
        return bool(ctx.getStart().getType() == SqlBaseParser.TRUE, Positions.of(ctx));
    }

    @Override
    public Expression visitNumericLiteral(NumericLiteralContext ctx) {
        return LiteralReader.number(ctx.number());
    }

    @Override
    public Expression visitStringLiteral(StringLiteralContext ctx) {
        return text(LiteralReader.string(ctx.stringLit()), Positions.of(ctx));
    }

    @Override
    public Expression visitTypeConstructor(TypeConstructorContext ctx) {
        return LiteralReader.typed(ctx);
    }

    @Override
    public Expression visitIntervalLiteral(IntervalLiteralContext ctx) {
        return IntervalReader.interval(ctx.interval());
    }

    @Override
    public Expression visitPosParameterLiteral(PosParameterLiteralContext ctx) {
        throw Positions.unsupported("A parameter marker", ctx);
    }

    @Override
    public Expression visitNamedParameterLiteral(NamedParameterLiteralContext ctx) {
        throw Positions.unsupported("A parameter marker", ctx);
    }

    // parts

    private static Call call(String function, ParserRuleContext ctx, Expression... arguments) {
        return call(function, Positions.of(ctx), arguments);
    }

    private static Call call(String function, Origin origin, Expression... arguments) {
        return new Call(function, List.of(arguments), origin);
    }

    private static Expression not(Expression value, Origin origin) {
        if (value instanceof Call call
                && call.function().equals("not")
                && call.origin().equals(origin)) {
            return call.arguments().get(0);
        }
        return call("not", origin, value);
    }

    private static Literal bool(boolean value, Origin origin) {
        return new Literal(value, AtomicType.BOOLEAN, origin);
    }

    private static Literal text(String value, Origin origin) {
        return new Literal(value, AtomicType.STRING, origin);
    }
}
