package io.tidemark.ops.cli.doctor;

import io.tidemark.api.connector.Sink.LedgerEntry;
import io.tidemark.checkpoint.format.CommitFile;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.ops.cli.doctor.CheckpointFiles.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Commits that are damaged or missing. */
final class CommitLogExamination {
    private final Subject subject;
    private final CheckpointFiles files;

    CommitLogExamination(Subject subject) {
        this.subject = subject;
        this.files = subject.files();
    }

    /** A commit cannot be read, or is not the one that was announced. */
    Finding damaged(ControlFileException e, long batch) {
        return asAnnounced(e, batch)
                .or(() -> stalePrepared(e, batch))
                .or(() -> finishedAgain(e, batch))
                .orElseGet(() -> subject.incurable(e, evidenceOn(batch), subject.ways(batch - 1)));
    }

    private List<String> evidenceOn(long batch) {
        List<String> evidence = subject.witnesses().ofCommit(batch);
        evidence.add(subject.witnesses().table());
        return evidence;
    }

    /** What a prepared batch announces may be written if the table holds that very batch. */
    private Optional<Finding> asAnnounced(ControlFileException e, long batch) {
        Optional<Prepared> found = files.prepared(batch);
        Table table = subject.table();
        if (found.isEmpty() || table == null) {
            return Optional.empty();
        }
        Prepared prepared = found.get();
        FileDigest announced = prepared.batch().commitDigest();
        FileDigest vouched =
                files.sealedPlan(batch + 1).map(SealedPlan::previousCommit).orElse(null);
        Optional<LedgerEntry> entry = table.ledger().entry(batch);
        boolean held = entry.isPresent()
                ? entry.get().preparedHash().equals(prepared.hash())
                : announced.equals(vouched) && table.newestBatch() >= batch;
        if (!held || !subject.witnesses().fitsItsPlan(prepared) || (vouched != null && !vouched.equals(announced))) {
            return Optional.empty();
        }
        List<String> evidence = subject.witnesses().ofCommit(batch);
        evidence.add(table.ledger().description() + " holds batch " + batch + " from " + prepared.path() + " (SHA-256 "
                + prepared.hash().substring(0, 12) + "…)");
        return Optional.of(subject.write(
                e,
                evidence,
                "commits/" + batch,
                CommitFile.encode(prepared.batch().commit()),
                "The bytes are the announced ones, and the table holds the batch: nothing is read or written twice."));
    }

    /** The commit is sound, and what was prepared here is not what the table took. */
    private Optional<Finding> stalePrepared(ControlFileException e, long batch) {
        Optional<Prepared> prepared = files.prepared(batch);
        Table table = subject.table();
        if (table == null || prepared.isEmpty() || files.commit(batch).isEmpty()) {
            return Optional.empty();
        }
        return table.ledger()
                .entry(batch)
                .filter(entry -> !entry.preparedHash().equals(prepared.get().hash()))
                .map(entry -> subject.setAside(
                        e,
                        evidenceOn(batch),
                        files.preparedOf(batch),
                        "The table has this batch from elsewhere: what was prepared here belongs to another past."));
    }

    private Optional<Finding> finishedAgain(ControlFileException e, long batch) {
        boolean later = !subject.committed().tailSet(batch + 1).isEmpty();
        if (later || !subject.isTableAtMost(batch)) {
            return Optional.empty();
        }
        List<String> paths = new ArrayList<>();
        if (subject.planned().last() > batch) {
            paths.addAll(subject.plansFrom(batch + 1));
        }
        paths.add("commits/" + batch);
        return Optional.of(subject.setAside(
                e,
                evidenceOn(batch),
                paths,
                "The start finishes batch " + batch + " again, and the table takes it once"
                        + (files.prepared(batch).isPresent()
                                ? "."
                                : "; its range is read once more for the watermark.")));
    }

    /** A commit is missing although later batches were planned. */
    Finding missing(ControlFileException e, long batch) {
        Optional<Finding> written = asAnnounced(e, batch);
        if (written.isPresent()) {
            return written.get();
        }
        List<String> evidence = subject.witnesses().ofCommit(batch);
        evidence.add(subject.witnesses().logs());
        evidence.add(subject.witnesses().table());
        if (isLaterWhole(batch)) {
            return subject.setAside(
                    e,
                    evidence,
                    historyBefore(batch),
                    "Later batches are committed: the older ones go as a purge would have taken them.");
        } else if (subject.isTableAtMost(batch)
                && subject.committed().tailSet(batch + 1).isEmpty()) {
            return subject.setAside(
                    e,
                    evidence,
                    subject.plansFrom(batch + 1),
                    "The table holds no batch above " + batch + ": the later plans are made anew, after batch " + batch
                            + " is finished.");
        }
        return subject.incurable(e, evidence, subject.ways(batch - 1));
    }

    /** Returns whether every later batch is committed, but perhaps the newest. */
    private boolean isLaterWhole(long batch) {
        SortedSet<Long> planned = subject.planned();
        SortedSet<Long> committed = subject.committed();
        return planned.tailSet(batch + 1).headSet(planned.last()).stream().allMatch(committed::contains)
                && !committed.tailSet(batch + 1).isEmpty();
    }

    private List<String> historyBefore(long batch) {
        SortedSet<Long> planned = subject.planned();
        List<String> paths = new ArrayList<>();
        subject.committed().headSet(batch).forEach(b -> paths.add("commits/" + b));
        planned.headSet(batch).forEach(b -> paths.add("offsets/" + b));
        if (planned.last() - 1 > batch) {
            paths.add("offsets/" + batch);
        }
        return paths;
    }
}
