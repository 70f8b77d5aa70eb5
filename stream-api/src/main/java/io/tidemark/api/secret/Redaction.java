package io.tidemark.api.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secrets this process was told, and how to take them out of a text. Names say which settings are secret, but a
 * library may quote a value anywhere; so whoever reads a setting tells it here, and whoever shows a text blots it. A
 * secret is known for the life of the process. Any thread.
 */
public final class Redaction {
    /** Shorter values guard nothing, and blotting them would make texts unreadable. */
    private static final int SHORTEST = 4;

    private static final Pattern JAAS_OPTION = Pattern.compile(
            "([A-Za-z0-9_.]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'((?:[^'\\\\]|\\\\.)*)'|([^\\s;\"']+))");
    private static final Set<String> JAAS_NOT_SECRET =
            Set.of("username", "user", "principal", "servicename", "keytab", "refreshkrb5config", "ticketcache");
    private static final Pattern URL_PASSWORD = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://[^/\\s:@]*:([^/\\s@]+)@");
    private static final Pattern PLAIN_WORD = Pattern.compile("true|false|[0-9]{1,5}");

    private static volatile List<String> needles = List.of();

    private Redaction() {}

    /** Takes note of the secrets among settings, by their names; and of passwords within addresses. */
    public static void remember(Map<String, String> settings, SettingNames names) {
        settings.forEach((name, value) -> remember(name, value, names));
    }

    /** As above, for one setting. */
    public static void remember(String name, String value, SettingNames names) {
        if (names.isSecret(name)) {
            remember(new Secret(value));
            if (name.toLowerCase(Locale.ROOT).contains("jaas")) {
                rememberJaas(value);
            }
        }
        Matcher url = URL_PASSWORD.matcher(value);
        while (url.find()) {
            remember(new Secret(url.group(1)));
        }
    }

    /** A login module's options are told apart: a library that fails on one quotes it alone. */
    private static void rememberJaas(String value) {
        Matcher option = JAAS_OPTION.matcher(value);
        while (option.find()) {
            String text = option.group(2) != null
                    ? option.group(2).replaceAll("\\\\(.)", "$1")
                    : option.group(3) != null ? option.group(3) : option.group(4);
            if (text != null && !JAAS_NOT_SECRET.contains(option.group(1).toLowerCase(Locale.ROOT))) {
                remember(new Secret(text));
            }
        }
    }

    /** Takes note of a secret. */
    public static synchronized void remember(Secret secret) {
        String value = secret.reveal().strip();
        if (value.length() < SHORTEST || PLAIN_WORD.matcher(value).matches() || needles.contains(value)) {
            return;
        }
        Set<String> all =
                new TreeSet<>(Comparator.comparing(String::length).reversed().thenComparing(s -> s));
        all.addAll(needles);
        all.add(value);
        all.add(value.replace("\\", "\\\\").replace("\"", "\\\"")); // within JSON or JAAS
        all.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
        all.add(Base64.getEncoder().withoutPadding().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
        value.lines()
                .map(String::strip)
                .filter(line -> line.length() >= 2 * SHORTEST)
                .forEach(all::add); // of a PEM key
        needles = List.copyOf(all);
    }

    /** Returns {@code text} with {@code ***} in place of every secret that is known by now. */
    public static String blot(String text) {
        String result = text;
        for (String needle : needles) {
            if (result.contains(needle)) {
                result = result.replace(needle, Secret.SHOWN);
            }
        }
        return result;
    }

    /**
     * Returns {@code failure}, or, where it, a cause or something it suppressed quotes a secret, a copy that has its
     * stack traces and not its secrets.
     */
    public static @Nullable Throwable clean(@Nullable Throwable failure) {
        return failure == null || needles.isEmpty() || isClean(failure) ? failure : new RedactedException(failure);
    }

    private static boolean isClean(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> open = new ArrayList<>(List.of(failure));
        while (!open.isEmpty()) {
            Throwable next = open.remove(open.size() - 1);
            if (!seen.add(next)) {
                continue;
            }
            String text = next.toString();
            if (!blot(text).equals(text)) {
                return false;
            }
            if (next.getCause() != null) {
                open.add(next.getCause());
            }
            open.addAll(List.of(next.getSuppressed()));
        }
        return true;
    }
}
