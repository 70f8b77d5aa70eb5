package io.tidemark.ops.drill.crash;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import java.io.IOException;
import java.util.Set;
import java.util.TreeMap;

/** What happens between a crash and the next start. */
enum Meanwhile {
    /** Nothing. */
    NOTHING,
    /** More input arrives: what was planned must be run as it was planned. */
    MORE_INPUT,
    /** More input arrives, and somebody removes the newest plan, if it is not the first and nobody has its batch yet. */
    PLAN_TAKEN_BACK,
    /** A cleaner of the table removes files that no version names, those of a prepared batch among them. */
    TABLE_VACUUMED;

    private static final int CHOICES = 8; // of which the first so many stand for nothing
    private static final int QUIET = 5;

    /** Returns what a seed stands for. */
    private static Meanwhile of(long seed) {
        int drawn = Math.floorMod(seed, CHOICES);
        return drawn < QUIET ? NOTHING : values()[1 + drawn - QUIET];
    }

    /**
     * Returns what a seed stands for at a point. While a call of a run may still be under way, nobody takes a plan back,
     * since a commit of that plan would stand for the plan that took its place, and no cleaner of the table takes files as
     * young as that call.
     */
    static Meanwhile at(Point point) {
        Meanwhile drawn = of(point.seed());
        boolean underWay = point.moment().filter(m -> m == Moment.LATE).isPresent();
        return underWay && !drawn.leavesPrepared() ? MORE_INPUT : drawn;
    }

    /** Returns how many steps more there are. */
    int steps() {
        return this == MORE_INPUT || this == PLAN_TAKEN_BACK ? Shape.MORE : 0;
    }

    /** Returns whether a batch that was prepared must be finished without its source. */
    boolean leavesPrepared() {
        return this == NOTHING || this == MORE_INPUT;
    }

    /** Does to the files what somebody else would, with the query down. */
    void happenTo(SimulatedStorage storage, HalfDone halfDone, World world) throws IOException {
        Storage files = storage.provider().open(storage.checkpoint(), new TreeMap<>());
        if (this == PLAN_TAKEN_BACK && halfDone.batchId() > 0 && !halfDone.isInTable()) {
            String offsets = files.qualify(storage.checkpoint()) + "/offsets";
            Set<String> names = Set.of("" + halfDone.batchId(), "." + halfDone.batchId() + ".crc");
            for (FileStatus file : files.list(offsets)) {
                if (names.contains(file.name())) {
                    files.delete(file.path());
                }
            }
        } else if (this == TABLE_VACUUMED) {
            for (String name : world.observe(storage).table().strays()) {
                if (!name.equals(Neighbour.FILE)) {
                    files.delete(files.qualify(storage.table()) + "/" + name);
                }
            }
        }
    }
}
