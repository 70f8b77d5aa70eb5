package io.tidemark.runtime.expression.json;

import static io.tidemark.runtime.expression.json.JsonScanner.UNSURE;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVectorBuilder;
import io.tidemark.api.vector.BooleanVectorBuilder;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.api.vector.DecimalVectorBuilder;
import io.tidemark.api.vector.DoubleVectorBuilder;
import io.tidemark.api.vector.FloatVectorBuilder;
import io.tidemark.api.vector.IntVectorBuilder;
import io.tidemark.api.vector.LongVectorBuilder;
import io.tidemark.api.vector.MapVectorBuilder;
import io.tidemark.api.vector.StructVectorBuilder;
import io.tidemark.api.vector.VectorBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses well-formed records from their bytes straight into column builders, the wanted members only; the others are
 * checked and skipped. It gives up, leaving no trace, on whatever is not strict JSON of the wanted types, names with
 * escapes, members that occur twice, invalid UTF-8 and rare forms of values: {@link CompleteRecordReader} takes those.
 * One thread, one builder.
 */
final class FastRecordReader {
    private static final int MAX_RECORD_BYTES = 16 << 20;

    private final Target root;
    private final TemporalText temporal;

    /** @param builder of the shape's type; every call of {@link #read} that succeeds appends one value to it */
    FastRecordReader(RecordShape shape, VectorBuilder builder, TemporalText temporal) {
        this.root = Target.of(shape.type(), builder, shape.hidden());
        this.temporal = temporal;
    }

    /** Appends the value of the record in {@code [p, end)} and returns true, or returns false with nothing appended. */
    boolean read(byte[] d, int p, int end) {
        if (end - p > MAX_RECORD_BYTES) {
            return false;
        }
        int row = root.builder.length();
        p = JsonScanner.skipSpace(d, p, end);
        // What follows the value is not looked at, as in Spark. A null record is a malformed one: not for here.
        if (p < end && d[p] != 'n' && value(d, p, end, root) >= 0) {
            return true;
        }
        root.builder.truncate(row);
        return false;
    }

    private int value(byte[] d, int p, int end, Target target) {
        if (p >= end) {
            return UNSURE;
        }
        if (d[p] == 'n') {
            p = JsonScanner.skipLiteral(d, p, end);
            if (p > 0) {
                target.builder.appendNull();
            }
            return p;
        }
        return switch (target.form) {
            case STRING -> string(d, p, end, target.bytes());
            case LONG -> longInteger(d, p, end, target.longs());
            case INT -> integer(d, p, end, target);
            case DOUBLE, FLOAT -> floating(d, p, end, target);
            case BOOLEAN -> bool(d, p, end, (BooleanVectorBuilder) target.builder);
            case TIMESTAMP -> timestamp(d, p, end, target.longs());
            case TIMESTAMP_NTZ -> timestampNtz(d, p, end, target.longs());
            case DATE -> date(d, p, end, target.ints());
            case DECIMAL -> decimal(d, p, end, target);
            case STRUCT -> d[p] == '{' ? struct(d, p + 1, end, target) : UNSURE;
            case ARRAY -> d[p] == '[' ? array(d, p + 1, end, target) : UNSURE;
            case MAP -> d[p] == '{' ? map(d, p + 1, end, target) : UNSURE;
            case OTHER -> UNSURE;
        };
    }

    private int struct(byte[] d, int p, int end, Target target) {
        StructVectorBuilder struct = target.structs();
        NameTable names = target.names();
        Target[] children = target.children;
        int row = struct.length();
        p = JsonScanner.skipSpace(d, p, end);
        if (p < end && d[p] == '}') {
            struct.endRow();
            return p + 1;
        }
        while (p < end && d[p] == '"') {
            int quote = JsonScanner.nameEnd(d, p + 1, end);
            if (quote < 0) {
                return UNSURE;
            }
            int ordinal = names.find(d, p + 1, quote);
            p = JsonScanner.afterColon(d, quote + 1, end);
            if (p < 0) {
                return UNSURE;
            }
            if (ordinal < 0) {
                p = JsonScanner.skipValue(d, p, end);
            } else {
                Target child = children[ordinal];
                p = child.builder.length() == row ? value(d, p, end, child) : UNSURE;
            }
            if (p < 0) {
                return UNSURE;
            }
            p = JsonScanner.skipSpace(d, p, end);
            if (p >= end) {
                return UNSURE;
            }
            if (d[p] == '}') {
                struct.endRow();
                return p + 1;
            }
            if (d[p] != ',') {
                return UNSURE;
            }
            p = JsonScanner.skipSpace(d, p + 1, end);
        }
        return UNSURE;
    }

    private int array(byte[] d, int p, int end, Target target) {
        ArrayVectorBuilder array = (ArrayVectorBuilder) target.builder;
        Target element = target.children[0];
        p = JsonScanner.skipSpace(d, p, end);
        if (p < end && d[p] == ']') {
            array.endRow();
            return p + 1;
        }
        while (true) {
            p = value(d, p, end, element);
            if (p < 0) {
                return UNSURE;
            }
            p = JsonScanner.skipSpace(d, p, end);
            if (p >= end) {
                return UNSURE;
            }
            if (d[p] == ']') {
                array.endRow();
                return p + 1;
            }
            if (d[p] != ',') {
                return UNSURE;
            }
            p = JsonScanner.skipSpace(d, p + 1, end);
        }
    }

    private int map(byte[] d, int p, int end, Target target) {
        MapVectorBuilder map = (MapVectorBuilder) target.builder;
        p = JsonScanner.skipSpace(d, p, end);
        if (p < end && d[p] == '}') {
            map.endRow();
            return p + 1;
        }
        while (p < end && d[p] == '"') {
            if (JsonScanner.nameEnd(d, p + 1, end) < 0) {
                return UNSURE;
            }
            p = string(d, p, end, target.children[0].bytes());
            if (p < 0) {
                return UNSURE;
            }
            p = JsonScanner.afterColon(d, p, end);
            if (p < 0) {
                return UNSURE;
            }
            p = value(d, p, end, target.children[1]);
            if (p < 0) {
                return UNSURE;
            }
            p = JsonScanner.skipSpace(d, p, end);
            if (p >= end) {
                return UNSURE;
            }
            if (d[p] == '}') {
                map.endRow();
                return p + 1;
            }
            if (d[p] != ',') {
                return UNSURE;
            }
            p = JsonScanner.skipSpace(d, p + 1, end);
        }
        return UNSURE;
    }

    private static int string(byte[] d, int p, int end, BytesVectorBuilder out) {
        byte c = d[p];
        if (c == '"') {
            int quote = JsonScanner.plainEnd(d, p + 1, end);
            if (quote < end && d[quote] == '"') {
                out.appendBytes(d, p + 1, quote - p - 1);
                return quote + 1;
            }
            return TextReader.appendString(d, p + 1, quote, end, out);
        }
        return TextReader.appendRaw(d, p, end, out);
    }

    private static int longInteger(byte[] d, int p, int end, LongVectorBuilder out) {
        int q = digitsEnd(d, p, end);
        if (q > 0) {
            out.appendLong(integerValue(d, p, q));
        }
        return q;
    }

    private static int integer(byte[] d, int p, int end, Target target) {
        int q = digitsEnd(d, p, end);
        if (q > 0) {
            long value = integerValue(d, p, q);
            if (value < target.min || value > target.max) {
                return UNSURE;
            }
            target.ints().appendInt((int) value);
        }
        return q;
    }

    /** Returns the end of the integer at {@code p} if it surely fits a long. */
    private static int digitsEnd(byte[] d, int p, int end) {
        int first = d[p] == '-' ? p + 1 : p;
        int q = first;
        while (q < end && d[q] >= '0' && d[q] <= '9') {
            q++;
        }
        if (q == first || q - first > NumberReader.SAFE_DIGITS || (d[first] == '0' && q > first + 1)) {
            return UNSURE;
        }
        return q < end && (d[q] == '.' || d[q] == 'e' || d[q] == 'E') ? UNSURE : q;
    }

    private static long integerValue(byte[] d, int p, int q) {
        boolean negative = d[p] == '-';
        long value = 0;
        for (int i = negative ? p + 1 : p; i < q; i++) {
            value = value * 10 + (d[i] - '0');
        }
        return negative ? -value : value;
    }

    private static int floating(byte[] d, int p, int end, Target target) {
        if (d[p] != '-' && (d[p] < '0' || d[p] > '9')) {
            return UNSURE;
        }
        int q = JsonScanner.skipNumber(d, p, end);
        if (q > 0) {
            if (target.form == Form.DOUBLE) {
                ((DoubleVectorBuilder) target.builder).appendDouble(NumberReader.toDouble(d, p, q));
            } else {
                ((FloatVectorBuilder) target.builder).appendFloat(NumberReader.toFloat(d, p, q));
            }
        }
        return q;
    }

    private static int bool(byte[] d, int p, int end, BooleanVectorBuilder out) {
        int q = JsonScanner.skipLiteral(d, p, end);
        if (q > 0) {
            out.appendBoolean(d[p] == 't');
        }
        return q;
    }

    private static int decimal(byte[] d, int p, int end, Target target) {
        if (d[p] != '-' && (d[p] < '0' || d[p] > '9')) {
            return UNSURE;
        }
        int q = JsonScanner.skipNumber(d, p, end);
        if (q < 0 || q - p > NumberReader.SAFE_DIGITS) {
            return UNSURE;
        }
        long unscaled = 0;
        int scale = -1;
        for (int i = d[p] == '-' ? p + 1 : p; i < q; i++) {
            if (d[i] == '.') {
                scale = 0;
            } else if (d[i] >= '0' && d[i] <= '9') {
                unscaled = unscaled * 10 + (d[i] - '0');
                scale += scale >= 0 ? 1 : 0;
            } else {
                return UNSURE;
            }
        }
        int missing = target.scale - Math.max(scale, 0);
        if (missing < 0) {
            return UNSURE; // has to be rounded
        }
        for (; missing > 0 && unscaled != 0; missing--) {
            if (unscaled > target.max / 10) {
                return UNSURE;
            }
            unscaled *= 10;
        }
        if (unscaled > target.max) {
            return UNSURE;
        }
        ((DecimalVectorBuilder) target.builder).appendUnscaled(d[p] == '-' ? -unscaled : unscaled);
        return q;
    }

    private int timestamp(byte[] d, int p, int end, LongVectorBuilder out) {
        if (d[p] != '"') {
            int q = digitsEnd(d, p, end);
            if (q > 0) {
                out.appendLong(integerValue(d, p, q) * 1_000_000L); // wraps, as in Spark
            }
            return q;
        }
        int quote = JsonScanner.plainEnd(d, p + 1, end);
        if (quote >= end || d[quote] != '"') {
            return UNSURE;
        }
        long micros = temporal.timestamp(d, p + 1, quote);
        if (micros == TemporalText.INVALID) {
            return UNSURE;
        }
        out.appendLong(micros);
        return quote + 1;
    }

    private int timestampNtz(byte[] d, int p, int end, LongVectorBuilder out) {
        int quote = d[p] == '"' ? JsonScanner.plainEnd(d, p + 1, end) : end;
        if (quote >= end || d[quote] != '"') {
            return UNSURE;
        }
        long micros = temporal.timestampNtz(d, p + 1, quote);
        if (micros == TemporalText.INVALID) {
            return UNSURE;
        }
        out.appendLong(micros);
        return quote + 1;
    }

    private int date(byte[] d, int p, int end, IntVectorBuilder out) {
        int quote = d[p] == '"' ? JsonScanner.plainEnd(d, p + 1, end) : end;
        if (quote >= end || d[quote] != '"') {
            return UNSURE;
        }
        long days = temporal.date(d, p + 1, quote);
        if (days == TemporalText.INVALID) {
            return UNSURE;
        }
        out.appendInt((int) days);
        return quote + 1;
    }

    /** How a value is read; several types may share one. */
    private enum Form {
        STRING,
        LONG,
        INT,
        DOUBLE,
        FLOAT,
        BOOLEAN,
        TIMESTAMP,
        TIMESTAMP_NTZ,
        DATE,
        DECIMAL,
        STRUCT,
        ARRAY,
        MAP,
        OTHER
    }

    /** A place to put values: a builder and what reading needs to know of its type. */
    private static final class Target {
        final VectorBuilder builder;
        final Form form;
        final Target[] children;
        final @Nullable NameTable names;
        final long min;
        final long max;
        final int scale;

        private Target(VectorBuilder builder, Form form, long min, long max, int scale) {
            this.builder = builder;
            this.form = form;
            this.children = new Target[0];
            this.names = null;
            this.min = min;
            this.max = max;
            this.scale = scale;
        }

        private Target(VectorBuilder builder, Form form, @Nullable NameTable names, Target... children) {
            this.builder = builder;
            this.form = form;
            this.children = children;
            this.names = names;
            this.min = 0;
            this.max = 0;
            this.scale = 0;
        }

        static Target of(DataType type, VectorBuilder builder, List<Integer> hidden) {
            if (type instanceof AtomicType atomic) {
                return atomic(atomic, builder);
            } else if (type instanceof DecimalType decimal) {
                return decimal(decimal, builder);
            } else if (type instanceof ArrayType array) {
                VectorBuilder elements = ((ArrayVectorBuilder) builder).elements();
                return new Target(builder, Form.ARRAY, null, of(array.elementType(), elements, List.of()));
            } else if (type instanceof MapType map) {
                MapVectorBuilder maps = (MapVectorBuilder) builder;
                return new Target(
                        builder,
                        Form.MAP,
                        null,
                        of(map.keyType(), maps.keys(), List.of()),
                        of(map.valueType(), maps.entryValues(), List.of()));
            }
            StructType struct = (StructType) type;
            Target[] children = new Target[struct.size()];
            for (int i = 0; i < children.length; i++) {
                children[i] = of(struct.field(i).dataType(), ((StructVectorBuilder) builder).child(i), List.of());
            }
            return new Target(builder, Form.STRUCT, new NameTable(struct.fieldNames(), hidden), children);
        }

        private static Target atomic(AtomicType type, VectorBuilder builder) {
            return switch (type) {
                case STRING -> new Target(builder, Form.STRING, 0, 0, 0);
                case BIGINT -> new Target(builder, Form.LONG, 0, 0, 0);
                case INT -> new Target(builder, Form.INT, Integer.MIN_VALUE, Integer.MAX_VALUE, 0);
                case SMALLINT -> new Target(builder, Form.INT, Short.MIN_VALUE, Short.MAX_VALUE, 0);
                case TINYINT -> new Target(builder, Form.INT, Byte.MIN_VALUE, Byte.MAX_VALUE, 0);
                case DOUBLE -> new Target(builder, Form.DOUBLE, 0, 0, 0);
                case FLOAT -> new Target(builder, Form.FLOAT, 0, 0, 0);
                case BOOLEAN -> new Target(builder, Form.BOOLEAN, 0, 0, 0);
                case TIMESTAMP -> new Target(builder, Form.TIMESTAMP, 0, 0, 0);
                case TIMESTAMP_NTZ -> new Target(builder, Form.TIMESTAMP_NTZ, 0, 0, 0);
                case DATE -> new Target(builder, Form.DATE, 0, 0, 0);
                case BINARY, NULL -> new Target(builder, Form.OTHER, 0, 0, 0);
            };
        }

        private static Target decimal(DecimalType type, VectorBuilder builder) {
            long max = 1;
            for (int i = 0; i < Math.min(type.precision(), NumberReader.SAFE_DIGITS); i++) {
                max *= 10;
            }
            return new Target(builder, Form.DECIMAL, 0, max - 1, type.scale());
        }

        BytesVectorBuilder bytes() {
            return (BytesVectorBuilder) builder;
        }

        LongVectorBuilder longs() {
            return (LongVectorBuilder) builder;
        }

        IntVectorBuilder ints() {
            return (IntVectorBuilder) builder;
        }

        StructVectorBuilder structs() {
            return (StructVectorBuilder) builder;
        }

        NameTable names() {
            if (names == null) {
                throw new IllegalStateException("only a struct has names");
            }
            return names;
        }
    }
}
