package io.tidemark.ops.drill.crash.storage;

import io.tidemark.api.storage.StorageProvider;
import java.util.List;

/**
 * The storage of one life of a process: empty, or as an earlier life left it. Safe for use by many threads; the journal
 * gives their calls one order, and every beginning of it is a moment at which the machine could have stopped.
 */
public interface SimulatedStorage {
    /** Returns where a checkpoint can stand: an absolute location that {@link #provider} serves. */
    String checkpoint();

    /** Returns where a table can stand. */
    String table();

    /**
     * Returns the file layer of this life: the product's own, on simulated calls. Locks of other lives are gone where the
     * storage has locks at all.
     */
    StorageProvider provider();

    /** Returns the changing calls of this life so far, in order; failed ones that changed nothing are left out. */
    List<Call> journal();

    /** Makes one call of this life fail; at most one fault a life, armed before the life begins. */
    void arm(Fault fault);

    /** Returns whether the armed fault was met. */
    boolean faultMet();

    /**
     * Returns what is left if the machine stops at call {@code index} of the journal.
     *
     * @param moment in which state the call is
     * @param seed chooses the subset that survives where the model leaves a choice; ignored elsewhere
     */
    CrashImage crash(int index, Moment moment, long seed);

    /**
     * Returns how many seeds give different images at this point: 1 where the model leaves no choice, otherwise up to
     * 1,024. Seeds from 0 to one below it give each subset of at most ten pending changes once (0 keeps none of them);
     * with more pending changes every seed is a draw.
     */
    int seeds(int index, Moment moment);

    /** Returns the moments that are different for a call under this model, {@link Moment#BEFORE} and AFTER always. */
    List<Moment> moments(Call call);

    /** Returns what is left if the machine stops now, with nothing of its own under way; what was on its way is there. */
    CrashImage stop(long seed);

    /** Returns a storage of the same model that begins with what a crash left. */
    SimulatedStorage restart(CrashImage image);

    /** How far a call had come. */
    enum Moment {
        BEFORE,
        /** None of the bytes of a write, though its file is there. */
        TORN_EMPTY,
        TORN_ONE_BYTE,
        TORN_HALF,
        /** All bytes but the last. */
        TORN_LAST,
        AFTER,
        /**
         * The call is on its way through the network: nothing of it is there when the machine stops, and it takes place
         * while the next life runs, or after that. The seed says before which of that life's calls.
         */
        LATE
    }

    /**
     * A changing call.
     *
     * @param index in the journal, from 0
     * @param name of the system call, as {@code write}, {@code fsync}, {@code link}, {@code put}
     * @param path what it changes; the new name of a link or a rename
     * @param bytes that a write carries, else -1
     */
    record Call(int index, String name, String path, long bytes) {
        /**
         * Returns the call with what differs between runs left out of its path, relative to checkpoint or table: {@code
         * link checkpoint/offsets/N}, {@code fsync checkpoint/_tidemark/tmp/.N.U.tmp}. Calls of one site do the same work
         * in the protocol.
         */
        public String site() {
            return Sites.of(name, path);
        }
    }

    /** What is left after a crash; equal if nothing that a process could read differs. */
    interface CrashImage {
        /** Returns a digest of all names, bytes and directories: equal images have equal digests. */
        String digest();

        /** Returns whether a call of the life that stopped has yet to take place. */
        boolean isUnderWay();
    }

    /**
     * A failure that the caller sees.
     *
     * @param site where, as {@link Call#site}
     * @param occurrence which call of that site in this life, from 0
     */
    record Fault(String site, int occurrence, Kind kind) {
        /** How it fails. */
        public enum Kind {
            /** The call fails once and changes nothing. */
            ERROR_ONCE,
            /** The call fails, and so does every later changing call of this life. */
            ERROR_FOR_EVER,
            /** There is no space, now and for the rest of this life, for any call that needs some. */
            DISK_FULL,
            /** The call takes place, and its caller is told that it failed; once. */
            APPLIED_BUT_FAILED
        }
    }
}
