package io.tidemark.connectors.delta;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.ColumnVector;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Partition values as the Delta log holds them, and as they stand in directory names. */
final class PartitionValues {
    private static final String NULL_NAME = "__HIVE_DEFAULT_PARTITION__";
    private static final String ESCAPED = "\"#%'*/:=?\\{[]^";
    private static final DateTimeFormatter INSTANT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    private PartitionValues() {}

    /** Returns whether a column of this type can partition a table. */
    static boolean allows(DataType type) {
        return type instanceof DecimalType
                || (type instanceof AtomicType && type != AtomicType.BINARY && type != AtomicType.NULL);
    }

    /** Returns the value's text, or null for null and, as the Delta protocol has it, for the empty string. */
    static @Nullable String text(ColumnVector column, int row) {
        Object value = column.value(row);
        if (value == null) {
            return null;
        } else if (value instanceof Instant instant) {
            return INSTANT.format(instant);
        } else if (value instanceof LocalDateTime local) {
            return LOCAL.format(local);
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        String text = value.toString();
        return text.isEmpty() ? null : text;
    }

    /** Returns {@code name=value}, escaped as Hive and Spark do. */
    static String directory(String column, @Nullable String value) {
        return escape(column) + "=" + (value == null ? NULL_NAME : escape(value));
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == 0x7F || ESCAPED.indexOf(c) >= 0) {
                out.append('%').append(String.format(Locale.ROOT, "%02X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Returns a relative path as the log writes it, a URI: what a URI cannot hold is percent-encoded. */
    static String toUri(String relativePath) {
        StringBuilder out = new StringBuilder(relativePath.length() + 8);
        for (int i = 0; i < relativePath.length(); i++) {
            char c = relativePath.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-_.!~*'()/=&+$,;:@".indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < relativePath.length()) {
                encode(out, relativePath.substring(i, i + 2));
                i++;
            } else {
                encode(out, String.valueOf(c));
            }
        }
        return out.toString();
    }

    private static void encode(StringBuilder out, String character) {
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            out.append('%').append(String.format(Locale.ROOT, "%02X", b));
        }
    }

    /** Undoes {@link #toUri}, also for paths that others wrote. */
    static String fromUri(String uri) {
        if (uri.indexOf('%') < 0) {
            return uri;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] from = uri.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < from.length; i++) {
            int high = (i + 2 < from.length && from[i] == '%') ? Character.digit(from[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(from[i + 2], 16);
            if (low >= 0) {
                bytes.write((high << 4) | low);
                i += 2;
            } else {
                bytes.write(from[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
