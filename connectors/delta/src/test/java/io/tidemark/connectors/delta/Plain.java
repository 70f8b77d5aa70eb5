package io.tidemark.connectors.delta;

import io.tidemark.api.Row;
import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings the values that different readers return into one comparable form. */
public final class Plain {
    private Plain() {}

    /** Structs as lists, binaries as hex, instants as Instant, local times as LocalDateTime. */
    public static @Nullable Object of(@Nullable Object value) {
        try {
            if (value instanceof Row row) {
                return listOf(row.values());
            } else if (value instanceof List<?> list) {
                return listOf(list);
            } else if (value instanceof Map<?, ?> map) {
                Map<@Nullable Object, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((k, v) -> plain.put(of(k), of(v)));
                return plain;
            } else if (value instanceof byte[] bytes) {
                return "0x" + HexFormat.of().formatHex(bytes);
            } else if (value instanceof Blob blob) {
                return "0x" + HexFormat.of().formatHex(blob.getBytes(1, (int) blob.length()));
            } else if (value instanceof Struct struct) {
                return listOf(Arrays.asList(struct.getAttributes()));
            } else if (value instanceof java.sql.Array array) {
                return listOf(Arrays.asList((Object[]) array.getArray()));
            } else if (value instanceof OffsetDateTime time) {
                return time.toInstant();
            } else if (value instanceof Timestamp time) {
                return time.toLocalDateTime();
            } else if (value instanceof java.sql.Date date) {
                return date.toLocalDate();
            } else if (value instanceof BigDecimal decimal) {
                return decimal.toPlainString();
            }
            return value;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<@Nullable Object> listOf(List<?> values) {
        List<@Nullable Object> plain = new ArrayList<>();
        values.forEach(v -> plain.add(of(v)));
        return plain;
    }
}
