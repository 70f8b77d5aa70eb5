package io.tidemark.runtime.expression.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampParserTest {
    private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu");

    @Test
    void theFormsOfIsoAreReadInTheMiddleOfOtherBytes() {
        assertThat(parse("2026-11-20T03:38:59.777Z", "UTC")).isEqualTo(micros("2026-11-20T03:38:59.777Z"));
        assertThat(parse("2026-11-20 03:38:59.777123456+05:45", "UTC"))
                .isEqualTo(micros("2026-11-19T21:53:59.777123Z"));
        assertThat(parse("2026-11-20T03:38:59 Europe/Berlin", "UTC")).isEqualTo(micros("2026-11-20T02:38:59Z"));
        assertThat(parse("2026-11-20T03:38:59", "Europe/Berlin")).isEqualTo(micros("2026-11-20T02:38:59Z"));
        assertThat(parse("2026-11-20", "Asia/Kathmandu")).isEqualTo(micros("2026-11-19T18:15:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "2026",
                "2026-11-20T",
                "2026-11-20T03:38:60Z",
                "2026-02-29T00:00:00Z",
                "2026-11-20T03:38:59+",
                "10:30",
                "2026-11-20T03:38:59.777ZZ",
                "2026-11-20T24:00:00Z",
                "20261120",
                "2026-11-20T03:38:59+18:01",
                "x"
            })
    void whatIsNoTimestampIsInvalidAndNothingElse(String text) {
        boolean yearAlone = text.equals("2026");
        assertThat(parse(text, "UTC") == TimestampParser.INVALID).isEqualTo(!yearAlone);
    }

    @Test
    void randomTimesSurviveTheWayThroughText() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextInt() * 20L, random.nextInt(1_000_000) * 1_000L);
            ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            ZonedDateTime local = instant.atZone(zone);
            String withOffset = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                    instant.atOffset(ZoneOffset.ofTotalSeconds((random.nextInt(72) - 36) * 1800)));
            assertThat(parse(withOffset, zone.getId())).as(withOffset).isEqualTo(micros(instant));
            String text = DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local);
            Instant meant = local.toLocalDateTime().atZone(zone).toInstant();
            assertThat(parse(text, zone.getId())).as(text + " " + zone).isEqualTo(micros(meant));
        }
    }

    @Test
    void daysAndDatesAreThoseOfJavaTime() {
        for (long day = -800_000; day < 3_000_000; day += 7) {
            LocalDate date = LocalDate.ofEpochDay(day);
            long civil = Civil.date(day);
            assertThat(Civil.year(civil)).isEqualTo(date.getYear());
            assertThat(Civil.month(civil)).isEqualTo(date.getMonthValue());
            assertThat(Civil.day(civil)).isEqualTo(date.getDayOfMonth());
            assertThat(Civil.epochDay(date.getYear(), date.getMonthValue(), date.getDayOfMonth()))
                    .isEqualTo(day);
        }
    }

    @Test
    void zonesAreConvertedAsJavaTimeDoesAroundEveryChange() {
        for (String name : ZONES) {
            ZoneId zone = ZoneId.of(name);
            ZoneConverter converter = new ZoneConverter(zone);
            for (Instant at = Instant.parse("1880-01-01T00:00:00Z");
                    at.isBefore(Instant.parse("2060-01-01T00:00:00Z"));
                    at = at.plus(7_919, ChronoUnit.MINUTES)) {
                LocalDateTime local = LocalDateTime.ofInstant(at, zone);
                long localMicros = micros(local.toInstant(ZoneOffset.UTC));
                assertThat(converter.toLocal(micros(at))).as("%s %s", zone, at).isEqualTo(localMicros);
                assertThat(converter.toUtc(localMicros))
                        .as("%s %s", zone, local)
                        .isEqualTo(micros(local.atZone(zone).toInstant()));
            }
        }
        ZoneConverter berlin = new ZoneConverter(ZoneId.of("Europe/Berlin"));
        for (LocalDateTime local : List.of(
                LocalDateTime.parse("2020-03-29T02:30:00"),
                LocalDateTime.parse("2020-10-25T02:30:00"),
                LocalDateTime.parse("2020-10-25T03:00:00"))) {
            assertThat(berlin.toUtc(micros(local.toInstant(ZoneOffset.UTC))))
                    .isEqualTo(micros(local.atZone(ZoneId.of("Europe/Berlin")).toInstant()));
        }
    }

    private static long parse(String text, String zone) {
        byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.UTF_8);
        return TimestampParser.parse(bytes, 1, bytes.length - 2, ZoneId.of(zone));
    }

    private static long micros(String instant) {
        return micros(Instant.parse(instant));
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000;
    }
}
