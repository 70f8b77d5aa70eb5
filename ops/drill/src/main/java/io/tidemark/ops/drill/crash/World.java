package io.tidemark.ops.drill.crash;

import io.tidemark.api.storage.Storage;
import io.tidemark.ops.drill.crash.KafkaLog.SourceCall;
import io.tidemark.ops.drill.crash.KafkaLog.SourceFault;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs lives of queries on simulated storage and looks at what they leave. Safe for use by many threads. */
final class World {
    private final Scratch scratch;
    private final ParquetRows parquet = new ParquetRows();

    World(Scratch scratch) {
        this.scratch = scratch;
    }

    /**
     * A life that is over.
     *
     * @param calls that reached the source
     * @param faultMet whether a fault of the source was met
     */
    record Lived(SimulatedStorage storage, QueryLife.End end, List<SourceCall> calls, boolean faultMet) {}

    /** Lives one life on a fresh storage. */
    Lived live(Shape shape, SimulatedStorage storage, int fed, boolean evolved, @Nullable SourceFault fault)
            throws IOException, InterruptedException {
        Path work = scratch.folder();
        try (KafkaLog log =
                new KafkaLog(Shape.steps(fed), () -> storage.journal().size(), fault)) {
            QueryLife life = new QueryLife(shape, storage.provider(), storage.checkpoint(), storage.table(), work);
            return new Lived(storage, life.run(log, evolved), log.journal(), log.faultMet());
        } finally {
            Scratch.delete(work);
        }
    }

    /** Reads what stands on a storage. */
    Observation observe(SimulatedStorage storage) throws IOException {
        Storage files = storage.provider().open(storage.checkpoint(), new TreeMap<>());
        return Observation.of(files, files.qualify(storage.checkpoint()), files.qualify(storage.table()), parquet);
    }
}
