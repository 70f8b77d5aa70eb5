package io.tidemark.ops.drill.crash;

import io.tidemark.api.storage.Storage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** Another query that writes to the same table. It has staged a file, which is nobody else's to remove. */
final class Neighbour {
    static final String FILE =
            "11111111-2222-4333-8444-555555555555-0-66666666-7777-4888-8999-aaaaaaaaaaaa-00000-0-c000"
                    + ".snappy.parquet";

    private Neighbour() {}

    static void moveIn(SimulatedStorage storage) throws IOException {
        Storage files = storage.provider().open(storage.table(), new TreeMap<>());
        String table = files.qualify(storage.table());
        files.makeDirectories(table);
        files.replace(table + "/" + FILE, "staged by another query".getBytes(StandardCharsets.UTF_8));
    }
}
