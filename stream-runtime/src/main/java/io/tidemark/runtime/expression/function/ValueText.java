package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
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
import io.tidemark.api.vector.StructVector;
import java.util.ArrayList;
import java.util.List;

/** Writes values of one type as Spark's cast to string does. For one batch: it may remember a zone offset. */
@FunctionalInterface
interface ValueText {
    /** Writes a value that is not null. */
    void write(ColumnVector column, int row, TextOutput out);

    static ValueText of(DataType type, Conversion.Run run) {
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> (c, row, out) -> out.ascii("null");
                case BOOLEAN -> (c, row, out) -> out.ascii(((BooleanVector) c).values()[row] ? "true" : "false");
                case TINYINT, SMALLINT, INT -> (c, row, out) -> out.number(((IntVector) c).values()[row]);
                case BIGINT -> (c, row, out) -> out.number(((LongVector) c).values()[row]);
                case FLOAT -> (c, row, out) -> out.ascii(Float.toString(((FloatVector) c).values()[row]));
                case DOUBLE -> (c, row, out) -> out.ascii(Double.toString(((DoubleVector) c).values()[row]));
                case STRING, BINARY ->
                    (c, row, out) -> {
                        BytesVector bytes = (BytesVector) c;
                        out.append(bytes.data(), bytes.starts()[row], bytes.lengths()[row]);
                    };
                case DATE -> (c, row, out) -> date(((IntVector) c).values()[row], out);
                case TIMESTAMP -> {
                    ZoneConverter zone = run.zoneConverter();
                    yield (c, row, out) -> timestamp(zone.toLocal(((LongVector) c).values()[row]), out);
                }
                case TIMESTAMP_NTZ -> (c, row, out) -> timestamp(((LongVector) c).values()[row], out);
            };
        } else if (type instanceof DecimalType) {
            boolean plain = run.mode() != EvalMode.LEGACY;
            return (c, row, out) -> {
                DecimalVector decimals = (DecimalVector) c;
                out.ascii(
                        plain
                                ? decimals.decimal(row).toPlainString()
                                : decimals.decimal(row).toString());
            };
        } else if (type instanceof ArrayType array) {
            return array(of(array.elementType(), run));
        } else if (type instanceof MapType map) {
            return map(of(map.keyType(), run), of(map.valueType(), run));
        }
        List<ValueText> fields = new ArrayList<>();
        ((StructType) type).fields().forEach(f -> fields.add(of(f.dataType(), run)));
        return struct(fields);
    }

    private static ValueText array(ValueText element) {
        return (c, row, out) -> {
            ArrayVector array = (ArrayVector) c;
            out.ascii('[');
            for (int i = 0; i < array.lengths()[row]; i++) {
                out.ascii(i == 0 ? "" : ", ");
                element.writeOrNull(array.elements(), array.starts()[row] + i, out);
            }
            out.ascii(']');
        };
    }

    private static ValueText map(ValueText key, ValueText value) {
        return (c, row, out) -> {
            MapVector map = (MapVector) c;
            out.ascii('{');
            for (int i = 0; i < map.lengths()[row]; i++) {
                out.ascii(i == 0 ? "" : ", ");
                key.writeOrNull(map.keys(), map.starts()[row] + i, out);
                out.ascii(" -> ");
                value.writeOrNull(map.entryValues(), map.starts()[row] + i, out);
            }
            out.ascii('}');
        };
    }

    private static ValueText struct(List<ValueText> fields) {
        return (c, row, out) -> {
            StructVector struct = (StructVector) c;
            out.ascii('{');
            for (int i = 0; i < fields.size(); i++) {
                out.ascii(i == 0 ? "" : ", ");
                fields.get(i).writeOrNull(struct.child(i), row, out);
            }
            out.ascii('}');
        };
    }

    /** Writes a value, {@code null} for null. */
    default void writeOrNull(ColumnVector column, int row, TextOutput out) {
        if (column.isNull(row)) {
            out.ascii("null");
        } else {
            write(column, row, out);
        }
    }

    /** Writes {@code yyyy-MM-dd}; years beyond 9999 get a plus sign. */
    static void date(long epochDay, TextOutput out) {
        long date = Civil.date(epochDay);
        int year = Civil.year(date);
        if (year < 0) {
            out.ascii('-');
        } else if (year > 9999) {
            out.ascii('+');
        }
        int positive = Math.abs(year);
        if (positive > 9999) {
            out.number(positive);
        } else {
            out.padded(positive, 4);
        }
        out.ascii('-');
        out.padded(Civil.month(date), 2);
        out.ascii('-');
        out.padded(Civil.day(date), 2);
    }

    /** Writes {@code yyyy-MM-dd HH:mm:ss[.ffffff]} without zeros at the end of the fraction. */
    static void timestamp(long localMicros, TextOutput out) {
        long day = Math.floorDiv(localMicros, MICROS_PER_DAY);
        long inDay = localMicros - day * MICROS_PER_DAY;
        date(day, out);
        int second = (int) (inDay / MICROS_PER_SECOND);
        int micros = (int) (inDay - second * MICROS_PER_SECOND);
        out.ascii(' ');
        out.padded(second / 3600, 2);
        out.ascii(':');
        out.padded(second / 60 % 60, 2);
        out.ascii(':');
        out.padded(second % 60, 2);
        if (micros != 0) {
            int digits = 6;
            while (micros % 10 == 0) {
                micros /= 10;
                digits--;
            }
            out.ascii('.');
            out.padded(micros, digits);
        }
    }
}
