package io.tidemark.runtime.sql;

import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Shows parsed plans in a short form that tests compare: {@code (+ a 1:int)}, {@code project[a](table t)}. */
public final class PlanText {
    private PlanText() {}

    public static String of(Expression e) {
        if (e instanceof Expression.Attribute a) {
            return String.join(".", a.nameParts());
        } else if (e instanceof Expression.Star star) {
            return star.qualifier().isEmpty() ? "*" : String.join(".", star.qualifier()) + ".*";
        } else if (e instanceof Expression.Literal literal) {
            Object value = literal.value() instanceof byte[] b ? HexFormat.of().formatHex(b) : literal.value();
            return value + ":" + literal.type().simpleString();
        } else if (e instanceof Expression.FieldAccess access) {
            return "(field " + of(access.input()) + " " + access.field() + ")";
        } else if (e instanceof Expression.Cast cast) {
            return "(" + cast.mode().name().toLowerCase(java.util.Locale.ROOT) + " " + of(cast.input()) + " "
                    + cast.type().simpleString() + ")";
        } else if (e instanceof Expression.Alias alias) {
            return of(alias.input()) + " as " + alias.name();
        }
        Expression.Call call = (Expression.Call) e;
        return "(" + call.function() + (call.distinct() ? " distinct" : "")
                + call.arguments().stream().map(a -> " " + of(a)).collect(Collectors.joining())
                + (call.filter() == null ? "" : " filter " + of(call.filter())) + ")";
    }

    public static String of(List<Expression> list) {
        return list.stream().map(PlanText::of).collect(Collectors.joining(", ", "[", "]"));
    }

    public static String of(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.UnresolvedRelation r) {
            return "table " + String.join(".", r.nameParts());
        } else if (plan instanceof LogicalPlan.OneRow) {
            return "one row";
        } else if (plan instanceof LogicalPlan.Project p) {
            return "project" + of(p.expressions()) + "(" + of(p.input()) + ")";
        } else if (plan instanceof LogicalPlan.Filter f) {
            return "filter[" + of(f.condition()) + "](" + of(f.input()) + ")";
        } else if (plan instanceof LogicalPlan.Union u) {
            return u.inputs().stream().map(PlanText::of).collect(Collectors.joining("; ", "union(", ")"));
        } else if (plan instanceof LogicalPlan.SubqueryAlias a) {
            return a.name() + (a.columnNames().isEmpty() ? "" : a.columnNames()) + " := " + of(a.input());
        } else if (plan instanceof LogicalPlan.With w) {
            return w.definitions().stream().map(PlanText::of).collect(Collectors.joining("; ", "with{", "} "))
                    + of(w.body());
        } else if (plan instanceof LogicalPlan.WithWatermark w) {
            return "watermark[" + of(w.column()) + " " + w.delayMillis() + "](" + of(w.input()) + ")";
        } else if (plan instanceof LogicalPlan.Aggregate a) {
            return "aggregate" + of(a.grouping()) + of(a.output())
                    + (a.having() == null ? "" : " having " + of(a.having())) + "(" + of(a.input()) + ")";
        } else if (plan instanceof LogicalPlan.Distinct d) {
            return "distinct(" + of(d.input()) + ")";
        } else if (plan instanceof LogicalPlan.Limit l) {
            return "limit[" + of(l.count()) + "](" + of(l.input()) + ")";
        } else if (plan instanceof LogicalPlan.Sort s) {
            return "sort"
                    + s.keys().stream()
                            .map(k -> of(k.expression())
                                    + (k.ascending() ? " asc" : " desc")
                                    + (k.nullsFirst() ? " nulls first" : " nulls last"))
                            .collect(Collectors.joining(", ", "[", "]"))
                    + "(" + of(s.input()) + ")";
        }
        return plan.toString();
    }
}
