package io.tidemark.ops.cli.doctor;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.RepairPlan.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What is examined, and how a finding in it is put.
 *
 * @param table null if nobody says where it is
 * @param rewind to ask how far back the query can be taken
 */
record Subject(CheckpointFiles files, @Nullable Table table, Rewind rewind) {
    static final String UNASKED =
            "The table was not asked: the checkpoint does not say where it is. Name it with --table PATH, and look"
                    + " again.";

    Storage storage() {
        return files.storage();
    }

    CheckpointLayout layout() {
        return files.layout();
    }

    SortedSet<Long> planned() {
        return files.ids(layout().offsets());
    }

    SortedSet<Long> committed() {
        return files.ids(layout().commits());
    }

    Witnesses witnesses() {
        return new Witnesses(this);
    }

    /** Returns whether the table was asked and holds no batch above {@code batch}. */
    boolean isTableAtMost(long batch) {
        return table != null && table.newestBatch() <= batch;
    }

    /** Returns the files that a plan and the ones after it have led to, and these plans themselves, in order of removal. */
    List<String> plansFrom(long batch) {
        List<String> paths = new ArrayList<>(files.stateAbove(batch));
        paths.addAll(files.sidecarsAbove(layout().prepared(), batch - 1));
        paths.addAll(files.sidecarsAbove(layout().sealed(), batch - 1));
        planned().tailSet(batch).forEach(later -> paths.add("offsets/" + later));
        return paths;
    }

    /** What is wrong with a file, and what is safe to set aside. */
    Finding setAside(ControlFileException e, List<String> evidence, List<String> paths, String effect) {
        return Finding.setAside(e.code(), sentence(e), evidence, paths, effect);
    }

    /** What is wrong with a file, and what is safe to write. */
    Finding write(ControlFileException e, List<String> evidence, String path, byte[] content, String effect) {
        Write write = new Write(path, new String(content, StandardCharsets.UTF_8));
        return new Finding(e.code(), sentence(e), evidence, List.of(write), effect, List.of());
    }

    /** What is wrong with a file, where nothing is safe. */
    Finding incurable(ControlFileException e, List<String> evidence, List<String> ways) {
        return Finding.incurable(e.code(), sentence(e), evidence, ways);
    }

    private String sentence(ControlFileException e) {
        return "'" + layout().relative(e.file()) + "': " + e.problem() + ".";
    }

    /** Returns what can be done where nothing is safe; best is a rewind to {@code batch}. */
    List<String> ways(long batch) {
        return new Ways(this).backTo(batch);
    }

    /** Returns a batch's id in words. */
    static String name(long batch) {
        return batch < 0 ? "none" : Long.toString(batch);
    }
}
