package io.tidemark.ops.drill.fence;

import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.DataStreamWriter;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.connectors.builtin.MemoryStream;
import io.tidemark.ops.drill.fence.GatedStorage.Locking;
import io.tidemark.ops.drill.fence.Shape.Click;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Clicks in memory, a query over them, its checkpoint and its Delta table, and the drivers that run it one after another. */
final class World implements AutoCloseable {
    private static final int CLICKS_AT_ONCE = 17;
    private static final Pattern UUIDS =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Path home;
    private final Shape shape;
    private final Locking locking;
    private final MemoryStream clicks;
    private int fed; // by one thread at a time

    World(Path home, Shape shape, Locking locking) throws IOException {
        this.home = Files.createDirectories(home);
        this.shape = shape;
        this.locking = locking;
        this.clicks = MemoryStream.create(
                TidemarkSession.builder().getOrCreate().engine().parseSchema("id BIGINT, time TIMESTAMP, page STRING"));
    }

    Path checkpoint() {
        return home.resolve("checkpoint");
    }

    Path table() {
        return home.resolve("table");
    }

    Shape shape() {
        return shape;
    }

    /** Returns how many clicks there are. */
    int clicks() {
        return fed;
    }

    /** Returns the name of a path that is the same in every run. */
    UnaryOperator<String> names() {
        String prefix = home + "/";
        return path -> UUIDS.matcher(path.startsWith(prefix) ? path.substring(prefix.length()) : path)
                .replaceAll("*");
    }

    /** Lets some more clicks arrive, as one step. */
    void feed() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < CLICKS_AT_ONCE; i++) {
            Click click = Click.of(fed++);
            rows.add(clicks.row(click.id(), Instant.ofEpochSecond(click.second()), click.page()));
        }
        clicks.add(rows);
    }

    /** Starts a driver, as a process of its own would, that runs until it is stopped. */
    StreamingQuery start(Gate gate, boolean takeOver) {
        TidemarkSession session = TidemarkSession.builder()
                .storages(new Gated(gate))
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.sql.streaming.minBatchesToRetain", "2")
                .config("spark.sql.streaming.stateStore.minDeltasForSnapshot", "2")
                .config("spark.sql.streaming.pollingDelay", "1ms")
                .config("spark.sql.streaming.stopTimeout", "20s")
                .config("tidemark.maintenance.background", "false") // every run does the same, in the same order
                .config("tidemark.task.threads", "1")
                .config("tidemark.state.localDir", home.resolve("local").toString())
                .getOrCreate();
        DataStreamWriter<Row> writer = shape.over(clicks.toDataset(session))
                .writeStream()
                .format("delta")
                .outputMode(shape.outputMode())
                .option("path", table().toString())
                .option("delta.checkpointInterval", "3")
                .option("checkpointLocation", checkpoint().toString())
                .option("takeOver", takeOver)
                .trigger(Trigger.ProcessingTime(0));
        String keys = shape.mergeKeys();
        return (keys == null ? writer : writer.option("mergeKeys", keys)).start();
    }

    @Override
    public void close() {
        clicks.close();
    }

    private final class Gated implements StorageProvider {
        private final StorageProviders real = new StorageProviders();
        private final Gate gate;

        Gated(Gate gate) {
            this.gate = gate;
        }

        @Override
        public boolean serves(String scheme) {
            return real.serves(scheme);
        }

        @Override
        public Storage open(String location, SortedMap<String, String> conf) {
            return new GatedStorage(real.open(location, conf), gate, locking);
        }

        @Override
        public Storage openCheckpoint(String location, SortedMap<String, String> conf) {
            return new GatedStorage(real.openCheckpoint(location, conf), gate, locking);
        }
    }
}
