package io.tidemark.runtime.expression;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a field of a struct, or of each struct in an array: {@code d.page}. The place of the field is the second
 * argument, a constant. Copies no values: the result shares the arrays of the struct.
 */
public final class FieldAccessFunction implements FunctionDefinition {
    private static final FieldAccessFunction INSTANCE = new FieldAccessFunction();

    private FieldAccessFunction() {}

    /**
     * Returns the field at {@code ordinal} of a value whose type is a struct or an array of structs.
     *
     * @throws IllegalArgumentException if it is of another type
     */
    public static BoundCall of(BoundExpression input, int ordinal, Origin origin) {
        StructField field = struct(input.type()).field(ordinal);
        DataType type = input.type() instanceof ArrayType array
                ? new ArrayType(field.dataType(), array.containsNull() || field.nullable())
                : field.dataType();
        boolean nullable = input.nullable() || (input.type() instanceof StructType && field.nullable());
        return new BoundCall(INSTANCE, List.of(input, new Constant(ordinal, AtomicType.INT)), type, nullable, origin);
    }

    /** Returns whether {@code expression} is such a read. */
    public static boolean isFieldAccess(BoundExpression expression) {
        return expression instanceof BoundCall call && call.function() == INSTANCE;
    }

    /** Returns which field such a read takes. */
    public static int ordinal(BoundCall access) {
        return (Integer) requireNonNull(((Constant) access.arguments().get(1)).value());
    }

    /** Returns the name of the field that such a read takes. */
    public static String fieldName(BoundCall access) {
        return struct(access.arguments().get(0).type()).field(ordinal(access)).name();
    }

    private static StructType struct(DataType type) {
        DataType inner = type instanceof ArrayType array ? array.elementType() : type;
        if (inner instanceof StructType struct) {
            return struct;
        }
        throw new IllegalArgumentException("a " + type.simpleString() + " has no fields");
    }

    @Override
    public String name() {
        return "field";
    }

    @Override
    public BoundExpression bind(List<BoundExpression> arguments, BindContext context) {
        throw new IllegalStateException("a field is read by its place");
    }

    @Override
    public Kernel kernel(BoundCall call, List<Kernel> arguments) {
        Kernel input = arguments.get(0);
        int ordinal = ordinal(call);
        DataType type = call.type();
        return (batch, rows, context) -> field(input.evaluate(batch, rows, context), ordinal, type);
    }

    private static ColumnVector field(ColumnVector input, int ordinal, DataType type) {
        if (input instanceof StructVector struct) {
            return masked(struct.child(ordinal), struct.validity());
        } else if (input instanceof ArrayVector array) {
            ArrayType arrayType = (ArrayType) type;
            return new ArrayVector(
                    arrayType,
                    array.length(),
                    array.starts(),
                    array.lengths(),
                    field(array.elements(), ordinal, arrayType.elementType()),
                    array.validity());
        }
        return input; // all null
    }

    /** Returns {@code child} with nulls also where {@code outer} has them. */
    private static ColumnVector masked(ColumnVector child, long @Nullable [] outer) {
        long[] inner = child.validity();
        if (outer == null || isWithin(inner, outer)) {
            return child;
        }
        long[] both = Validity.and(inner, outer);
        int length = child.length();
        if (child instanceof BooleanVector v) {
            return new BooleanVector(v.type(), length, v.values(), both);
        } else if (child instanceof IntVector v) {
            return new IntVector(v.type(), length, v.values(), both);
        } else if (child instanceof LongVector v) {
            return new LongVector(v.type(), length, v.values(), both);
        } else if (child instanceof FloatVector v) {
            return new FloatVector(v.type(), length, v.values(), both);
        } else if (child instanceof DoubleVector v) {
            return new DoubleVector(v.type(), length, v.values(), both);
        } else if (child instanceof DecimalVector v) {
            return decimal(v, both);
        } else if (child instanceof BytesVector v) {
            return new BytesVector(v.type(), length, v.data(), v.starts(), v.lengths(), both);
        } else if (child instanceof ArrayVector v) {
            return new ArrayVector((ArrayType) v.type(), length, v.starts(), v.lengths(), v.elements(), both);
        } else if (child instanceof MapVector v) {
            return new MapVector((MapType) v.type(), length, v.starts(), v.lengths(), v.keys(), v.entryValues(), both);
        } else if (child instanceof StructVector v) {
            return new StructVector(v.structType(), length, v.children(), both);
        }
        return (NullVector) child;
    }

    private static DecimalVector decimal(DecimalVector v, long @Nullable [] validity) {
        if (v.decimalType().fitsLong()) {
            return new DecimalVector(v.decimalType(), v.length(), v.longs(), validity);
        }
        BigInteger[] unscaled = new BigInteger[v.length()];
        for (int i = 0; i < unscaled.length; i++) {
            unscaled[i] = Validity.isValid(validity, i) ? v.unscaled(i) : BigInteger.ZERO;
        }
        return new DecimalVector(v.decimalType(), v.length(), unscaled, validity);
    }

    /** Returns whether every row valid in {@code inner} is valid in {@code outer}. */
    private static boolean isWithin(long @Nullable [] inner, long[] outer) {
        if (inner == null) {
            return false;
        }
        int n = Math.min(inner.length, outer.length);
        for (int i = 0; i < n; i++) {
            if ((inner[i] & ~outer[i]) != 0) {
                return false;
            }
        }
        return true;
    }
}
