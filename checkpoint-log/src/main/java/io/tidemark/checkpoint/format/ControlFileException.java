package io.tidemark.checkpoint.format;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;

/** A control file of a checkpoint is not what it must be. Names the file, what is wrong with it, and the cure. */
public final class ControlFileException extends TidemarkException {
    private final String file;
    private final String problem;
    private final String cure;

    public ControlFileException(ErrorCode code, String file, String problem, String cure) {
        super(code, "Cannot use checkpoint file '" + file + "': " + problem + ". " + cure);
        this.file = file;
        this.problem = problem;
        this.cure = cure;
    }

    /** Returns the error for a file whose content is damaged. */
    public static ControlFileException corrupt(String file, String problem, String cure) {
        return new ControlFileException(ErrorCode.CHECKPOINT_FILE_CORRUPT, file, problem, cure);
    }

    /** Returns this error with the command in its cure that looks for a safe repair. Said once, however often asked. */
    public ControlFileException advisedFor(String root) {
        String advice = "'tidemark checkpoint doctor " + root + "' shows the evidence and the safe repair.";
        if (cure.endsWith(advice)) {
            return this;
        }
        ControlFileException advised = new ControlFileException(code(), file, problem, cure + " " + advice);
        advised.addSuppressed(this);
        return advised;
    }

    public String file() {
        return file;
    }

    /** Returns what is wrong, without a full stop. */
    public String problem() {
        return problem;
    }

    /** Returns what to do, as a sentence. */
    public String cure() {
        return cure;
    }
}
