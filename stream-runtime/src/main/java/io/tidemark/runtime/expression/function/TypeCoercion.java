package io.tidemark.runtime.expression.function;

import io.tidemark.api.plan.Expression.CastMode;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Spark's implicit casts: which type two values share, and what an argument is cast to. */
public final class TypeCoercion {
    private static final List<AtomicType> NUMERIC_ORDER = List.of(
            AtomicType.TINYINT,
            AtomicType.SMALLINT,
            AtomicType.INT,
            AtomicType.BIGINT,
            AtomicType.FLOAT,
            AtomicType.DOUBLE);

    private TypeCoercion() {}

    /**
     * Returns the type that values of both types are brought to in {@code coalesce}, {@code case}, {@code in}, unions
     * and the like, or empty if there is none.
     *
     * @param ansi under ANSI rules a string gives way to the other type, otherwise the other type becomes string
     */
    public static Optional<DataType> commonType(DataType a, DataType b, boolean ansi) {
        if (a.equals(b) || b == AtomicType.NULL) {
            return Optional.of(a);
        } else if (a == AtomicType.NULL) {
            return Optional.of(b);
        } else if (isNumeric(a) && isNumeric(b)) {
            return Optional.of(commonNumeric(a, b, ansi));
        } else if (isDatetime(a) && isDatetime(b)) {
            return Optional.of(commonDatetime(a, b));
        } else if (a == AtomicType.STRING) {
            return withString(b, ansi);
        } else if (b == AtomicType.STRING) {
            return withString(a, ansi);
        }
        return commonNested(a, b, (x, y) -> commonType(x, y, ansi));
    }

    /**
     * Returns the type that both sides of a comparison are brought to, or empty if they cannot be compared. Differs from
     * {@link #commonType} only for strings outside ANSI rules.
     */
    public static Optional<DataType> comparisonType(DataType a, DataType b, boolean ansi) {
        if (!ansi && a == AtomicType.STRING && b instanceof AtomicType && b != AtomicType.NULL) {
            return Optional.of(b);
        } else if (!ansi && b == AtomicType.STRING && a instanceof AtomicType && a != AtomicType.NULL) {
            return Optional.of(a);
        } else if (!ansi && (a == AtomicType.STRING || b == AtomicType.STRING) && isDecimalWithString(a, b)) {
            return Optional.of(AtomicType.DOUBLE);
        } else if (!ansi && a == AtomicType.BOOLEAN && isNumeric(b)) {
            return Optional.of(b);
        } else if (!ansi && b == AtomicType.BOOLEAN && isNumeric(a)) {
            return Optional.of(a);
        }
        return commonType(a, b, ansi);
    }

    private static boolean isDecimalWithString(DataType a, DataType b) {
        return a instanceof DecimalType || b instanceof DecimalType;
    }

    /** Returns whether this is an integral type, float, double or decimal. */
    public static boolean isNumeric(DataType type) {
        return type instanceof DecimalType || (type instanceof AtomicType atomic && NUMERIC_ORDER.contains(atomic));
    }

    /** Returns whether this is one of the four integral types. */
    public static boolean isIntegral(DataType type) {
        return type instanceof AtomicType atomic && atomic.isIntegral();
    }

    /** Returns whether this is float or double. */
    public static boolean isFloating(DataType type) {
        return type == AtomicType.FLOAT || type == AtomicType.DOUBLE;
    }

    /** Returns whether this is a date or one of the timestamps. */
    public static boolean isDatetime(DataType type) {
        return type == AtomicType.DATE || type == AtomicType.TIMESTAMP || type == AtomicType.TIMESTAMP_NTZ;
    }

    /** Returns whether values of the type have an order: all but maps, at any depth. */
    public static boolean isOrderable(DataType type) {
        if (type instanceof ArrayType array) {
            return isOrderable(array.elementType());
        } else if (type instanceof StructType struct) {
            return struct.fields().stream().allMatch(f -> isOrderable(f.dataType()));
        }
        return !(type instanceof MapType);
    }

    /** Returns the decimal that holds every value of an integral type, or about what a floating type holds. */
    public static DecimalType decimalFor(DataType numeric) {
        if (numeric instanceof DecimalType decimal) {
            return decimal;
        }
        return switch ((AtomicType) numeric) {
            case TINYINT -> new DecimalType(3, 0);
            case SMALLINT -> new DecimalType(5, 0);
            case INT -> new DecimalType(10, 0);
            case BIGINT -> new DecimalType(20, 0);
            case FLOAT -> new DecimalType(14, 7);
            case DOUBLE -> new DecimalType(30, 15);
            default -> throw new IllegalArgumentException("no decimal for " + numeric.sql());
        };
    }

    /** Returns the decimal for an operand of a binary operator: an integer constant takes only the digits it has. */
    static DecimalType decimalForOperand(BoundExpression operand) {
        if (operand instanceof BoundExpression.Constant constant
                && constant.value() instanceof Number number
                && isIntegral(operand.type())) {
            int digits = BigInteger.valueOf(number.longValue()).abs().toString().length();
            return new DecimalType(digits, 0);
        }
        return decimalFor(operand.type());
    }

    /** Returns the decimal that holds all values of both, as far as 38 digits allow: integral digits come first. */
    public static DecimalType widerDecimal(DecimalType a, DecimalType b) {
        int scale = Math.max(a.scale(), b.scale());
        int range = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
        return boundedPreferringIntegral(range + scale, scale);
    }

    private static DecimalType boundedPreferringIntegral(int precision, int scale) {
        int max = DecimalType.MAX_PRECISION;
        if (precision <= max) {
            return new DecimalType(precision, scale);
        }
        return new DecimalType(max, Math.max(0, scale - (precision - max)));
    }

    /**
     * Casts an argument to the type its parameter has, as Spark does on its own: any number to any number, text constants
     * to anything, anything atomic to string, between date and timestamps.
     *
     * @return empty if only a written cast may do that
     */
    public static Optional<BoundExpression> implicitCast(BoundExpression argument, DataType to, BindContext context) {
        DataType from = argument.type();
        if (from.equals(to)) {
            return Optional.of(argument);
        }
        return isImplicit(from, to, context.ansi())
                ? Optional.of(castIfNeeded(argument, to, context))
                : Optional.empty();
    }

    private static boolean isImplicit(DataType from, DataType to, boolean ansi) {
        if (from == AtomicType.NULL) {
            return true;
        } else if (from == AtomicType.STRING) {
            return to instanceof AtomicType || to instanceof DecimalType;
        } else if (to == AtomicType.STRING) {
            return from instanceof AtomicType || from instanceof DecimalType;
        } else if (isNumeric(from) && isNumeric(to)) {
            return true;
        } else if (isDatetime(from) && isDatetime(to)) {
            return true;
        } else if (from instanceof ArrayType a && to instanceof ArrayType b) {
            return isSame(a.elementType(), b.elementType()) || isImplicit(a.elementType(), b.elementType(), ansi);
        } else if (from instanceof MapType a && to instanceof MapType b) {
            return (isSame(a.keyType(), b.keyType()) || isImplicit(a.keyType(), b.keyType(), ansi))
                    && (isSame(a.valueType(), b.valueType()) || isImplicit(a.valueType(), b.valueType(), ansi));
        }
        return isSame(from, to);
    }

    /** Returns {@code value} itself if it has the type (or differs in nullability only), otherwise a cast of it. */
    public static BoundExpression castIfNeeded(BoundExpression value, DataType to, BindContext context) {
        return value.type().equals(to) ? value : CastFunction.bind(value, to, CastMode.CAST, context);
    }

    /** Returns whether two types differ at most in what may be null and in the names of struct fields. */
    public static boolean isSame(DataType a, DataType b) {
        if (a instanceof ArrayType x && b instanceof ArrayType y) {
            return isSame(x.elementType(), y.elementType());
        } else if (a instanceof MapType x && b instanceof MapType y) {
            return isSame(x.keyType(), y.keyType()) && isSame(x.valueType(), y.valueType());
        } else if (a instanceof StructType x && b instanceof StructType y && x.size() == y.size()) {
            for (int i = 0; i < x.size(); i++) {
                if (!isSame(x.field(i).dataType(), y.field(i).dataType())) {
                    return false;
                }
            }
            return true;
        }
        return a.equals(b);
    }

    static DataType commonNumeric(DataType a, DataType b, boolean ansi) {
        if (a instanceof DecimalType || b instanceof DecimalType) {
            return isFloating(a) || isFloating(b) ? AtomicType.DOUBLE : widerDecimal(decimalFor(a), decimalFor(b));
        }
        AtomicType wider = NUMERIC_ORDER.get(
                Math.max(NUMERIC_ORDER.indexOf((AtomicType) a), NUMERIC_ORDER.indexOf((AtomicType) b)));
        return ansi && wider == AtomicType.FLOAT && !a.equals(b) ? AtomicType.DOUBLE : wider;
    }

    private static DataType commonDatetime(DataType a, DataType b) {
        return a == AtomicType.TIMESTAMP || b == AtomicType.TIMESTAMP ? AtomicType.TIMESTAMP : AtomicType.TIMESTAMP_NTZ;
    }

    private static Optional<DataType> withString(DataType other, boolean ansi) {
        if (ansi) {
            if (isIntegral(other)) {
                return Optional.of(AtomicType.BIGINT);
            } else if (isNumeric(other)) {
                return Optional.of(AtomicType.DOUBLE);
            }
            return other instanceof AtomicType ? Optional.of(other) : Optional.empty();
        }
        boolean becomesString = other instanceof DecimalType
                || (other instanceof AtomicType && other != AtomicType.BINARY && other != AtomicType.BOOLEAN);
        return becomesString ? Optional.of(AtomicType.STRING) : Optional.empty();
    }

    /** How two member types find a common one. */
    @FunctionalInterface
    private interface Common {
        Optional<DataType> of(DataType a, DataType b);
    }

    private static Optional<DataType> commonNested(DataType a, DataType b, Common common) {
        if (a instanceof ArrayType x && b instanceof ArrayType y) {
            return common.of(x.elementType(), y.elementType())
                    .map(e -> new ArrayType(e, x.containsNull() || y.containsNull()));
        } else if (a instanceof MapType x && b instanceof MapType y) {
            return common.of(x.keyType(), y.keyType()).flatMap(k -> common.of(x.valueType(), y.valueType())
                    .map(v -> new MapType(k, v, x.valueContainsNull() || y.valueContainsNull())));
        } else if (a instanceof StructType x && b instanceof StructType y && x.size() == y.size()) {
            return commonStruct(x, y, common);
        }
        return Optional.empty();
    }

    private static Optional<DataType> commonStruct(StructType x, StructType y, Common common) {
        List<StructField> fields = new ArrayList<>(x.size());
        for (int i = 0; i < x.size(); i++) {
            StructField f = x.field(i);
            @Nullable
            DataType type = common.of(f.dataType(), y.field(i).dataType()).orElse(null);
            if (type == null) {
                return Optional.empty();
            }
            fields.add(
                    new StructField(f.name(), type, f.nullable() || y.field(i).nullable()));
        }
        return Optional.of(new StructType(fields));
    }
}
