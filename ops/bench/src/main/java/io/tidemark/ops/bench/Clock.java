package io.tidemark.ops.bench;

import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/** The time of day in microseconds since 1970, which all processes of a machine agree on. */
final class Clock {
    private Clock() {}

    static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    static long micros(FileTime time) {
        return time.to(TimeUnit.MICROSECONDS);
    }
}
