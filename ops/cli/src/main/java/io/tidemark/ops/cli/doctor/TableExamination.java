package io.tidemark.ops.cli.doctor;

import io.tidemark.api.connector.Sink.LedgerEntry;
import io.tidemark.api.connector.SinkLedger.SetBack;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.BatchPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What the table holds, against what the logs say it has got. */
final class TableExamination {
    private final Subject subject;
    private final Table table;
    private final long planned;
    private final long committed;

    TableExamination(Subject subject, Table table, CheckpointPosition position) {
        this.subject = subject;
        this.table = table;
        this.planned = position.latestPlan().map(BatchPlan::batchId).orElse(-1L);
        this.committed = position.latestCommit().map(BatchCommit::batchId).orElse(-1L);
    }

    /** Returns what is wrong between the two. */
    Optional<Finding> finding() {
        Optional<LedgerEntry> held;
        Optional<SetBack> setBack;
        try {
            held = table.ledger().newest();
            setBack = table.ledger().setBack();
        } catch (TidemarkException e) {
            return Optional.of(Finding.incurable(
                    e.code(),
                    String.valueOf(e.getMessage()),
                    List.of(),
                    List.of("Mend the table first; the checkpoint was not looked at against it.")));
        }
        return checkpointBehind(held)
                .or(() -> setBack(held, setBack))
                .or(() -> anotherTable(held))
                .or(() -> behind(held));
    }

    private List<String> evidence(String... more) {
        List<String> evidence = new ArrayList<>();
        evidence.add(table.describe());
        evidence.add("the newest plan is " + Subject.name(planned) + ", the newest commit " + Subject.name(committed));
        evidence.addAll(List.of(more));
        return evidence;
    }

    private static long newest(Optional<LedgerEntry> held) {
        return held.map(LedgerEntry::batchId).orElse(-1L);
    }

    private Optional<Finding> checkpointBehind(Optional<LedgerEntry> held) {
        long newest = newest(held);
        if (newest <= planned) {
            return Optional.empty();
        }
        List<String> ways = new ArrayList<>();
        ways.add("Bring back the newest copy of the checkpoint: this one is older than the table. Costs nothing.");
        ways.addAll(subject.ways(committed));
        return Optional.of(Finding.incurable(
                ErrorCode.CHECKPOINT_BEHIND_SINK,
                "The table holds batch " + newest + " of this query, and the checkpoint knows none above "
                        + Subject.name(planned) + "; batches run from here would be taken for repetitions and dropped.",
                evidence(),
                ways));
    }

    private Optional<Finding> setBack(Optional<LedgerEntry> held, Optional<SetBack> setBack) {
        return setBack.map(back -> Finding.incurable(
                ErrorCode.SINK_REWOUND,
                "The table was set back behind the query's back: its ledger says batch " + newest(held)
                        + ", its rows are those of batch " + Subject.name(back.newestWhole()) + ".",
                evidence(back.what()),
                subject.ways(back.newestWhole())));
    }

    private Optional<Finding> anotherTable(Optional<LedgerEntry> held) {
        if (held.isEmpty()) {
            return Optional.empty();
        }
        for (long batch : new TreeSet<>(List.of(planned, committed))) {
            Optional<String> wanted = subject.files()
                    .prepared(batch)
                    .flatMap(p -> Optional.ofNullable(p.batch().tableId()));
            if (wanted.isPresent() && !wanted.get().equals(held.get().tableId())) {
                return Optional.of(Finding.incurable(
                        ErrorCode.SINK_REWOUND,
                        "The table is another one than batch " + batch + " was made for: its id is "
                                + held.get().tableId() + ".",
                        evidence("_tidemark/prepared/" + batch + " was made for the table " + wanted.get()),
                        List.of("Bring the old table back; name it with --table if it stands elsewhere.", Ways.ANEW)));
            }
        }
        return Optional.empty();
    }

    /** A table is asked for a batch only if it ever took one. */
    private Optional<Finding> behind(Optional<LedgerEntry> held) {
        long newest = newest(held);
        boolean took = held.isPresent()
                || subject.files()
                        .prepared(committed)
                        .filter(p -> p.batch().sinkToken() != null)
                        .isPresent();
        if (committed < 0 || newest >= committed || !took) {
            return Optional.empty();
        }
        List<String> ways = new ArrayList<>();
        ways.add("Bring the table back as it was after batch " + committed + ". Costs nothing but the search for it.");
        ways.addAll(subject.ways(newest));
        return Optional.of(Finding.incurable(
                ErrorCode.SINK_BEHIND,
                "Batch " + committed + " is committed, and the table holds "
                        + (newest < 0 ? "none of this query's." : "only batches up to " + newest + "."),
                evidence(),
                ways));
    }
}
