package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;

/** Which casts there are, and which of them always give a value. */
final class CastRules {
    private CastRules() {}

    static boolean isAllowed(DataType from, DataType to, boolean ansi) {
        if (from.equals(to) || from == AtomicType.NULL || to == AtomicType.STRING) {
            return true;
        } else if (from instanceof ArrayType a && to instanceof ArrayType b) {
            return isAllowed(a.elementType(), b.elementType(), ansi);
        } else if (from instanceof MapType a && to instanceof MapType b) {
            return isAllowed(a.keyType(), b.keyType(), ansi) && isAllowed(a.valueType(), b.valueType(), ansi);
        } else if (from instanceof StructType a && to instanceof StructType b) {
            return isStructAllowed(a, b, ansi);
        } else if (to instanceof DecimalType) {
            return isNumberSource(from, ansi);
        }
        return to instanceof AtomicType atomic && isAtomicAllowed(from, atomic, ansi);
    }

    private static boolean isStructAllowed(StructType from, StructType to, boolean ansi) {
        if (from.size() != to.size()) {
            return false;
        }
        for (int i = 0; i < from.size(); i++) {
            if (!isAllowed(from.field(i).dataType(), to.field(i).dataType(), ansi)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAtomicAllowed(DataType from, AtomicType to, boolean ansi) {
        boolean text = from == AtomicType.STRING;
        return switch (to) {
            case NULL -> false;
            case STRING -> true;
            case BINARY -> text || (!ansi && TypeCoercion.isIntegral(from));
            case BOOLEAN ->
                text
                        || TypeCoercion.isNumeric(from)
                        || (!ansi && (from == AtomicType.TIMESTAMP || from == AtomicType.DATE));
            case TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE -> isNumberSource(from, ansi);
            case DATE -> text || from == AtomicType.TIMESTAMP || from == AtomicType.TIMESTAMP_NTZ;
            case TIMESTAMP ->
                text
                        || TypeCoercion.isDatetime(from)
                        || TypeCoercion.isNumeric(from)
                        || (!ansi && from == AtomicType.BOOLEAN);
            case TIMESTAMP_NTZ -> text || TypeCoercion.isDatetime(from);
        };
    }

    private static boolean isNumberSource(DataType from, boolean ansi) {
        return from == AtomicType.STRING
                || from == AtomicType.BOOLEAN
                || from == AtomicType.TIMESTAMP
                || TypeCoercion.isNumeric(from)
                || (!ansi && from == AtomicType.DATE);
    }

    /** Returns whether a cast of a value that is not null never gives null. */
    static boolean isTotal(DataType from, DataType to, boolean failing) {
        boolean fromFloating = TypeCoercion.isFloating(from);
        if (from == AtomicType.NULL) {
            return false;
        } else if (to == AtomicType.STRING || from.equals(to) || TypeCoercion.isSame(from, to)) {
            return true;
        } else if (failing) {
            return !(to instanceof DecimalType && fromFloating);
        }
        return isWidening(from, to);
    }

    private static boolean isWidening(DataType from, DataType to) {
        if (TypeCoercion.isFloating(to)) {
            return TypeCoercion.isNumeric(from);
        }
        return from instanceof AtomicType a
                && to instanceof AtomicType b
                && a.isIntegral()
                && b.isIntegral()
                && a.ordinal() <= b.ordinal();
    }

    /** Returns whether a cast that gives null instead of failing could make a null key of a map. */
    static boolean mayLoseKeys(DataType from, DataType to) {
        if (from instanceof ArrayType a && to instanceof ArrayType b) {
            return mayLoseKeys(a.elementType(), b.elementType());
        } else if (from instanceof MapType a && to instanceof MapType b) {
            return !isTotal(a.keyType(), b.keyType(), false) || mayLoseKeys(a.valueType(), b.valueType());
        } else if (from instanceof StructType a && to instanceof StructType b && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                if (mayLoseKeys(a.field(i).dataType(), b.field(i).dataType())) {
                    return true;
                }
            }
        }
        return false;
    }
}
