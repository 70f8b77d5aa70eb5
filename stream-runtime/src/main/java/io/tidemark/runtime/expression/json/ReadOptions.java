package io.tidemark.runtime.expression.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code from_json} and {@code to_json}, under Spark's names without regard to case. As in Spark, names
 * that mean nothing here are ignored.
 */
final class ReadOptions {
    private static final String CORRUPT_RECORD = "_corrupt_record";

    private final TreeMap<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Origin origin;

    ReadOptions(Map<?, ?> options, Origin origin) {
        options.forEach((key, value) -> {
            if (key != null && value != null) {
                values.put(key.toString(), value.toString());
            }
        });
        this.origin = origin;
    }

    /** Checks what can be checked before a record is seen. */
    ReadOptions checked() {
        String mode = values.getOrDefault("mode", "PERMISSIVE");
        if (mode.equalsIgnoreCase("DROPMALFORMED")) {
            throw invalid("mode", mode, "Use PERMISSIVE or FAILFAST.");
        }
        zone(ZoneId.of("UTC"));
        factory();
        return this;
    }

    /** Returns whether a malformed record ends the query; else it becomes null. Unknown modes are permissive. */
    boolean isFailFast() {
        return values.getOrDefault("mode", "").equalsIgnoreCase("FAILFAST");
    }

    String columnNameOfCorruptRecord() {
        return values.getOrDefault("columnNameOfCorruptRecord", CORRUPT_RECORD);
    }

    /** Returns whether the limits of the parser are its own, which the fast reader knows. */
    boolean hasDefaultLimits() {
        return !values.containsKey("maxNestingDepth")
                && !values.containsKey("maxNumLen")
                && !values.containsKey("maxStringLen");
    }

    ZoneId zone(ZoneId sessionZone) {
        String zone = values.get("timeZone");
        if (zone == null) {
            return sessionZone;
        }
        try {
            return ZoneId.of(zone, ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            throw invalid("timeZone", zone, "Use a region such as Europe/Paris or an offset such as +02:00.");
        }
    }

    Locale locale() {
        return Locale.forLanguageTag(values.getOrDefault("locale", "en-US"));
    }

    @Nullable
    String text(String name) {
        return values.get(name);
    }

    boolean flag(String name, boolean otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        } else if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
            return Boolean.parseBoolean(value);
        }
        throw invalid(name, value, "Use true or false.");
    }

    /** Returns a factory of parsers that accept what the options allow. */
    JsonFactory factory() {
        return new JsonFactoryBuilder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limit("maxNestingDepth", StreamReadConstraints.DEFAULT_MAX_DEPTH))
                        .maxNumberLength(limit("maxNumLen", StreamReadConstraints.DEFAULT_MAX_NUM_LEN))
                        .maxStringLength(limit("maxStringLen", StreamReadConstraints.DEFAULT_MAX_STRING_LEN))
                        .build())
                .configure(JsonReadFeature.ALLOW_JAVA_COMMENTS, flag("allowComments", false))
                .configure(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, flag("allowUnquotedFieldNames", false))
                .configure(JsonReadFeature.ALLOW_SINGLE_QUOTES, flag("allowSingleQuotes", true))
                .configure(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS, flag("allowNumericLeadingZeros", false))
                .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, allowNonNumericNumbers())
                .configure(
                        JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
                        flag("allowBackslashEscapingAnyCharacter", false))
                .configure(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS, flag("allowUnquotedControlChars", false))
                .build();
    }

    boolean allowNonNumericNumbers() {
        return flag("allowNonNumericNumbers", true);
    }

    private int limit(String name, int otherwise) {
        String value = values.get(name);
        try {
            int limit = value == null ? otherwise : Integer.parseInt(value);
            if (limit >= 0) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw invalid(name, String.valueOf(value), "Use a whole number from 0.");
    }

    private AnalysisException invalid(String name, String value, String cure) {
        return new AnalysisException(
                ErrorCode.INVALID_ARGUMENT_VALUE,
                "The JSON option " + name + " cannot be '" + value + "'. " + cure,
                origin);
    }
}
