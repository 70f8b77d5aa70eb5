package io.tidemark.runtime.expression.collection;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.VectorGather;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Kernels that make arrays out of the elements of others. */
public final class ArrayKernels {
    private ArrayKernels() {}

    /** Picks the elements of one row's result. */
    @FunctionalInterface
    interface Picker {
        /** Adds positions in {@code elements}; the array of the row is {@code [start, start + length)} of them. */
        void pick(ColumnVector elements, int start, int length, ColumnVector[] arguments, int row, Positions picked);
    }

    /** A kernel whose arrays hold elements of its first argument; null where an argument is. */
    static Kernel picking(ArrayType type, List<Kernel> arguments, Picker picker) {
        return (batch, rows, context) -> {
            ColumnVector[] in = evaluateAll(arguments, batch, rows, context);
            long[] validity = validity(in);
            ArrayVector arrays = (ArrayVector) in[0];
            Positions picked = new Positions();
            int[] starts = new int[rows.limit()];
            int[] lengths = new int[rows.limit()];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                starts[row] = picked.size();
                if (Validity.isValid(validity, row)) {
                    picker.pick(arrays.elements(), arrays.starts()[row], arrays.lengths()[row], in, row, picked);
                    lengths[row] = picked.size() - starts[row];
                }
            }
            ColumnVector elements = VectorGather.gather(
                    type.elementType(),
                    List.of(arrays.elements()),
                    new int[picked.size()],
                    picked.values(),
                    picked.size());
            return new ArrayVector(type, rows.limit(), starts, lengths, elements, validity);
        };
    }

    /** Returns the kernel of {@code concat} for arrays; null where one of them is. */
    public static Kernel concat(ArrayType type, List<Kernel> arguments) {
        return (batch, rows, context) -> {
            ColumnVector[] in = evaluateAll(arguments, batch, rows, context);
            long[] validity = validity(in);
            Positions which = new Positions();
            Positions index = new Positions();
            int[] starts = new int[rows.limit()];
            int[] lengths = new int[rows.limit()];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                starts[row] = index.size();
                for (int a = 0; a < in.length && Validity.isValid(validity, row); a++) {
                    ArrayVector array = (ArrayVector) in[a];
                    index.addRange(array.starts()[row], array.lengths()[row]);
                    for (int n = array.lengths()[row]; n > 0; n--) {
                        which.add(a);
                    }
                }
                lengths[row] = index.size() - starts[row];
            }
            List<ColumnVector> sources = new ArrayList<>();
            for (ColumnVector array : in) {
                sources.add(((ArrayVector) array).elements());
            }
            ColumnVector elements =
                    VectorGather.gather(type.elementType(), sources, which.values(), index.values(), index.size());
            return new ArrayVector(type, rows.limit(), starts, lengths, elements, validity);
        };
    }

    /** Returns the kernel of {@code reverse} for arrays. */
    public static Kernel reverse(ArrayType type, List<Kernel> arguments) {
        return picking(type, arguments, (elements, start, length, in, row, picked) -> {
            for (int i = start + length - 1; i >= start; i--) {
                picked.add(i);
            }
        });
    }

    /** Returns one column of all arguments, row by row: element {@code i} of a row's array is argument {@code i}. */
    static ArrayVector rowWise(ArrayType type, ColumnVector[] in, int from, int step, Selection rows) {
        int width = (in.length - from + step - 1) / step;
        int count = Math.multiplyExact(rows.limit(), width);
        int[] which = new int[count];
        int[] index = new int[count];
        Arrays.fill(which, -1);
        int[] starts = new int[rows.limit()];
        int[] lengths = new int[rows.limit()];
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.at(i);
            starts[row] = row * width;
            lengths[row] = width;
            for (int a = 0; a < width; a++) {
                which[row * width + a] = a;
                index[row * width + a] = row;
            }
        }
        List<ColumnVector> sources = new ArrayList<>(width);
        for (int a = from; a < in.length; a += step) {
            sources.add(in[a]);
        }
        ColumnVector elements = VectorGather.gather(type.elementType(), sources, which, index, count);
        return new ArrayVector(type, rows.limit(), starts, lengths, elements, null);
    }

    static ColumnVector[] evaluateAll(
            List<Kernel> arguments, ColumnBatch batch, Selection rows, EvaluationContext context) {
        ColumnVector[] in = new ColumnVector[arguments.size()];
        for (int i = 0; i < in.length; i++) {
            in[i] = arguments.get(i).evaluate(batch, rows, context);
        }
        return in;
    }

    /** Returns the rows where no argument is null. */
    static long @Nullable [] validity(ColumnVector[] in) {
        long[] validity = null;
        for (ColumnVector column : in) {
            validity = Validity.and(validity, column.validity());
        }
        return validity;
    }
}
