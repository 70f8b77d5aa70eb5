package io.tidemark.runtime.conf;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.Durations;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A setting: its name, what it means, and how its text becomes a value.
 *
 * @param defaultText what holds where the user says nothing, for documentation too
 */
public record ConfigKey<T>(String name, String doc, String defaultText, Function<String, T> parser) {
    /** A whole number of at least {@code min}. */
    static ConfigKey<Integer> integer(String name, int defaultValue, int min, String doc) {
        return new ConfigKey<>(name, doc, Integer.toString(defaultValue), text -> {
            int value = Integer.parseInt(text.trim());
            if (value < min) {
                throw new IllegalArgumentException("a whole number of at least " + min);
            }
            return value;
        });
    }

    static ConfigKey<Boolean> flag(String name, boolean defaultValue, String doc) {
        return new ConfigKey<>(name, doc, Boolean.toString(defaultValue), text -> {
            String lower = text.trim().toLowerCase(Locale.ROOT);
            if (!lower.equals("true") && !lower.equals("false")) {
                throw new IllegalArgumentException("true or false");
            }
            return lower.equals("true");
        });
    }

    /** A duration: a number of milliseconds, or a number with a unit ({@code 30s}, {@code 10 seconds}). */
    static ConfigKey<Duration> duration(String name, String defaultText, String doc) {
        return new ConfigKey<>(name, doc, defaultText, ConfigKey::parseDuration);
    }

    /** One of a few words. */
    static ConfigKey<String> choice(String name, String defaultValue, java.util.List<String> choices, String doc) {
        return new ConfigKey<>(name, doc, defaultValue, text -> {
            String lower = text.trim().toLowerCase(Locale.ROOT);
            if (!choices.contains(lower)) {
                throw new IllegalArgumentException("one of " + choices);
            }
            return lower;
        });
    }

    static ConfigKey<String> text(String name, String defaultValue, String doc) {
        return new ConfigKey<>(name, doc, defaultValue, Function.identity());
    }

    /** Returns the value in {@code conf}, or the default. */
    public T in(Map<String, String> conf) {
        String text = conf.getOrDefault(name, defaultText);
        try {
            return parser.apply(text);
        } catch (RuntimeException e) {
            String wanted = e instanceof NumberFormatException ? "a whole number" : String.valueOf(e.getMessage());
            throw new TidemarkException(
                    ErrorCode.INVALID_CONF,
                    "Setting '" + name + "' cannot be '" + text + "': it takes " + wanted + ". " + doc,
                    e);
        }
    }

    private static Duration parseDuration(String text) {
        String trimmed = text.trim().toLowerCase(Locale.ROOT);
        if (trimmed.matches("\\d+")) {
            return Duration.ofMillis(Long.parseLong(trimmed));
        }
        String spelled = trimmed.replaceAll("(?<=\\d)\\s*ms$", " milliseconds")
                .replaceAll("(?<=\\d)\\s*s$", " seconds")
                .replaceAll("(?<=\\d)\\s*m(in)?$", " minutes")
                .replaceAll("(?<=\\d)\\s*h$", " hours")
                .replaceAll("(?<=\\d)\\s*d$", " days");
        try {
            return Duration.ofMillis(Durations.parseMillis(spelled));
        } catch (TidemarkException e) {
            throw new IllegalArgumentException("milliseconds, or a number with a unit such as 30s", e);
        }
    }
}
