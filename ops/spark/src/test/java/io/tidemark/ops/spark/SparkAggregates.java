package io.tidemark.ops.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateFunction;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark makes of aggregates over the view {@code t}, grouped by its column {@code g}: what the probe prints. */
final class SparkAggregates {
    private static final int AT_ONCE = 40;

    private final SparkSession spark;

    SparkAggregates(SparkSession spark) {
        this.spark = spark;
    }

    /** What became of a call: its type and buffer, and the values of the groups or the error. */
    record Outcome(String type, String buffer, String values) {}

    List<Outcome> outcomes(List<String> calls) {
        List<Outcome> shapes = calls.stream().map(this::shape).toList();
        List<String> valid = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            if (!shapes.get(i).type().equals("refused")) {
                valid.add(calls.get(i));
            }
        }
        TreeMap<String, String> values = new TreeMap<>();
        for (int from = 0; from < valid.size(); from += AT_ONCE) {
            List<String> some = valid.subList(from, Math.min(valid.size(), from + AT_ONCE));
            List<String> found = values(some);
            for (int i = 0; i < some.size(); i++) {
                values.put(some.get(i), found.get(i));
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            Outcome shape = shapes.get(i);
            outcomes.add(new Outcome(shape.type(), shape.buffer(), values.getOrDefault(calls.get(i), "refused")));
        }
        return outcomes;
    }

    private Outcome shape(String call) {
        try {
            Dataset<Row> result = spark.sql("SELECT g, " + call + " AS r FROM t GROUP BY g");
            StructField column = result.schema().apply(1);
            LogicalPlan optimised = ((org.apache.spark.sql.classic.Dataset<Row>) result)
                    .queryExecution()
                    .optimizedPlan();
            return new Outcome(
                    column.dataType().json() + (column.nullable() ? "" : " NOT NULL"), buffer(optimised), "");
        } catch (RuntimeException e) {
            return refused(e);
        } catch (Exception e) { // what Scala throws is not declared
            return refused(e);
        }
    }

    private static Outcome refused(Exception failure) {
        return new Outcome("refused", "none", String.valueOf(failure));
    }

    private static String buffer(LogicalPlan plan) {
        List<StructField> fields = new ArrayList<>();
        LogicalPlan node = plan;
        while (!(node instanceof Aggregate)) {
            node = node.children().head();
        }
        Iterator<NamedExpression> results =
                ((Aggregate) node).aggregateExpressions().iterator();
        while (results.hasNext()) {
            collect((Expression) results.next(), fields);
        }
        return new StructType(fields.toArray(StructField[]::new)).json();
    }

    private static void collect(Expression expression, List<StructField> fields) {
        if (expression instanceof AggregateFunction function) {
            for (Attribute attribute : CollectionConverters.asJava(function.aggBufferAttributes())) {
                fields.add(new StructField(
                        attribute.name(),
                        attribute.dataType(),
                        attribute.nullable(),
                        org.apache.spark.sql.types.Metadata.empty()));
            }
            return;
        }
        CollectionConverters.asJava(expression.children()).forEach(child -> collect(child, fields));
    }

    private List<String> values(List<String> calls) {
        try {
            StringBuilder query = new StringBuilder("SELECT g");
            calls.forEach(call -> query.append(", ").append(call));
            List<Row> rows = spark.sql(query + " FROM t GROUP BY g ORDER BY g").collectAsList();
            List<String> values = new ArrayList<>();
            for (int i = 0; i < calls.size(); i++) {
                int column = 1 + i;
                values.add(rows.stream()
                        .map(row -> CanonicalValue.text(row.get(column)))
                        .toList()
                        .toString());
            }
            return values;
        } catch (RuntimeException e) {
            return calls.size() == 1 ? List.of(error(e)) : oneByOne(calls);
        } catch (Exception e) {
            return calls.size() == 1 ? List.of(error(e)) : oneByOne(calls);
        }
    }

    private List<String> oneByOne(List<String> calls) {
        return calls.stream().flatMap(one -> values(List.of(one)).stream()).toList();
    }

    private static String error(Exception failure) {
        @Nullable Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof SparkThrowable thrown && thrown.getCondition() != null) {
                return "error " + thrown.getCondition();
            }
            cause = cause.getCause();
        }
        return "error in " + failure;
    }
}
