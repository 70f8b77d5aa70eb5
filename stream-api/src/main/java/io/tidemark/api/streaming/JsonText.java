package io.tidemark.api.streaming;

import io.tidemark.api.types.Identifiers;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object, compact, members in the order of the calls. */
final class JsonText {
    private final StringBuilder out = new StringBuilder("{");

    JsonText string(String name, @Nullable String value) {
        return raw(name, value == null ? "null" : Identifiers.jsonString(value));
    }

    JsonText number(String name, long value) {
        return raw(name, Long.toString(value));
    }

    /** One digit behind the point, half up; left out if it is not a finite number. */
    JsonText rate(String name, double value) {
        return Double.isFinite(value) ? raw(name, oneDigit(value)) : this;
    }

    JsonText raw(String name, String json) {
        if (out.length() > 1) {
            out.append(',');
        }
        out.append(Identifiers.jsonString(name)).append(':').append(json);
        return this;
    }

    /** Left out if empty. */
    JsonText longs(String name, SortedMap<String, Long> values) {
        if (values.isEmpty()) {
            return this;
        }
        JsonText object = new JsonText();
        values.forEach(object::number);
        return raw(name, object.end());
    }

    /** Left out if empty. */
    JsonText strings(String name, SortedMap<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        JsonText object = new JsonText();
        values.forEach(object::string);
        return raw(name, object.end());
    }

    JsonText array(String name, List<String> jsons) {
        return raw(name, "[" + String.join(",", jsons) + "]");
    }

    String end() {
        return out.append('}').toString();
    }

    private static String oneDigit(double value) {
        return new BigDecimal(Double.toString(value))
                .setScale(1, RoundingMode.HALF_UP)
                .toPlainString();
    }
}
