package io.tidemark.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aClickHas180BytesWhateverItsNumber() {
        Records records = new NarrowRecords(5_000_000, 1);
        for (long id : new long[] {0, 1, 99_999, 9_999_999, 1_000_000_000}) {
            assertThat(records.record(id)).hasSize(180);
        }
    }

    @Test
    void theSeedDecidesTheRows() {
        assertThat(new NarrowRecords(100, 1).record(7)).isEqualTo(new NarrowRecords(100, 1).record(7));
        assertThat(new NarrowRecords(100, 1).record(7)).isNotEqualTo(new NarrowRecords(100, 2).record(7));
    }

    @Test
    void itIsKnownWhichClicksAQueryKeeps() throws IOException {
        Records records = new NarrowRecords(100, 1);
        int kept = 0;
        for (long id = 0; id < 10_000; id++) {
            double amount = JSON.readTree(records.record(id)).path("amount").asDouble();
            assertThat(records.isKept(id)).as("amount %s", amount).isEqualTo(amount >= 100);
            kept += records.isKept(id) ? 1 : 0;
        }
        assertThat(kept).isBetween(8_800, 9_200);
    }

    @Test
    void everyUserComesUp() throws IOException {
        Records records = new NarrowRecords(10, 1);
        Set<String> users = new HashSet<>();
        for (long id = 0; id < 1_000; id++) {
            users.add(JSON.readTree(records.record(id)).path("user_id").asText());
        }
        assertThat(users).hasSize(10);
    }

    @Test
    void aWideRecordHasAHundredFieldsOfFourKinds() throws IOException {
        Records records = new WideRecords(1);
        for (long id = 0; id < 1_000; id++) {
            JsonNode record = JSON.readTree(records.record(id));
            assertThat(record.size()).isEqualTo(100);
            assertThat(record.path("c04").isIntegralNumber()).isTrue();
            assertThat(record.path("c29").asText()).startsWith("text-");
            assertThat(record.path("c79").asText()).startsWith("2026-01-01T");
            assertThat(records.isKept(id)).isEqualTo(record.path("c54").asDouble() >= 100);
        }
    }
}
