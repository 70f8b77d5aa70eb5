package io.tidemark.ops.bench.job;

import java.nio.charset.StandardCharsets;

/** The five fields of a record that jobs read. Mutable, so that one object serves for many rows; texts are ASCII. */
public final class Event {
    public long eventId;
    public byte[] user = new byte[32];
    public int userLength;
    public byte[] page = new byte[32];
    public int pageLength;
    public double amount;

    /** Microseconds since 1970. */
    public long eventTime;

    public String userText() {
        return new String(user, 0, userLength, StandardCharsets.ISO_8859_1);
    }

    public String pageText() {
        return new String(page, 0, pageLength, StandardCharsets.ISO_8859_1);
    }

    /** Forgets the values of the row before; fields that a record does not have stay like that. */
    public void clear() {
        eventId = 0;
        userLength = 0;
        pageLength = 0;
        amount = 0;
        eventTime = 0;
    }
}
