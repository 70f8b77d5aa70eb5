package io.tidemark.ops.cli.doctor;

import io.tidemark.ops.cli.doctor.CheckpointFiles.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** What speaks for or against a file, in words: its own length and checksum, what vouches for it, what the table holds. */
final class Witnesses {
    private static final int NAMED_MAX = 12;

    private final Subject subject;
    private final CheckpointFiles files;

    Witnesses(Subject subject) {
        this.subject = subject;
        this.files = subject.files();
    }

    /** What vouches for a plan, and whether its batch is committed; may be added to. */
    List<String> ofPlan(long batch) {
        List<String> evidence = new ArrayList<>(List.of(files.describe("offsets/" + batch)));
        files.sealedPlan(batch)
                .ifPresent(s -> evidence.add(
                        "_tidemark/sealed/" + batch + " vouches for offsets/" + batch + " of " + s.offsets()));
        files.prepared(batch)
                .ifPresent(p -> evidence.add(p.path() + " was made for offsets/" + batch + " of "
                        + p.batch().offsets()));
        evidence.add(
                subject.committed().contains(batch)
                        ? "commits/" + batch + " is there"
                        : "there is no commits/" + batch);
        return evidence;
    }

    /** What vouches for a commit; may be added to. */
    List<String> ofCommit(long batch) {
        List<String> evidence = new ArrayList<>(List.of(files.describe("commits/" + batch)));
        files.prepared(batch)
                .ifPresent(p -> evidence.add(p.path() + " announces commits/" + batch + " of "
                        + p.batch().commitDigest()));
        files.sealedPlan(batch + 1)
                .filter(s -> s.previousCommit() != null)
                .ifPresent(s -> evidence.add("_tidemark/sealed/" + (batch + 1) + " vouches for commits/" + batch
                        + " of " + s.previousCommit()));
        return evidence;
    }

    /** Which batches the logs hold. */
    String logs() {
        return "offsets/ holds " + brief(subject.planned()) + ", commits/ " + brief(subject.committed());
    }

    private static String brief(SortedSet<Long> ids) {
        if (ids.size() <= NAMED_MAX) {
            return ids.toString();
        }
        return ids.size() + " batches from " + ids.first() + " to " + ids.last();
    }

    /** What the table holds, or that it was not asked. */
    String table() {
        Table table = subject.table();
        return table == null ? Subject.UNASKED : table.describe();
    }

    /** Returns whether a prepared batch was made for the plan that is there. */
    boolean fitsItsPlan(Prepared prepared) {
        return files.digest(subject.layout().offsets(prepared.batch().batchId()))
                .filter(d -> d.equals(prepared.batch().offsets()))
                .isPresent();
    }
}
