package io.tidemark.api.connector;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.Secret;
import io.tidemark.api.secret.SettingNames;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Options of a source or sink, looked up without regard to case, spelled as the user wrote them. */
public final class Options {
    private final SortedMap<String, String> values;

    public Options(Map<String, String> values) {
        TreeMap<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(values);
        this.values = Collections.unmodifiableSortedMap(copy);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** @throws TidemarkException if the option is missing */
    public String require(String name, String cure) {
        return get(name)
                .orElseThrow(() ->
                        new TidemarkException(ErrorCode.MISSING_OPTION, "Option '" + name + "' is missing. " + cure));
    }

    public boolean flag(String name, boolean otherwise) {
        String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(name, text, "Use true or false.");
        };
    }

    /** Returns a whole number of at least {@code min}, or empty. */
    public OptionalLong wholeNumber(String name, long min) {
        String text = values.get(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            long value = Long.parseLong(text.trim());
            if (value >= min) {
                return OptionalLong.of(value);
            }
        } catch (NumberFormatException e) {
            throw invalid(name, text, "Use a whole number of at least " + min + ".");
        }
        throw invalid(name, text, "Use a whole number of at least " + min + ".");
    }

    public static TidemarkException invalid(String name, String value, String cure) {
        String shown = SettingNames.STANDARD.isSecret(name) ? Secret.SHOWN : value;
        return new TidemarkException(
                ErrorCode.INVALID_OPTION, "Option '" + name + "' cannot be '" + shown + "'. " + cure);
    }

    /** Returns all options; iteration and look-up ignore case. */
    public SortedMap<String, String> asMap() {
        return values;
    }

    /** Shows the values of options that are known to be no secrets. */
    @Override
    public String toString() {
        return SettingNames.STANDARD.print(values);
    }
}
