package io.tidemark.runtime.expression;

import io.tidemark.api.Row;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Shows values as one line: strings in quotes, bytes as 0x, arrays in [], structs in {}, maps in Map{}. */
public final class ShowValues {
    private ShowValues() {}

    public static String show(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return "0x" + HexFormat.of().formatHex(bytes);
        } else if (value instanceof String text) {
            return "'" + text + "'";
        } else if (value instanceof Row row) {
            StringJoiner fields = new StringJoiner(",", "{", "}");
            row.values().forEach(field -> fields.add(show(field)));
            return fields.toString();
        } else if (value instanceof List<?> list) {
            StringJoiner elements = new StringJoiner(",", "[", "]");
            list.forEach(element -> elements.add(show(element)));
            return elements.toString();
        } else if (value instanceof Map<?, ?> map) {
            StringJoiner entries = new StringJoiner(",", "Map{", "}");
            map.forEach((key, entry) -> entries.add(show(key) + ":" + show(entry)));
            return entries.toString();
        }
        return String.valueOf(value);
    }
}
