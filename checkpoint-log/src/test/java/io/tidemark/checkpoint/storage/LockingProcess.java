package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A process that tries to take a lock and prints whether it got it. */
final class LockingProcess {
    private LockingProcess() {}

    public static void main(String[] args) throws Exception {
        Storage storage = LocalStorage.create();
        boolean taken = storage.tryLock(args[0]).isPresent();
        System.out.println(
                taken
                        ? "taken"
                        : "refused: " + new String(storage.read(args[0]).orElseThrow(), StandardCharsets.UTF_8));
    }

    static String tryIn(String path) throws Exception {
        Process process = ChildJvm.start(LockingProcess.class, List.of(), path);
        String line = process.inputReader().readLine();
        ChildJvm.exitCode(process);
        return line;
    }
}
