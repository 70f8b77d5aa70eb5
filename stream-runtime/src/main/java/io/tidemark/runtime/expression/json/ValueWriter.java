package io.tidemark.runtime.expression.json;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.Identifiers;
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
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Base64;
import java.util.Locale;

/** Writes values of one type as JSON, in Spark's forms. */
@FunctionalInterface
interface ValueWriter {
    /** Writes a value that is not null. */
    void write(ColumnVector column, int row, JsonOutput out);

    /** How the writers of one call of {@code to_json} write. */
    record Style(
            TemporalPattern timestamp, TemporalPattern timestampNtz, TemporalPattern date, boolean ignoreNullFields) {
        static Style of(ReadOptions options, ZoneId sessionZone) {
            ZoneId zone = options.zone(sessionZone);
            Locale locale = options.locale();
            return new Style(
                    pattern(options, "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXXXX", locale, zone),
                    pattern(options, "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSS", locale, zone),
                    pattern(options, "dateFormat", "yyyy-MM-dd", locale, zone),
                    options.flag("ignoreNullFields", true));
        }

        private static TemporalPattern pattern(
                ReadOptions options, String name, String usual, Locale locale, ZoneId zone) {
            String given = options.text(name);
            return TemporalPattern.of(given == null ? usual : given, locale, zone);
        }
    }

    static ValueWriter of(DataType type, Style style) {
        if (type instanceof AtomicType atomic) {
            return atomic(atomic, style);
        } else if (type instanceof DecimalType) {
            return (column, row, out) ->
                    out.ascii(((DecimalVector) column).decimal(row).toString());
        } else if (type instanceof ArrayType array) {
            return array(of(array.elementType(), style));
        } else if (type instanceof MapType map) {
            return map(key(map.keyType()), of(map.valueType(), style));
        }
        return struct((StructType) type, style);
    }

    private static ValueWriter atomic(AtomicType type, Style style) {
        return switch (type) {
            case NULL -> (column, row, out) -> out.ascii("null");
            case BOOLEAN -> (column, row, out) -> out.ascii(String.valueOf(((BooleanVector) column).values()[row]));
            case TINYINT, SMALLINT, INT ->
                (column, row, out) -> out.ascii(Integer.toString(((IntVector) column).values()[row]));
            case BIGINT -> (column, row, out) -> out.ascii(Long.toString(((LongVector) column).values()[row]));
            case FLOAT ->
                (column, row, out) -> {
                    float value = ((FloatVector) column).values()[row];
                    number(Float.toString(value), Float.isFinite(value), out);
                };
            case DOUBLE ->
                (column, row, out) -> {
                    double value = ((DoubleVector) column).values()[row];
                    number(Double.toString(value), Double.isFinite(value), out);
                };
            case STRING -> (column, row, out) -> out.string((BytesVector) column, row);
            case BINARY ->
                (column, row, out) -> {
                    out.sign('"');
                    out.raw(Base64.getEncoder().encode(((BytesVector) column).bytes(row)));
                    out.sign('"');
                };
            case DATE -> (column, row, out) -> out.string(style.date().formatDate(((IntVector) column).values()[row]));
            case TIMESTAMP ->
                (column, row, out) ->
                        out.string(style.timestamp().formatTimestamp(((LongVector) column).values()[row]));
            case TIMESTAMP_NTZ ->
                (column, row, out) ->
                        out.string(style.timestampNtz().formatTimestampNtz(((LongVector) column).values()[row]));
        };
    }

    private static void number(String text, boolean finite, JsonOutput out) {
        if (finite) {
            out.ascii(text);
        } else {
            out.string(text);
        }
    }

    private static ValueWriter array(ValueWriter element) {
        return (column, row, out) -> {
            ArrayVector array = (ArrayVector) column;
            int from = array.starts()[row];
            out.sign('[');
            for (int i = from; i < from + array.lengths()[row]; i++) {
                if (i > from) {
                    out.sign(',');
                }
                orNull(element, array.elements(), i, out);
            }
            out.sign(']');
        };
    }

    private static void orNull(ValueWriter writer, ColumnVector column, int row, JsonOutput out) {
        if (column.isNull(row)) {
            out.ascii("null");
        } else {
            writer.write(column, row, out);
        }
    }

    private static ValueWriter map(ValueWriter key, ValueWriter value) {
        return (column, row, out) -> {
            MapVector map = (MapVector) column;
            int from = map.starts()[row];
            out.sign('{');
            for (int i = from; i < from + map.lengths()[row]; i++) {
                if (i > from) {
                    out.sign(',');
                }
                key.write(map.keys(), i, out);
                out.sign(':');
                orNull(value, map.entryValues(), i, out);
            }
            out.sign('}');
        };
    }

    /** Returns whether values of the type can be the names of members. */
    static boolean isKey(DataType type) {
        return type instanceof DecimalType || (type instanceof AtomicType && type != AtomicType.BINARY);
    }

    /** Keys are written as Spark holds them: dates as days, timestamps as microseconds since the epoch. */
    private static ValueWriter key(DataType type) {
        return (column, row, out) -> {
            if (column instanceof IntVector ints) {
                out.string(Integer.toString(ints.values()[row]));
            } else if (column instanceof LongVector longs) {
                out.string(Long.toString(longs.values()[row]));
            } else if (type == AtomicType.STRING) {
                out.string((BytesVector) column, row);
            } else {
                out.string(String.valueOf(column.value(row)));
            }
        };
    }

    private static ValueWriter struct(StructType struct, Style style) {
        ValueWriter[] writers = new ValueWriter[struct.size()];
        byte[][] names = new byte[struct.size()][];
        for (int i = 0; i < writers.length; i++) {
            writers[i] = of(struct.field(i).dataType(), style);
            names[i] = Identifiers.jsonString(struct.field(i).name()).getBytes(StandardCharsets.UTF_8);
        }
        return (column, row, out) -> {
            StructVector values = (StructVector) column;
            boolean first = true;
            out.sign('{');
            for (int i = 0; i < writers.length; i++) {
                ColumnVector child = values.child(i);
                if (child.isNull(row) && style.ignoreNullFields()) {
                    continue;
                }
                if (!first) {
                    out.sign(',');
                }
                first = false;
                out.raw(names[i]);
                out.sign(':');
                orNull(writers[i], child, row, out);
            }
            out.sign('}');
        };
    }
}
