package io.tidemark.api;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The groups of a Dataset, with the methods of Spark's class of this name. A result has the grouping columns, then the
 * aggregates. Immutable.
 */
public final class RelationalGroupedDataset {
    private final Dataset<Row> input;
    private final List<Expression> grouping;

    RelationalGroupedDataset(Dataset<Row> input, List<Expression> grouping) {
        this.input = input;
        this.grouping = List.copyOf(grouping);
    }

    public Dataset<Row> agg(Column first, Column... others) {
        List<Expression> aggregates = new ArrayList<>();
        aggregates.add(first.expression());
        aggregates.addAll(Column.expressions(others));
        return of(aggregates);
    }

    /** Aggregates columns by the names of functions: {@code Map.of("amount", "sum")}; {@code *} counts rows. */
    public Dataset<Row> agg(Map<String, String> functionsByColumn) {
        List<Expression> aggregates = new ArrayList<>();
        functionsByColumn.forEach((column, function) -> aggregates.add(
                column.equals("*") && function.equalsIgnoreCase("count")
                        ? functions.count(functions.lit(1)).expression()
                        : functions
                                .call_function(function, functions.col(column))
                                .expression()));
        return of(aggregates);
    }

    /** Counts the rows of each group, as the column {@code count}. */
    public Dataset<Row> count() {
        return of(List.of(functions.count(functions.lit(1)).as("count").expression()));
    }

    /** Adds up columns, all numeric ones if none is named. */
    public Dataset<Row> sum(String... columns) {
        return numeric("sum", columns);
    }

    public Dataset<Row> avg(String... columns) {
        return numeric("avg", columns);
    }

    public Dataset<Row> mean(String... columns) {
        return numeric("avg", columns);
    }

    public Dataset<Row> min(String... columns) {
        return numeric("min", columns);
    }

    public Dataset<Row> max(String... columns) {
        return numeric("max", columns);
    }

    private Dataset<Row> numeric(String function, String... columns) {
        List<Expression> aggregates = new ArrayList<>();
        for (String column : columns.length == 0 ? numericColumns() : Arrays.asList(columns)) {
            requireNumeric(column);
            aggregates.add(
                    functions.call_function(function, functions.col(column)).expression());
        }
        return of(aggregates);
    }

    private List<String> numericColumns() {
        List<String> names = new ArrayList<>();
        for (StructField field : input.schema().fields()) {
            Expression column = new Expression.Attribute(List.of(field.name()), Origin.NONE);
            if (isNumeric(field.dataType()) && !grouping.contains(column)) {
                names.add("`" + field.name().replace("`", "``") + "`");
            }
        }
        return names;
    }

    private void requireNumeric(String column) {
        DataType type = input.select(column).schema().field(0).dataType();
        if (!isNumeric(type)) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "\"" + column + "\" is not a numeric column but a " + type.sql()
                            + ". Name numeric columns, or use agg.");
        }
    }

    private static boolean isNumeric(DataType type) {
        return type instanceof DecimalType
                || type == AtomicType.FLOAT
                || type == AtomicType.DOUBLE
                || (type instanceof AtomicType atomic && atomic.isIntegral());
    }

    private Dataset<Row> of(List<Expression> aggregates) {
        List<Expression> output = new ArrayList<>(grouping);
        output.addAll(aggregates);
        return Dataset.of(
                input.session(), new LogicalPlan.Aggregate(grouping, output, null, input.plan(), Origin.NONE));
    }
}
