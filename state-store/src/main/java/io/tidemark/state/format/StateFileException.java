package io.tidemark.state.format;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import org.jspecify.annotations.Nullable;

/** A file of a state store is not what it must be. Names the file, what is wrong with it, and the cure. */
public final class StateFileException extends TidemarkException {
    private static final String RESTORE = "Restore it from a backup, or start from a copy of the checkpoint.";

    private final String file;
    private final String problem;

    public StateFileException(ErrorCode code, String file, String problem, String cure, @Nullable Throwable cause) {
        super(code, "Cannot use state file '" + file + "': " + problem + ". " + cure, cause);
        this.file = file;
        this.problem = problem;
    }

    /** Returns the error for a file whose content is damaged. */
    public static StateFileException corrupt(String file, String problem) {
        return corrupt(file, problem, null);
    }

    /** Returns the error for a file whose content is damaged. */
    public static StateFileException corrupt(String file, String problem, @Nullable Throwable cause) {
        return new StateFileException(ErrorCode.STATE_FILE_CORRUPT, file, problem, RESTORE, cause);
    }

    /** Returns the error for a file whose content is damaged at a byte, counted from 0. */
    public static StateFileException corruptAt(String file, long position, String problem) {
        return corrupt(file, "at byte " + position + " " + problem);
    }

    /**
     * Returns the error for a file that should be there.
     *
     * @param neededFor what cannot be had without it, for instance {@code version 7}
     */
    public static StateFileException missing(String file, String neededFor) {
        return new StateFileException(
                ErrorCode.STATE_FILE_MISSING, file, "it is missing, and " + neededFor + " needs it", RESTORE, null);
    }

    /** Returns the error for a file in a format that is not supported. */
    public static StateFileException unsupported(String file, String problem, String cure) {
        return new StateFileException(ErrorCode.STATE_FORMAT_UNSUPPORTED, file, problem, cure, null);
    }

    /** Returns the error for storage that did not do what it was asked. */
    public static StateFileException storage(String action, String file, Exception cause) {
        String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new StateFileException(
                ErrorCode.STATE_STORE_FAILED,
                file,
                "storage could not " + action + " it ("
                        + reason.lines().findFirst().orElse("") + ")",
                "The batch can run again once storage works.",
                cause);
    }

    public String file() {
        return file;
    }

    /** Returns what is wrong, without a full stop. */
    public String problem() {
        return problem;
    }
}
