package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.connectors.delta.parquet.LeafStatistics;
import io.tidemark.connectors.delta.parquet.ParquetEncoder.FileSummary;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file's statistics as Delta's log holds them: rows, and per column nulls and bounds. Strings are cut to 32 characters
 * (a greatest one gets a character on top that keeps it a bound) and times to milliseconds, as Delta does.
 */
final class FileStatistics {
    private static final int PREFIX = 32;
    private static final int PREFIX_MAX = 2 * PREFIX;
    private static final char ASCII_MAX = '\u007F';
    private static final String UTF8_MAX = "\uDBFF\uDFFF";
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT);

    private FileStatistics() {}

    /** Returns the statistics of those columns that {@code indexed} admits, as one line of JSON. */
    static String json(FileSummary file, IndexedColumns indexed) {
        ObjectNode root = Json.object();
        root.put("numRecords", file.rowCount());
        ObjectNode mins = root.putObject("minValues");
        ObjectNode maxs = root.putObject("maxValues");
        ObjectNode nulls = root.putObject("nullCount");
        for (LeafStatistics leaf : indexed.of(file.statistics())) {
            put(mins, leaf, bound(leaf.type(), leaf.min(), true));
            put(maxs, leaf, bound(leaf.type(), leaf.max(), false));
            put(nulls, leaf, BigDecimal.valueOf(leaf.nullCount()));
        }
        return Json.line(root);
    }

    private static void put(ObjectNode root, LeafStatistics leaf, @Nullable Object value) {
        if (value == null) {
            return;
        }
        ObjectNode parent = root;
        List<String> path = leaf.path();
        for (String name : path.subList(0, path.size() - 1)) {
            parent = parent.withObject("/" + name.replace("~", "~0").replace("/", "~1"));
        }
        String name = path.get(path.size() - 1);
        if (value instanceof BigDecimal number) {
            parent.put(name, number);
        } else {
            parent.put(name, (String) value);
        }
    }

    /** Returns a BigDecimal or a String, or null where Delta keeps no bound. */
    private static @Nullable Object bound(DataType type, @Nullable Object value, boolean isMin) {
        if (value == null || type == AtomicType.BOOLEAN || type == AtomicType.BINARY) {
            return null;
        }
        if (type instanceof DecimalType decimal) {
            BigInteger unscaled = value instanceof BigInteger big ? big : BigInteger.valueOf((Long) value);
            return new BigDecimal(unscaled, decimal.scale());
        }
        return switch ((AtomicType) type) {
            case STRING -> isMin ? least((byte[]) value) : greatest((byte[]) value);
            case DATE -> LocalDate.ofEpochDay((Long) value).toString();
            case TIMESTAMP -> MILLIS.format(atMillis((Long) value)) + "Z";
            case TIMESTAMP_NTZ -> MILLIS.format(atMillis((Long) value));
            case FLOAT -> finite((Float) value, value.toString());
            case DOUBLE -> finite((Double) value, value.toString());
            default -> BigDecimal.valueOf((Long) value);
        };
    }

    private static LocalDateTime atMillis(long micros) {
        return LocalDateTime.ofInstant(
                Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS), ZoneOffset.UTC);
    }

    private static @Nullable BigDecimal finite(double value, String text) {
        return Double.isInfinite(value) || Double.isNaN(value) ? null : new BigDecimal(text);
    }

    private static @Nullable String least(byte[] utf8) {
        String text = exact(utf8);
        return text == null || text.length() <= PREFIX ? text : text.substring(0, prefixEnd(text));
    }

    private static @Nullable String greatest(byte[] utf8) {
        String text = exact(utf8);
        if (text == null || text.length() <= PREFIX) {
            return text;
        }
        int end = prefixEnd(text);
        while (end <= PREFIX_MAX) {
            if (end >= text.length()) {
                return text;
            } else if (text.startsWith(UTF8_MAX, end)) {
                end += UTF8_MAX.length();
            } else if (text.charAt(end) < ASCII_MAX) {
                return text.substring(0, end) + ASCII_MAX;
            } else {
                return text.substring(0, end) + UTF8_MAX;
            }
        }
        return null;
    }

    private static int prefixEnd(String text) {
        return Character.isHighSurrogate(text.charAt(PREFIX - 1)) ? PREFIX + 1 : PREFIX;
    }

    /** Returns the text, or null if the bytes are not UTF-8: then text and bytes order differently. */
    private static @Nullable String exact(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        return Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8) ? text : null;
    }
}
