package io.tidemark.ops.drill.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.connector.LostRange;
import io.tidemark.ops.drill.retention.Expected.Loss;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static final List<Sent> SENT = IntStream.range(0, 10)
            .mapToObj(i -> new Sent("t", 0, 0, i, "v" + i))
            .toList();

    @Test
    void rowsThatAreThereOnceAreInOrder() {
        assertThat(check(values(0, 10), List.of(), Loss.NONE)).isEmpty();
    }

    @Test
    void aMissingRowHasToBeInTheLedger() {
        assertThat(check(values(3, 10), List.of(), Loss.NONE))
                .singleElement()
                .asString()
                .contains("3 rows are missing");
        assertThat(check(values(3, 10), List.of(range(0, 3, 3)), Loss.COUNTED)).isEmpty();
        assertThat(check(values(0, 6), List.of(range(6, -1, -1)), Loss.OPEN_ENDED))
                .isEmpty();
    }

    @Test
    void theLedgerCountsWhatIsMissingAndNothingElse() {
        assertThat(check(values(3, 10), List.of(range(0, 4, 4)), Loss.COUNTED))
                .singleElement()
                .asString()
                .contains("counts 4 rows, 3 are missing");
        assertThat(check(values(3, 10), List.of(range(0, 3, 2)), Loss.COUNTED)).hasSize(2);
        assertThat(check(values(0, 10), List.of(range(0, 3, 3)), Loss.NONE)).hasSize(2);
    }

    @Test
    void rowsThatAreDoubledInventedOrInvisibleAreSeen() {
        assertThat(check(
                        List.of("v0", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9"),
                        List.of(),
                        Loss.NONE))
                .containsExactly("1 rows are in the table more than once");
        assertThat(Accounts.check(SENT.subList(0, 9), s -> true, s -> false, values(0, 10), List.of(), Loss.NONE))
                .containsExactly("1 rows are in the table that nobody produced");
        assertThat(Accounts.check(SENT, s -> s.offset() > 0, s -> false, values(0, 10), List.of(), Loss.NONE))
                .containsExactly("1 rows are in the table that the query must not see");
    }

    private static List<String> check(List<String> table, List<LostRange> losses, Loss expected) {
        return Accounts.check(SENT, s -> true, s -> false, table, losses, expected);
    }

    private static List<String> values(int from, int until) {
        return IntStream.range(from, until).mapToObj(i -> "v" + i).toList();
    }

    private static LostRange range(long from, long until, long rows) {
        return new LostRange("t", 0, from, until, rows, "gone");
    }
}
