package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.LogicalPlan.Matching;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.Identifiers;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.function.TypeCoercion;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Brings the inputs of a union to one schema: columns in the order of the first input, types wide enough for all. */
final class UnionBinder {
    private final Origin origin;
    private final BindContext bindContext;

    UnionBinder(AnalysisContext context, Origin origin) {
        this.origin = origin;
        this.bindContext = new BindContext(context.ansi(), context.zone(), origin, context.functions());
    }

    BoundPlan.Union bind(List<BoundPlan> inputs, Matching matching) {
        List<BoundPlan> aligned =
                matching == Matching.BY_POSITION ? inputs : byName(inputs, matching == Matching.BY_NAME_ALLOW_MISSING);
        StructType first = aligned.get(0).schema();
        for (int i = 1; i < aligned.size(); i++) {
            requireSameCount(first, aligned.get(i).schema(), i);
        }
        List<StructField> fields = new ArrayList<>();
        for (int c = 0; c < first.size(); c++) {
            fields.add(common(aligned, c));
        }
        StructType schema = new StructType(fields);
        return new BoundPlan.Union(
                aligned.stream().map(plan -> widened(plan, schema)).toList(), schema);
    }

    private void requireSameCount(StructType first, StructType other, int index) {
        if (first.size() != other.size()) {
            throw new AnalysisException(
                    ErrorCode.UNION_MISMATCH,
                    "UNION can only be performed on inputs with the same number of columns, but the first input has "
                            + first.size() + " columns and input " + (index + 1) + " has " + other.size() + " columns.",
                    origin);
        }
    }

    private StructField common(List<BoundPlan> inputs, int column) {
        StructField first = inputs.get(0).schema().field(column);
        DataType type = first.dataType();
        boolean nullable = first.nullable();
        for (int i = 1; i < inputs.size(); i++) {
            StructField next = inputs.get(i).schema().field(column);
            DataType soFar = type;
            type = TypeCoercion.commonType(soFar, next.dataType(), bindContext.ansi())
                    .orElseThrow(() -> new AnalysisException(
                            ErrorCode.UNION_MISMATCH,
                            "UNION can only be performed on inputs with compatible column types. Column "
                                    + Identifiers.quote(first.name()) + " is \"" + soFar.sql()
                                    + "\" in the first input and \""
                                    + next.dataType().sql() + "\" in a later one. Cast one of them.",
                            origin));
            nullable |= next.nullable();
        }
        return new StructField(first.name(), type, nullable);
    }

    /** Casts and renames where the schema wants it. */
    private BoundPlan widened(BoundPlan plan, StructType schema) {
        StructType own = plan.schema();
        List<NamedExpression> columns = new ArrayList<>();
        boolean same = true;
        for (int i = 0; i < own.size(); i++) {
            StructField have = own.field(i);
            StructField want = schema.field(i);
            same &= have.dataType().equals(want.dataType()) && have.name().equals(want.name());
            columns.add(new NamedExpression(
                    want.name(), TypeCoercion.castIfNeeded(reference(own, i), want.dataType(), bindContext)));
        }
        return same ? plan : new BoundPlan.Project(columns, plan);
    }

    private static BoundExpression reference(StructType schema, int ordinal) {
        StructField f = schema.field(ordinal);
        return new ColumnRef(ordinal, f.name(), f.dataType(), f.nullable());
    }

    private List<BoundPlan> byName(List<BoundPlan> inputs, boolean allowMissing) {
        List<StructField> order = new ArrayList<>();
        TreeSet<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (BoundPlan input : allowMissing ? inputs : inputs.subList(0, 1)) {
            requireDistinctNames(input.schema());
            input.schema().fields().stream().filter(f -> seen.add(f.name())).forEach(order::add);
        }
        List<BoundPlan> aligned = new ArrayList<>();
        for (BoundPlan input : inputs) {
            requireDistinctNames(input.schema());
            if (!allowMissing) {
                requireSameCount(inputs.get(0).schema(), input.schema(), inputs.indexOf(input));
            }
            List<NamedExpression> columns = new ArrayList<>();
            for (StructField wanted : order) {
                columns.add(new NamedExpression(wanted.name(), byName(input.schema(), wanted, allowMissing)));
            }
            aligned.add(new BoundPlan.Project(columns, input));
        }
        return aligned;
    }

    private BoundExpression byName(StructType schema, StructField wanted, boolean allowMissing) {
        List<Integer> found = schema.indexesOfIgnoringCase(wanted.name());
        if (!found.isEmpty()) {
            return reference(schema, found.get(0));
        } else if (allowMissing) {
            return new Constant(null, wanted.dataType());
        }
        throw new AnalysisException(
                ErrorCode.UNION_MISMATCH,
                "Cannot resolve column name " + Identifiers.quote(wanted.name()) + " among ("
                        + String.join(", ", schema.fieldNames())
                        + "). Add the column or allow missing columns.",
                origin);
    }

    private void requireDistinctNames(StructType schema) {
        TreeSet<String> names = new TreeSet<>();
        for (StructField f : schema.fields()) {
            if (!names.add(f.name().toLowerCase(Locale.ROOT))) {
                throw new AnalysisException(
                        ErrorCode.AMBIGUOUS_COLUMN,
                        "unionByName needs distinct column names, but " + Identifiers.quote(f.name())
                                + " occurs twice. Rename one of them.",
                        origin);
            }
        }
    }
}
