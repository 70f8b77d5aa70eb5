package io.tidemark.ops.cli.doctor;

import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.MetadataFile;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.format.StreamMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;

/** Who the query is: its metadata, and a checkpoint that has no plan to say so. */
final class MetadataExamination {
    private static final int SHOWN = 3; // of the plans that all vouch for the same

    private final Subject subject;
    private final CheckpointFiles files;

    MetadataExamination(Subject subject) {
        this.subject = subject;
        this.files = subject.files();
    }

    /** The metadata is missing or cannot be read. */
    Finding damaged(ControlFileException e) {
        SortedSet<UUID> ids = files.sealedQueryIds();
        List<String> evidence = new ArrayList<>(List.of(files.describe("metadata")));
        if (ids.size() == 1) {
            byte[] content = MetadataFile.encode(new StreamMetadata(ids.first()));
            boolean agreed = isVouchedFor(content, evidence);
            if (subject.table() != null) {
                evidence.add(subject.table().describe());
            }
            if (agreed) {
                return subject.write(
                        e,
                        evidence,
                        "metadata",
                        content,
                        "The bytes are the ones that every sealed plan vouches for; the table goes on knowing the"
                                + " query.");
            }
        }
        evidence.add(
                ids.isEmpty()
                        ? "no sealed plan says which query this is"
                        : "the sealed plans do not agree on bytes for it: " + ids);
        return subject.incurable(
                e,
                evidence,
                List.of(
                        Ways.BACKUP,
                        "If the id is known (the table's log has it as txn.appId), write {\"id\":\"…\"} without a line"
                                + " end into 'metadata'. A wrong id makes the sink take a batch twice.",
                        Ways.ANEW));
    }

    /** Returns whether every sealed plan vouches for {@code content}; the newest of them are added to the evidence. */
    private boolean isVouchedFor(byte[] content, List<String> evidence) {
        boolean agreed = true;
        SortedSet<Long> all = files.ids(subject.layout().sealed());
        for (long batch : all) {
            Optional<SealedPlan> sealed = files.sealedPlan(batch);
            if (sealed.isPresent()) {
                agreed &= sealed.get().metadata().equals(FileDigest.of(content));
                if (batch > all.last() - SHOWN) {
                    evidence.add("_tidemark/sealed/" + batch + " belongs to query "
                            + sealed.get().queryId() + " and vouches for metadata of "
                            + sealed.get().metadata());
                }
            }
        }
        return agreed;
    }

    /** There are no plans, and something else is there. */
    Finding withoutPlans(ControlFileException e) {
        SortedSet<Long> commits = subject.committed();
        List<String> evidence = List.of(
                subject.witnesses().table(),
                "offsets/ is empty; commits/ holds " + (commits.isEmpty() ? "nothing" : commits) + ", state/ "
                        + files.allState().size() + " files");
        if (commits.isEmpty() && subject.isTableAtMost(-1)) {
            return subject.setAside(
                    e,
                    evidence,
                    files.allState(),
                    "No batch was ever committed, and the table holds none: the query begins at batch 0.");
        }
        return subject.incurable(e, evidence, List.of(Ways.BACKUP, Ways.ANEW));
    }
}
