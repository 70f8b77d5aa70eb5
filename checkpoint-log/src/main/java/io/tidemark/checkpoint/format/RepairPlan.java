package io.tidemark.checkpoint.format;

import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code _tidemark/repair}: what a tool has decided to do to a checkpoint, written before it does any of it. While the file
 * stands there, no query starts; whoever finishes it does exactly these steps, each of which can be repeated. In the end it
 * is kept as {@code _tidemark/undo/NUMBER/plan}.
 *
 * @param number of the folder under {@code _tidemark/undo} that keeps what the steps replace
 * @param tool who decided it
 * @param attemptUuid tells this repair apart from every other
 * @param toBatch of a rewind: the newest batch that stays
 * @param sink of a rewind: the table to set back before the first step; null if the checkpoint alone is changed
 * @param steps in the order in which they are done
 */
public record RepairPlan(
        long number,
        Tool tool,
        String attemptUuid,
        @Nullable Long toBatch,
        @Nullable SinkRecord sink,
        List<Step> steps) {
    public RepairPlan {
        steps = List.copyOf(steps);
    }

    /** Who decides on a repair. */
    public enum Tool {
        /** Mends damage. */
        DOCTOR,
        /** Takes batches back. */
        REWIND,
        /** Takes a repair of the doctor's back. */
        UNDO
    }

    /** One change of one file; paths are relative to the checkpoint. */
    public sealed interface Step {
        String path();

        /** Returns the step in words. */
        String text();
    }

    /** Takes a file away; the folder of the repair keeps it. */
    public record SetAside(String path) implements Step {
        @Override
        public String text() {
            return "set aside " + path;
        }
    }

    /** Writes a file anew; the folder of the repair keeps what stood there. */
    public record Write(String path, String content) implements Step {
        @Override
        public String text() {
            return "write " + path + " (" + content.replaceFirst("(?s)\\n.*", " …") + ", "
                    + content.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + " bytes)";
        }
    }

    /** Brings back what another repair keeps under {@code from}; the folder of this one keeps what stood there. */
    public record PutBack(String path, String from) implements Step {
        @Override
        public String text() {
            return "put back " + path + " from " + from;
        }
    }
}
