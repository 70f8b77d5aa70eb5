package io.tidemark.connectors.builtin;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Values as the text that Spark's {@code show} prints: null is {@code NULL}, nested values in brackets. */
record CellText(ZoneId zone) {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter(Locale.ROOT);

    /** Returns the text of a value as {@link io.tidemark.api.vector.ColumnVector#value} gives it. */
    String text(@Nullable Object value, DataType type) {
        if (value == null) {
            return "NULL";
        } else if (value instanceof Instant instant) {
            return TIMESTAMP.format(LocalDateTime.ofInstant(instant, zone));
        } else if (value instanceof LocalDateTime local) {
            return TIMESTAMP.format(local);
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        } else if (value instanceof byte[] bytes) {
            return binary(bytes);
        } else if (value instanceof List<?> list && type instanceof ArrayType array) {
            StringJoiner out = new StringJoiner(", ", "[", "]");
            list.forEach(element -> out.add(text(element, array.elementType())));
            return out.toString();
        } else if (value instanceof Map<?, ?> entries && type instanceof MapType map) {
            StringJoiner out = new StringJoiner(", ", "{", "}");
            entries.forEach((k, v) -> out.add(text(k, map.keyType()) + " -> " + text(v, map.valueType())));
            return out.toString();
        } else if (value instanceof Row row && type instanceof StructType struct) {
            StringJoiner out = new StringJoiner(", ", "{", "}");
            for (int i = 0; i < struct.size(); i++) {
                out.add(text(row.get(i), struct.field(i).dataType()));
            }
            return out.toString();
        }
        return value.toString();
    }

    private static String binary(byte[] bytes) {
        StringJoiner out = new StringJoiner(" ", "[", "]");
        for (byte b : bytes) {
            out.add(String.format(Locale.ROOT, "%02X", b));
        }
        return out.toString();
    }
}
