package io.tidemark.ops.drill.expression;

import io.tidemark.api.Row;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Values as text that is equal only for equal values of one type. */
public final class CanonicalValue {
    private CanonicalValue() {}

    public static String text(@Nullable Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof String string) {
            return "'" + string + "'";
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        } else if (value instanceof byte[] bytes) {
            return "x" + HexFormat.of().formatHex(bytes);
        } else if (value instanceof List<?> list) {
            StringJoiner out = new StringJoiner(", ", "[", "]");
            list.forEach(element -> out.add(text(element)));
            return out.toString();
        } else if (value instanceof Map<?, ?> map) {
            StringJoiner out = new StringJoiner(", ", "map(", ")");
            map.entrySet().stream()
                    .map(e -> text(e.getKey()) + " -> " + text(e.getValue()))
                    .sorted()
                    .forEach(out::add);
            return out.toString();
        } else if (value instanceof Row row) {
            StringJoiner out = new StringJoiner(", ", "{", "}");
            row.values().forEach(field -> out.add(text(field)));
            return out.toString();
        }
        return value.toString();
    }
}
