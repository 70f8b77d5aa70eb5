package io.tidemark.ops.cli.doctor;

import io.tidemark.api.error.TidemarkException;
import java.util.List;

/** What can be done where no repair is safe, and what each costs. */
final class Ways {
    static final String BACKUP =
            "Restore the checkpoint from a backup that is as new as the table. Costs nothing but the search for it.";
    static final String ANEW = "Start the query with a new checkpointLocation and a new table. Costs a full run from"
            + " startingOffsets, and the rows that its sources no longer have.";

    private static final int REWINDS_TRIED = 100;

    private final Subject subject;

    Ways(Subject subject) {
        this.subject = subject;
    }

    /** The newest batch up to {@code batch} that a rewind reaches, or to give the checkpoint up. */
    List<String> backTo(long batch) {
        return List.of(subject.table() == null ? Subject.UNASKED : rewindTo(batch), BACKUP, ANEW);
    }

    private String rewindTo(long batch) {
        String first = "";
        for (long to = batch; to >= 0 && to > batch - REWINDS_TRIED; to--) {
            try {
                return rewound(to, subject.rewind().planOn(subject.storage(), to));
            } catch (TidemarkException e) {
                first = first.isEmpty() ? String.valueOf(e.getMessage()) : first;
            }
        }
        return first.isEmpty() ? "No batch is left to rewind to." : "No rewind reaches: " + first;
    }

    private String rewound(long batch, Rewind.Outcome outcome) {
        int files = outcome.table().removed().size();
        long rows = outcome.table().rowsRemoved();
        return "'tidemark checkpoint rewind " + subject.layout().root() + " --to-batch " + batch + "': batches above "
                + batch + " run again. Costs a second read of their rows, which the sources must still have; "
                + (files == 0
                        ? "no file leaves the table."
                        : files + " files" + (rows < 0 ? "" : " with " + rows + " rows")
                                + " leave the table until then.");
    }
}
