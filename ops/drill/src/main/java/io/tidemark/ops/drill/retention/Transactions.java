package io.tidemark.ops.drill.retention;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.ops.drill.retention.DrilledQuery.Run;
import io.tidemark.ops.drill.retention.Expected.Loss;
import io.tidemark.ops.drill.retention.KafkaScene.Ending;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Transactions that were aborted, and markers where there is nothing else; or one that is open and stays it. */
final class Transactions extends Scenario {
    private static final int RECORDS = 5;

    Transactions(Cell cell, KafkaScene kafka, SplittableRandom random) {
        super(cell, kafka, random);
    }

    private boolean hangs() {
        return cell.event() == LossEvent.HANGING_TRANSACTION;
    }

    @Override
    void second() {
        super.second();
        if (!hangs()) {
            abortedBetweenCommitted();
        }
    }

    private void abortedBetweenCommitted() {
        kafka.transaction(topic, 0, RECORDS, Ending.ABORT, !cell.readCommitted());
        kafka.transaction(topic, 0, RECORDS, Ending.COMMIT, true);
        kafka.transaction(topic, 0, RECORDS, Ending.ABORT, !cell.readCommitted());
        kafka.transaction(topic, 1, RECORDS, Ending.ABORT, !cell.readCommitted());
    }

    @Override
    void strike() {
        if (hangs()) {
            kafka.transaction(topic, 0, RECORDS, Ending.NONE, true);
            kafka.send(topic, 0, RECORDS, now);
            kafka.send(topic, 1, RECORDS, now);
        } else {
            abortedBetweenCommitted();
        }
    }

    @Override
    void later() {
        if (hangs()) {
            kafka.commitOpen();
        }
        super.later();
    }

    @Override
    Expected expected(boolean failOnDataLoss) {
        return goesOn(Loss.NONE);
    }

    @Override
    Optional<String> judge(DrilledQuery query, List<Run> runs) throws Exception {
        if (!hangs()) {
            return Optional.empty();
        }
        Set<String> rows = new HashSet<>(query.rows());
        long hidden =
                kafka.sent().stream().filter(r -> !rows.contains(r.value())).count();
        long behind = cell.readCommitted() ? 2 * RECORDS : 0; // the open transaction and what comes after it
        if (hidden != behind) {
            return Optional.of(hidden + " records are not read while the transaction is open, not " + behind);
        }
        long lag = runs.stream()
                .flatMap(run -> run.progress().stream())
                .mapToLong(metrics -> Long.parseLong(metrics.getOrDefault("lso_lag", "0")))
                .max()
                .orElse(0);
        return lag == behind ? Optional.empty() : Optional.of("lso_lag is " + lag + ", not " + behind);
    }

    @Override
    Optional<String> judgeEnd(DrilledQuery query) throws Exception {
        for (int p = 0; p < 2; p++) {
            JsonNode logged = query.newestOffsets().path(topic).path(Integer.toString(p));
            long end = kafka.latest(topic, p);
            if (logged.asLong() != end) {
                return Optional.of("partition " + p + " ends at " + end + ", the query stands at " + logged);
            }
        }
        return Optional.empty();
    }
}
