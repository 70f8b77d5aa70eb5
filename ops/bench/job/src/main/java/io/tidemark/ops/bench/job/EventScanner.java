package io.tidemark.ops.bench.job;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * As little work as reading these records takes: one pass over the bytes. Fields may come in any order and others are
 * skipped; texts with escapes, nested values and numbers with exponents are none of its business and refused.
 */
public final class EventScanner implements EventParser {
    private static final byte[] EVENT_ID = name("event_id");
    private static final byte[] USER_ID = name("user_id");
    private static final byte[] PAGE = name("page");
    private static final byte[] AMOUNT = name("amount");
    private static final byte[] EVENT_TIME = name("event_time");
    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

    private byte[] json = new byte[0];
    private int at;

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void parse(byte[] record, Event into) {
        json = record;
        at = 0;
        into.clear();
        expect('{');
        do {
            int name = textStart();
            int nameEnd = textEnd();
            expect(':');
            if (is(EVENT_ID, name, nameEnd)) {
                into.eventId = number();
            } else if (is(AMOUNT, name, nameEnd)) {
                into.amount = decimal();
            } else if (json[at] == '"') {
                text(name, nameEnd, into);
            } else {
                skip();
            }
        } while (json[at++] == ',');
    }

    private void text(int name, int nameEnd, Event into) {
        int start = textStart();
        int length = textEnd() - start;
        if (is(USER_ID, name, nameEnd)) {
            into.user = fitting(into.user, length);
            System.arraycopy(json, start, into.user, 0, length);
            into.userLength = length;
        } else if (is(PAGE, name, nameEnd)) {
            into.page = fitting(into.page, length);
            System.arraycopy(json, start, into.page, 0, length);
            into.pageLength = length;
        } else if (is(EVENT_TIME, name, nameEnd)) {
            into.eventTime = IsoTime.micros(json, start, length);
        }
    }

    private static byte[] fitting(byte[] bytes, int length) {
        return bytes.length >= length ? bytes : new byte[2 * length];
    }

    private boolean is(byte[] name, int start, int end) {
        return end - start == name.length && Arrays.equals(json, start, end, name, 0, name.length);
    }

    private int textStart() {
        expect('"');
        return at;
    }

    private int textEnd() {
        int end = at;
        while (json[end] != '"') {
            if (json[end] == '\\') {
                throw refused();
            }
            end++;
        }
        at = end + 1;
        return end;
    }

    private long number() {
        boolean negative = json[at] == '-';
        int from = negative ? ++at : at;
        long value = 0;
        for (int digit = json[at] - '0'; digit >= 0 && digit <= 9; digit = json[++at] - '0') {
            value = 10 * value + digit;
        }
        if (at == from || at - from > 18) {
            throw refused();
        }
        return negative ? -value : value;
    }

    private double decimal() {
        long whole = number();
        if (json[at] != '.') {
            return whole;
        }
        int from = ++at;
        long fraction = number();
        int digits = at - from;
        if (digits >= POWERS.length) {
            throw refused();
        }
        // Exact: below 2^53, and divided once.
        return (whole * POWERS[digits] + fraction) / POWERS[digits];
    }

    private void skip() {
        while (json[at] != ',' && json[at] != '}') {
            if (json[at] == '{' || json[at] == '[') {
                throw refused();
            }
            at++;
        }
    }

    private void expect(char symbol) {
        if (json[at] != symbol) {
            throw refused();
        }
        at++;
    }

    private IllegalArgumentException refused() {
        return new IllegalArgumentException(
                "Not a record of this topic, at byte " + at + ": " + new String(json, StandardCharsets.UTF_8));
    }
}
