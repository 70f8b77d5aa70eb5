package io.tidemark.ops.bench.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
    private final Event event = new Event();

    private void parse(String parser, String json) {
        EventParser.of(parser).parse(json.getBytes(StandardCharsets.UTF_8), event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scan", "jackson"})
    void aRecordHasFiveFieldsThatCount(String parser) {
        parse(
                parser,
                "{\"event_id\":12,\"user_id\":\"user-7\",\"page\":\"/products/3\",\"amount\":987.05,"
                        + "\"event_time\":\"2026-02-28T23:59:59.125Z\",\"agent\":\"xx\",\"more\":17}");
        assertThat(event.eventId).isEqualTo(12);
        assertThat(event.userText()).isEqualTo("user-7");
        assertThat(event.pageText()).isEqualTo("/products/3");
        assertThat(event.amount).isEqualTo(987.05);
        assertThat(event.eventTime)
                .isEqualTo(Instant.parse("2026-02-28T23:59:59.125Z").toEpochMilli() * 1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scan", "jackson"})
    void nothingIsLeftOfTheRecordBefore(String parser) {
        parse(parser, "{\"event_id\":12,\"user_id\":\"user-7\",\"amount\":0.07}");
        assertThat(event.amount).isEqualTo(0.07);
        parse(parser, "{\"event_id\":13,\"page\":\"/\"}");
        assertThat(event.userText()).isEmpty();
        assertThat(event.amount).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"page\":\"\\u0041\"}", "{\"a\":{\"b\":1}}", "[]", "{\"amount\":1.0000000001}"})
    void whatTheScanCannotReadItRefuses(String json) {
        assertThatThrownBy(() -> parse("scan", json)).hasMessageContaining("Not a record of this topic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01", "2000-02-29", "2026-12-31", "2100-03-01"})
    void daysAreThoseOfTheCalendar(String day) {
        LocalDate date = LocalDate.parse(day);
        assertThat(IsoTime.days(date.getYear(), date.getMonthValue(), date.getDayOfMonth()))
                .isEqualTo(date.toEpochDay());
    }
}
