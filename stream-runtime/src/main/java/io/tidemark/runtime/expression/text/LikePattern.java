package io.tidemark.runtime.expression.text;

import io.tidemark.api.error.EvaluationException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A LIKE pattern taken apart at its percent signs: the first part has to stand at the start, the last one at the end, the
 * others somewhere between, each as early as it can. So the work is bounded by the product of both lengths, and by their
 * sum for the usual patterns (prefix, suffix, part).
 */
final class LikePattern {
    private final List<Part> parts;

    private LikePattern(List<Part> parts) {
        this.parts = parts;
    }

    /** Some bytes; at the marked places any one character may stand instead. */
    private record Part(byte[] bytes, boolean[] anyOne, boolean hasAnyOne) {
        /** Returns the end of this part at {@code p}, or -1. */
        int matchAt(byte[] d, int p, int end) {
            if (!hasAnyOne) {
                return bytes.length <= end - p && Utf8.equal(d, p, bytes, 0, bytes.length) ? p + bytes.length : -1;
            }
            for (int i = 0; i < bytes.length; i++) {
                if (p >= end) {
                    return -1;
                } else if (anyOne[i]) {
                    p = Math.min(end, p + Utf8.length(d[p]));
                } else if (d[p++] != bytes[i]) {
                    return -1;
                }
            }
            return p;
        }

        /** Returns the end of the first place of this part from {@code p} on, or -1. */
        int find(byte[] d, int p, int end) {
            if (!hasAnyOne) {
                int found = Utf8.indexOf(d, p, end, bytes, 0, bytes.length);
                return found < 0 ? -1 : found + bytes.length;
            }
            for (int i = p; i <= end; i++) {
                boolean characterStart = i == end || (d[i] & 0xC0) != 0x80;
                int after = characterStart ? matchAt(d, i, end) : -1;
                if (after >= 0) {
                    return after;
                }
            }
            return -1;
        }

        /** Returns whether this part stands right before {@code end}, and not before {@code p}. */
        boolean matchesEnd(byte[] d, int p, int end) {
            if (!hasAnyOne) {
                return bytes.length <= end - p && Utf8.equal(d, end - bytes.length, bytes, 0, bytes.length);
            }
            int at = end;
            for (int i = bytes.length - 1; i >= 0; i--) {
                if (at <= p) {
                    return false;
                } else if (anyOne[i]) {
                    at--;
                    while (at > p && (d[at] & 0xC0) == 0x80) {
                        at--;
                    }
                } else if (d[--at] != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Reads a pattern.
     *
     * @param escape the character that takes {@code %}, {@code _} and itself literally
     * @throws EvaluationException {@code INVALID_FORMAT} if an escape stands before anything else or at the end
     */
    static LikePattern of(String pattern, char escape) {
        List<Part> parts = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Integer> wild = new ArrayList<>();
        for (int i = 0; i < pattern.length(); ) {
            int character = pattern.codePointAt(i);
            i += Character.charCount(character);
            if (character == escape) {
                if (i == pattern.length()) {
                    throw invalid("INVALID_FORMAT.ESC_AT_THE_END", pattern, "ends with its escape character");
                }
                char next = pattern.charAt(i++);
                if (next != '%' && next != '_' && next != escape) {
                    throw invalid(
                            "INVALID_FORMAT.ESC_IN_THE_MIDDLE",
                            pattern,
                            "has its escape character before '" + next + "'");
                }
                bytes.writeBytes(String.valueOf(next).getBytes(StandardCharsets.UTF_8));
            } else if (character == '%') {
                parts.add(part(bytes, wild));
                bytes.reset();
                wild.clear();
            } else {
                if (character == '_') {
                    wild.add(bytes.size());
                }
                bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
            }
        }
        parts.add(part(bytes, wild));
        return new LikePattern(parts);
    }

    private static EvaluationException invalid(String condition, String pattern, String problem) {
        return new EvaluationException(
                condition,
                "The LIKE pattern '" + pattern + "' " + problem
                        + ". Write the escape character twice to mean itself, or choose another one with ESCAPE.");
    }

    private static Part part(ByteArrayOutputStream bytes, List<Integer> wild) {
        boolean[] anyOne = new boolean[bytes.size()];
        wild.forEach(at -> anyOne[at] = true);
        return new Part(bytes.toByteArray(), anyOne, !wild.isEmpty());
    }

    boolean matches(byte[] d, int p, int end) {
        int at = parts.get(0).matchAt(d, p, end);
        int last = parts.size() - 1;
        if (last == 0) {
            return at == end;
        }
        for (int i = 1; i < last && at >= 0; i++) {
            at = parts.get(i).find(d, at, end);
        }
        return at >= 0 && parts.get(last).matchesEnd(d, at, end);
    }
}
