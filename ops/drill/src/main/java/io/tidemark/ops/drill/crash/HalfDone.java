package io.tidemark.ops.drill.crash;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.ops.drill.crash.World.Lived;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A batch that was planned and not committed when the machine stopped: once it is prepared it is finished without its
 * source, whose rows may be gone by then, and the table never has a batch that nothing says how to finish.
 *
 * @param batchId or -1 if there is none
 */
record HalfDone(long batchId, boolean isPrepared, boolean isInTable) {
    private static final String READ = Point.SOURCE + "read";

    /** Looks at what a crash left. */
    static HalfDone on(World world, SimulatedStorage storage) throws IOException {
        Storage files = storage.provider().open(storage.checkpoint(), new TreeMap<>());
        String root = files.qualify(storage.checkpoint());
        TreeSet<Long> planned = batches(files, root + "/offsets");
        if (planned.isEmpty() || batches(files, root + "/commits").contains(planned.last())) {
            return new HalfDone(-1, false, false);
        }
        long newest = planned.last();
        boolean inTable = world.observe(storage).table().commits().stream().anyMatch(c -> c.batchId() == newest);
        return new HalfDone(newest, batches(files, root + "/_tidemark/prepared").contains(newest), inTable);
    }

    /** Returns what the recovery did that it must not have needed to. */
    List<Finding> findings(Lived recovery) {
        List<Finding> findings = new ArrayList<>();
        if (isInTable && !isPrepared) {
            findings.add(
                    new Finding("I2", "the table holds batch " + batchId + ", and there is no prepared/" + batchId));
        }
        int committed = indexOfCommit(recovery.storage().journal());
        if (isPrepared && recovery.calls().stream().anyMatch(c -> c.name().equals(READ) && c.position() <= committed)) {
            findings.add(new Finding("I8", "batch " + batchId + " was prepared, and its source was read again"));
        }
        return findings;
    }

    private int indexOfCommit(List<Call> calls) {
        for (Call call : calls) {
            if (call.path().endsWith("/commits/" + batchId)) {
                return call.index();
            }
        }
        return -1;
    }

    private static TreeSet<Long> batches(Storage files, String directory) throws IOException {
        TreeSet<Long> batches = new TreeSet<>();
        for (FileStatus file : files.list(directory)) {
            String number = file.name().replaceFirst("\\..*", ""); // prepared/7.1 is of batch 7
            if (number.matches("[0-9]{1,18}")) {
                batches.add(Long.parseLong(number));
            }
        }
        return batches;
    }
}
