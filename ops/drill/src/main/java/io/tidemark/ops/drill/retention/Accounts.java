package io.tidemark.ops.drill.retention;

import io.tidemark.api.connector.LostRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Holds the table and the ledger against what was produced. A record is in the table once, or it is missing and the ledger
 * has it: in a range whose rows are counted, or behind the start of one that is open. Counted ranges hold no row that is in
 * the table, and their sum is the number of missing records that they cover.
 */
final class Accounts {
    private final List<Sent> sent;
    private final Map<String, Integer> rows = new HashMap<>();
    private final List<LostRange> losses;
    private final List<String> wrong = new ArrayList<>();

    private Accounts(List<Sent> sent, Collection<String> table, List<LostRange> losses) {
        this.sent = sent;
        this.losses = losses;
        table.forEach(value -> rows.merge(value, 1, Integer::sum));
    }

    /**
     * Returns everything that does not add up; empty if all does.
     *
     * @param visible which records the query is to see
     * @param optional which of them the log may have dropped
     */
    static List<String> check(
            List<Sent> sent,
            Predicate<Sent> visible,
            Predicate<Sent> optional,
            Collection<String> table,
            List<LostRange> losses,
            Expected.Loss expected) {
        Accounts accounts = new Accounts(sent, table, losses);
        accounts.checkRows(visible);
        List<Sent> missing = sent.stream()
                .filter(visible)
                .filter(r -> !optional.test(r) && !accounts.rows.containsKey(r.value()))
                .toList();
        accounts.checkLedger(missing, expected);
        return accounts.wrong;
    }

    private void checkRows(Predicate<Sent> visible) {
        Map<String, Integer> strange = new HashMap<>(rows);
        int invisible = 0;
        for (Sent record : sent) {
            if (strange.remove(record.value()) != null && !visible.test(record)) {
                invisible++;
            }
        }
        long doubled = rows.values().stream().filter(n -> n > 1).count();
        note(doubled, "rows are in the table more than once");
        note(strange.size(), "rows are in the table that nobody produced");
        note(invisible, "rows are in the table that the query must not see");
    }

    private void note(long count, String what) {
        if (count > 0) {
            wrong.add(count + " " + what);
        }
    }

    private void checkLedger(List<Sent> missing, Expected.Loss expected) {
        List<LostRange> counted = losses.stream().filter(l -> l.until() >= 0).toList();
        List<LostRange> open = losses.stream().filter(l -> l.until() < 0).toList();
        long sum = counted.stream().mapToLong(LostRange::rows).sum();
        List<Sent> inCounted = missing.stream()
                .filter(r -> counted.stream().anyMatch(l -> covers(l, r)))
                .toList();
        List<Sent> inOpen = missing.stream()
                .filter(r -> !inCounted.contains(r))
                .filter(r -> open.stream().anyMatch(l -> covers(l, r)))
                .toList();
        note(missing.size() - inCounted.size() - inOpen.size(), "rows are missing that the ledger does not have");
        if (sum != inCounted.size()) {
            wrong.add("the ledger counts " + sum + " rows, " + inCounted.size() + " are missing there: " + counted);
        }
        counted.stream()
                .filter(l -> l.rows() != l.until() - l.from())
                .forEach(l -> wrong.add("the ledger does not count offsets: " + l));
        boolean fits =
                switch (expected) {
                    case NONE -> losses.isEmpty();
                    case COUNTED -> !counted.isEmpty() && open.isEmpty();
                    case OPEN_ENDED -> !open.isEmpty();
                };
        if (!fits) {
            wrong.add("the ledger is to hold " + expected + ", it holds " + losses);
        }
    }

    private static boolean covers(LostRange range, Sent record) {
        return range.topic().equals(record.topic())
                && range.partition() == record.partition()
                && record.offset() >= range.from()
                && (range.until() < 0 || record.offset() < range.until());
    }
}
