package io.tidemark.runtime.conf;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.Durations;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A setting: its name, what it means, and how its text becomes a value.
 *
 * @param defaultText what holds where the user says nothing, for documentation too
 */
public record ConfigKey<T>(String name, String doc, String defaultText, Function<String, T> parser) {
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,18})\\s*(%|[kmgt]?)b?");

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

    /** A number from {@code min} to {@code max}, with a fraction or without. */
    static ConfigKey<Double> decimal(String name, String defaultText, double min, double max, String doc) {
        return new ConfigKey<>(name, doc, defaultText, text -> {
            double value = Double.parseDouble(text.trim());
            if (!(value >= min && value <= max)) {
                throw new IllegalArgumentException(
                        max == Double.MAX_VALUE
                                ? "a number of at least " + min
                                : "a number from " + min + " to " + max);
            }
            return value;
        });
    }

    /** A number of bytes, a number with a unit ({@code 64m}, {@code 1g}), or a share of the heap ({@code 20%}). */
    static ConfigKey<Long> memory(String name, String defaultText, String doc) {
        return new ConfigKey<>(name, doc, defaultText, ConfigKey::parseMemory);
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

    private static long parseMemory(String text) {
        Matcher size = MEMORY.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw new IllegalArgumentException("bytes, a number with a unit such as 64m or 1g, or a share such as 20%");
        }
        long number = Long.parseLong(size.group(1));
        return switch (size.group(2)) {
            case "%" -> (long) (Runtime.getRuntime().maxMemory() / 100.0 * number);
            case "k" -> Math.multiplyExact(number, 1L << 10);
            case "m" -> Math.multiplyExact(number, 1L << 20);
            case "g" -> Math.multiplyExact(number, 1L << 30);
            case "t" -> Math.multiplyExact(number, 1L << 40);
            default -> number;
        };
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
