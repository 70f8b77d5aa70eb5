package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.aggregate.Accumulator;
import io.tidemark.runtime.aggregate.AggregateFunction;
import java.util.ArrayList;
import java.util.List;

/** The buffers of all functions of an aggregate, for many groups. One thread. */
final class AggregateBuffers {
    private final List<AggregateFunction> functions;
    private final List<Accumulator> accumulators;

    AggregateBuffers(List<AggregateFunction> functions) {
        this.functions = functions;
        this.accumulators =
                functions.stream().map(AggregateFunction::accumulator).toList();
    }

    /** Returns the columns of the buffers, function by function. */
    static StructType schema(List<AggregateFunction> functions) {
        List<StructField> fields = new ArrayList<>();
        functions.forEach(f -> fields.addAll(f.buffer()));
        return new StructType(fields);
    }

    /** Makes sure that groups 0 to {@code groups} - 1 exist. */
    void grow(int groups) {
        for (Accumulator accumulator : accumulators) {
            accumulator.grow(groups);
        }
    }

    /**
     * Merges rows of buffers into groups.
     *
     * @param groups by the rows' own positions
     * @param columns those of {@link #schema}, from place {@code first} on
     */
    void merge(int[] groups, List<ColumnVector> columns, int first, Selection rows) {
        int at = first;
        for (int i = 0; i < accumulators.size(); i++) {
            int end = at + functions.get(i).buffer().size();
            accumulators.get(i).merge(groups, columns.subList(at, end), rows);
            at = end;
        }
    }

    /** Returns the columns of {@link #schema} for groups 0 to {@code groups} - 1. Nothing may be merged afterwards. */
    List<ColumnVector> buffers(int groups) {
        List<ColumnVector> columns = new ArrayList<>();
        for (Accumulator accumulator : accumulators) {
            columns.addAll(accumulator.buffers(groups));
        }
        return columns;
    }

    /** Returns each function's results for groups 0 to {@code groups} - 1. Nothing may be merged afterwards. */
    List<ColumnVector> results(int groups) {
        List<ColumnVector> columns = new ArrayList<>();
        for (Accumulator accumulator : accumulators) {
            columns.add(accumulator.results(groups));
        }
        return columns;
    }

    /** Returns the results of encoded buffers, one group a row. */
    static List<ColumnVector> resultsOf(List<AggregateFunction> functions, List<ColumnVector> buffers, int rows) {
        AggregateBuffers groups = new AggregateBuffers(functions);
        groups.grow(rows);
        groups.merge(identity(rows), buffers, 0, Selection.all(rows));
        return groups.results(rows);
    }

    static int[] identity(int count) {
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = i;
        }
        return places;
    }
}
