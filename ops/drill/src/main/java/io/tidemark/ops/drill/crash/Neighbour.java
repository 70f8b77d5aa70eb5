package io.tidemark.ops.drill.crash;

import io.tidemark.api.storage.Storage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/** Another query that writes to the same table. It has staged a file, which is nobody else's to remove. */
final class Neighbour {
    static final String FILE =
            "11111111-2222-4333-8444-555555555555-0-66666666-7777-4888-8999-aaaaaaaaaaaa-00000-0-c000"
                    + ".snappy.parquet";

    private Neighbour() {}

    /** Stages the file, if there is a table yet; returns whether there is. */
    static boolean moveIn(SimulatedStorage storage) throws IOException {
        Storage files = storage.provider().open(storage.table(), new TreeMap<>());
        String table = files.qualify(storage.table());
        if (files.list(table + "/_delta_log").isEmpty()) {
            return false;
        }
        files.replace(table + "/" + FILE, "staged by another query".getBytes(StandardCharsets.UTF_8));
        return true;
    }

    /** Returns whether the file of one who has moved in is gone. */
    static List<Finding> gone(Observation seen) {
        return seen.table().strays().contains(FILE)
                ? List.of()
                : List.of(new Finding("I10", "a file that another query staged is gone"));
    }
}
