package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageOutput;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** A process that does each storage operation in turn, three times, until its kill point ends it. */
final class DoomedProcess {
    private DoomedProcess() {}

    public static void main(String[] args) throws Exception {
        Storage storage = new StorageProviders().openCheckpoint(args[0], new TreeMap<>());
        byte[] content = "0123456789".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            storage.createExclusive(args[0] + "/offsets/" + i, content);
            storage.replace(args[0] + "/replaced", (i + "23456789").getBytes(StandardCharsets.UTF_8));
            try (StorageOutput output = storage.create(args[0] + "/staged/" + i, IfExists.FAIL)) {
                output.write(content);
                output.publish();
            }
            storage.link(args[0] + "/staged/" + i, args[0] + "/state/" + i);
            storage.move(args[0] + "/staged/" + i, args[0] + "/stale/" + i);
            storage.delete(args[0] + "/state/" + i);
            storage.makeDirectories(args[0] + "/made/" + i);
        }
    }
}
