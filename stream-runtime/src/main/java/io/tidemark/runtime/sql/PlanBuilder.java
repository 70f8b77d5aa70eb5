package io.tidemark.runtime.sql;

import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.streaming.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.RuleNode;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParserBaseVisitor;
import org.jspecify.annotations.Nullable;

/** Builds relations from the parser's tree. */
final class PlanBuilder extends SqlBaseParserBaseVisitor<LogicalPlan> {
    /** What Spark calls a subquery in FROM that has no name of its own; its columns cannot be qualified. */
    static final String UNNAMED_SUBQUERY = "__auto_generated_subquery_name";

    private final ExpressionBuilder expressions = new ExpressionBuilder();

    LogicalPlan statement(SqlBaseParser.SingleStatementContext ctx) {
        if (ctx.statement() instanceof SqlBaseParser.StatementDefaultContext query) {
            return visit(query.query());
        }
        throw Positions.unsupported("The statement " + firstWords(ctx), Positions.of(ctx.getStart()));
    }

    /** Passes through rules that only wrap another one; everything else that has no method here is not supported. */
    @Override
    public LogicalPlan visitChildren(RuleNode node) {
        if (node.getChildCount() == 1 && node.getChild(0) instanceof RuleNode only) {
            return visit(only);
        }
        ParserRuleContext rule = (ParserRuleContext) node.getRuleContext();
        throw Positions.unsupported(Positions.shown(rule), rule);
    }

    private static String firstWords(ParserRuleContext statement) {
        String[] words = Positions.shown(statement).toUpperCase(Locale.ROOT).split(" ", 3);
        return words.length == 1 ? words[0] : words[0] + " " + words[1];
    }

    // queries

    @Override
    public LogicalPlan visitQuery(SqlBaseParser.QueryContext ctx) {
        LogicalPlan body = organized(visit(ctx.queryTerm()), ctx.queryOrganization());
        return ctx.ctes() == null ? body : with(ctx.ctes(), body);
    }

    private LogicalPlan with(SqlBaseParser.CtesContext ctx, LogicalPlan body) {
        if (ctx.RECURSIVE() != null) {
            throw Positions.unsupported("WITH RECURSIVE", ctx);
        }
        List<LogicalPlan.SubqueryAlias> definitions = new ArrayList<>();
        for (SqlBaseParser.NamedQueryContext query : ctx.namedQuery()) {
            String name = Names.of(query.name);
            if (definitions.stream().anyMatch(d -> d.name().equalsIgnoreCase(name))) {
                throw Positions.syntax(
                        "WITH defines " + name + " twice. Give each of its queries another name.",
                        Positions.of(query.name));
            }
            List<String> columns = query.columnAliases == null ? List.of() : Names.of(query.columnAliases);
            definitions.add(new LogicalPlan.SubqueryAlias(name, columns, visit(query.query())));
        }
        return new LogicalPlan.With(definitions, body);
    }

    private LogicalPlan organized(LogicalPlan input, SqlBaseParser.QueryOrganizationContext ctx) {
        refuse("CLUSTER BY", ctx.CLUSTER());
        refuse("DISTRIBUTE BY", ctx.DISTRIBUTE());
        refuse("SORT BY", ctx.SORT());
        refuse("OFFSET", ctx.OFFSET());
        refuse("The WINDOW clause", ctx.windowClause());
        LogicalPlan plan = input;
        if (!ctx.order.isEmpty()) {
            plan = new LogicalPlan.Sort(
                    ctx.order.stream().map(this::sortKey).toList(),
                    plan,
                    clause(ctx.ORDER(), ctx.order.get(ctx.order.size() - 1)));
        }
        if (ctx.limit != null) {
            plan = new LogicalPlan.Limit(expressions.visit(ctx.limit), plan, clause(ctx.LIMIT(), ctx.limit));
        }
        return plan;
    }

    private LogicalPlan.SortKey sortKey(SqlBaseParser.SortItemContext ctx) {
        boolean ascending = ctx.DESC() == null;
        boolean nullsFirst = ctx.nullOrder == null ? ascending : ctx.FIRST() != null;
        return new LogicalPlan.SortKey(expressions.visit(ctx.expression()), ascending, nullsFirst);
    }

    @Override
    public LogicalPlan visitSetOperation(SqlBaseParser.SetOperationContext ctx) {
        if (ctx.UNION() == null) {
            throw Positions.unsupported(ctx.operator.getText().toUpperCase(Locale.ROOT), Positions.of(ctx.operator));
        }
        Origin origin = Positions.of(ctx.operator);
        LogicalPlan union = new LogicalPlan.Union(
                List.of(visit(ctx.left), visit(ctx.right)), LogicalPlan.Matching.BY_POSITION, origin);
        boolean all = ctx.setQuantifier() != null && ctx.setQuantifier().ALL() != null;
        return all ? union : new LogicalPlan.Distinct(union, origin);
    }

    @Override
    public LogicalPlan visitOperatorPipeStatement(SqlBaseParser.OperatorPipeStatementContext ctx) {
        throw Positions.unsupported(
                "The pipe operator |>", Positions.of(ctx.OPERATOR_PIPE().getSymbol()));
    }

    @Override
    public LogicalPlan visitSubquery(SqlBaseParser.SubqueryContext ctx) {
        return visit(ctx.query());
    }

    @Override
    public LogicalPlan visitTable(SqlBaseParser.TableContext ctx) {
        return new LogicalPlan.UnresolvedRelation(Names.of(ctx.identifierReference()), Positions.of(ctx));
    }

    @Override
    public LogicalPlan visitInlineTable(SqlBaseParser.InlineTableContext ctx) {
        throw Positions.unsupported("VALUES", ctx);
    }

    @Override
    public LogicalPlan visitTransformQuerySpecification(SqlBaseParser.TransformQuerySpecificationContext ctx) {
        throw Positions.unsupported("TRANSFORM", ctx);
    }

    @Override
    public LogicalPlan visitFromStmt(SqlBaseParser.FromStmtContext ctx) {
        throw Positions.unsupported("FROM before SELECT", ctx);
    }

    @Override
    public LogicalPlan visitRegularQuerySpecification(SqlBaseParser.RegularQuerySpecificationContext ctx) {
        if (!ctx.lateralView().isEmpty()) {
            refuse("LATERAL VIEW", ctx.lateralView(0));
        }
        refuse("The WINDOW clause", ctx.windowClause());
        LogicalPlan input = ctx.fromClause() == null ? new LogicalPlan.OneRow() : from(ctx.fromClause());
        if (ctx.whereClause() != null) {
            input = new LogicalPlan.Filter(expressions.visit(ctx.whereClause().booleanExpression()), input);
        }
        SqlBaseParser.SelectClauseContext select = ctx.selectClause();
        List<Expression> output = expressions.named(select.namedExpressionSeq());
        LogicalPlan plan = ctx.aggregationClause() == null && ctx.havingClause() == null
                ? new LogicalPlan.Project(output, input)
                : aggregate(ctx, output, input);
        if (select.setQuantifier() != null && select.setQuantifier().DISTINCT() != null) {
            return new LogicalPlan.Distinct(plan, Positions.of(select.setQuantifier()));
        }
        return plan;
    }

    private LogicalPlan aggregate(
            SqlBaseParser.RegularQuerySpecificationContext ctx, List<Expression> output, LogicalPlan input) {
        SqlBaseParser.HavingClauseContext having = ctx.havingClause();
        Expression condition = having == null ? null : expressions.visit(having.booleanExpression());
        SqlBaseParser.AggregationClauseContext group = ctx.aggregationClause();
        if (group == null) {
            return new LogicalPlan.Aggregate(List.of(), output, condition, input, Positions.of(having));
        }
        if (group.kind != null) {
            String kind = group.kind.getText().toUpperCase(Locale.ROOT);
            throw Positions.unsupported(kind.equals("GROUPING") ? "GROUPING SETS" : kind, Positions.of(group.kind));
        }
        List<Expression> keys = new ArrayList<>();
        for (SqlBaseParser.GroupByClauseContext key : group.groupingExpressionsWithGroupingAnalytics) {
            if (key.groupingAnalytics() != null) {
                throw Positions.unsupported(Positions.shown(key), key);
            }
            keys.add(expressions.visit(key.expression()));
        }
        group.groupingExpressions.forEach(key -> keys.add(expressions.named(key)));
        return new LogicalPlan.Aggregate(keys, output, condition, input, Positions.of(group));
    }

    // relations

    private LogicalPlan from(SqlBaseParser.FromClauseContext ctx) {
        if (ctx.relation().size() > 1) {
            throw Positions.unsupported("A join by comma", ctx.relation(1));
        }
        if (!ctx.lateralView().isEmpty()) {
            refuse("LATERAL VIEW", ctx.lateralView(0));
        }
        refuse("PIVOT", ctx.pivotClause());
        refuse("UNPIVOT", ctx.unpivotClause());
        return relation(ctx.relation(0));
    }

    private LogicalPlan relation(SqlBaseParser.RelationContext ctx) {
        refuse("LATERAL", ctx.LATERAL());
        for (SqlBaseParser.RelationExtensionContext extension : ctx.relationExtension()) {
            if (extension.joinRelation() != null) {
                throw Positions.unsupported(joinName(extension.joinRelation()), extension);
            }
            refuse("PIVOT", extension.pivotClause());
            refuse("UNPIVOT", extension.unpivotClause());
        }
        return visit(ctx.relationPrimary());
    }

    private static String joinName(SqlBaseParser.JoinRelationContext join) {
        String type = Positions.text(join.joinType()).toUpperCase(Locale.ROOT);
        String kind = join.joinType().getChildCount() == 0 ? "JOIN" : type.replaceAll("\\s+", " ") + " JOIN";
        return join.NATURAL() == null ? kind : "NATURAL " + kind;
    }

    @Override
    public LogicalPlan visitRelation(SqlBaseParser.RelationContext ctx) {
        return relation(ctx);
    }

    @Override
    public LogicalPlan visitTableName(SqlBaseParser.TableNameContext ctx) {
        refuse("Time travel (VERSION or TIMESTAMP AS OF)", ctx.temporalClause());
        refuse("WITH options behind a table name", ctx.optionsClause());
        refuse("TABLESAMPLE", ctx.sample());
        LogicalPlan table = new LogicalPlan.UnresolvedRelation(
                Names.of(ctx.identifierReference()), Positions.of(ctx.identifierReference()));
        return aliased(watermarked(table, ctx.watermarkClause()), ctx.tableAlias());
    }

    @Override
    public LogicalPlan visitStreamTableName(SqlBaseParser.StreamTableNameContext ctx) {
        refuse("WITH options behind a table name", ctx.optionsClause());
        LogicalPlan table = new LogicalPlan.UnresolvedRelation(
                Names.of(ctx.multipartIdentifier()), Positions.of(ctx.multipartIdentifier()));
        return aliased(watermarked(table, ctx.watermarkClause()), ctx.tableAlias());
    }

    @Override
    public LogicalPlan visitAliasedQuery(SqlBaseParser.AliasedQueryContext ctx) {
        refuse("TABLESAMPLE", ctx.sample());
        LogicalPlan query = watermarked(visit(ctx.query()), ctx.watermarkClause());
        return ctx.tableAlias().strictIdentifier() == null
                ? new LogicalPlan.SubqueryAlias(UNNAMED_SUBQUERY, List.of(), query)
                : aliased(query, ctx.tableAlias());
    }

    @Override
    public LogicalPlan visitAliasedRelation(SqlBaseParser.AliasedRelationContext ctx) {
        refuse("TABLESAMPLE", ctx.sample());
        return aliased(watermarked(relation(ctx.relation()), ctx.watermarkClause()), ctx.tableAlias());
    }

    @Override
    public LogicalPlan visitTableValuedFunction(SqlBaseParser.TableValuedFunctionContext ctx) {
        throw Positions.unsupported("The table function " + Positions.text(ctx.functionTable().funcName), ctx);
    }

    private static LogicalPlan aliased(LogicalPlan input, SqlBaseParser.TableAliasContext alias) {
        if (alias.strictIdentifier() == null) {
            return input;
        }
        List<String> columns = alias.identifierList() == null ? List.of() : Names.of(alias.identifierList());
        return new LogicalPlan.SubqueryAlias(Names.of(alias.strictIdentifier()), columns, input);
    }

    /** A watermark on something else than a column adds that as a column before the others, as in Spark. */
    private LogicalPlan watermarked(LogicalPlan input, SqlBaseParser.@Nullable WatermarkClauseContext ctx) {
        if (ctx == null) {
            return input;
        }
        Origin origin = Positions.of(ctx);
        Expression column = expressions.named(ctx.colName);
        long delayMillis = millis(ctx.delay);
        if (column instanceof Expression.Attribute) {
            return new LogicalPlan.WithWatermark(column, delayMillis, input, origin);
        } else if (!(column instanceof Expression.Alias alias)) {
            throw Positions.syntax(
                    "A watermark on an expression needs a name: WATERMARK " + Positions.text(ctx.colName)
                            + " AS event_time DELAY OF …",
                    origin);
        } else {
            LogicalPlan added =
                    new LogicalPlan.Project(List.of(alias, new Expression.Star(List.of(), alias.origin())), input);
            Expression name = new Expression.Attribute(List.of(alias.name()), alias.origin());
            return new LogicalPlan.WithWatermark(name, delayMillis, added, origin);
        }
    }

    private static long millis(SqlBaseParser.IntervalContext interval) {
        Origin origin = Positions.of(interval);
        if (interval.errorCapturingMultiUnitsInterval() == null) {
            throw Positions.unsupported("An interval from one unit TO another", interval);
        }
        SqlBaseParser.MultiUnitsIntervalContext body = interval.errorCapturingMultiUnitsInterval().body;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < body.intervalValue().size(); i++) {
            SqlBaseParser.IntervalValueContext value = body.intervalValue(i);
            String number = value.stringLit() == null ? value.getText() : signed(value);
            text.append(number).append(' ').append(body.unit.get(i).getText()).append(' ');
        }
        long millis = Durations.parseMillis(text.toString());
        if (millis < 0) {
            throw Positions.literal(
                    "The watermark delay must not be negative. Give a duration of zero or more.", origin);
        }
        return millis;
    }

    private static String signed(SqlBaseParser.IntervalValueContext value) {
        String text = LiteralReader.string(value.stringLit()).strip();
        return value.MINUS() == null ? text : "-" + text;
    }

    // parts

    private static void refuse(String clause, @Nullable ParserRuleContext part) {
        if (part != null) {
            throw Positions.unsupported(clause, part);
        }
    }

    private static void refuse(String clause, @Nullable TerminalNode keyword) {
        if (keyword != null) {
            throw Positions.unsupported(clause, Positions.of(keyword.getSymbol()));
        }
    }

    /** Returns the place of a clause that has no rule of its own, from its keyword to its last part. */
    private static Origin clause(TerminalNode keyword, ParserRuleContext last) {
        Token start = keyword.getSymbol();
        ParserRuleContext range = new ParserRuleContext();
        range.start = start;
        range.stop = last.getStop();
        return new Origin(start.getLine(), start.getCharPositionInLine() + 1, Positions.text(range));
    }
}
