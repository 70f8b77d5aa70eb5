package io.tidemark.testkit;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.DataStreamWriter;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryListener;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.connectors.builtin.MemoryStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A query from a memory stream into a ledger table, over a storage that can be told to die. */
final class QueryHarness {
    final FaultyStorage.Plan faults = new FaultyStorage.Plan();
    final MemoryStream input;
    private final Path directory;
    private final UnaryOperator<Dataset<Row>> query;
    private final List<StreamingQueryListener> listeners = new ArrayList<>();
    private final SortedMap<String, String> conf = new TreeMap<>();
    private String outputMode = "append";

    QueryHarness(Path directory, String schema, UnaryOperator<Dataset<Row>> query) {
        this.directory = directory;
        this.query = query;
        this.input = MemoryStream.create(
                TidemarkSession.builder().getOrCreate().engine().parseSchema(schema));
    }

    private QueryHarness(Path directory, MemoryStream input, UnaryOperator<Dataset<Row>> query) {
        this.directory = directory;
        this.query = query;
        this.input = input;
    }

    /** Returns the same stream, checkpoint and table under another query. */
    QueryHarness with(UnaryOperator<Dataset<Row>> other) {
        QueryHarness harness = new QueryHarness(directory, input, other).outputMode(outputMode);
        harness.conf.putAll(conf);
        return harness;
    }

    QueryHarness listener(StreamingQueryListener listener) {
        listeners.add(listener);
        return this;
    }

    QueryHarness conf(String key, String value) {
        conf.put(key, value);
        return this;
    }

    QueryHarness outputMode(String mode) {
        outputMode = mode;
        return this;
    }

    String checkpoint() {
        return directory.resolve("checkpoint").toString();
    }

    String table() {
        return directory.resolve("table").toString();
    }

    /** Starts the query as a new process would. */
    StreamingQuery start(Trigger trigger) {
        return start(trigger, false);
    }

    /** As {@link #start(Trigger)}; {@code takeOver} fences off a run that still owns the checkpoint. */
    StreamingQuery start(Trigger trigger, boolean takeOver) {
        return writer(trigger).option("takeOver", takeOver).start(table());
    }

    /** As {@link #start(Trigger)}, with a table that lacks what was committed. */
    StreamingQuery startOnNewSink(Trigger trigger) {
        return writer(trigger).option("newSink", true).start(table());
    }

    private DataStreamWriter<Row> writer(Trigger trigger) {
        TidemarkSession.Builder builder = TidemarkSession.builder().storages(new Faulty());
        conf.forEach(builder::config);
        TidemarkSession session = builder.getOrCreate();
        listeners.forEach(session.streams()::addListener);
        return query.apply(input.toDataset(session))
                .writeStream()
                .format("ledger")
                .outputMode(outputMode)
                .option("checkpointLocation", checkpoint())
                .trigger(trigger);
    }

    /** Runs everything there is and ends; throws what the query ended with. */
    void runAvailable() throws InterruptedException {
        start(Trigger.AvailableNow()).awaitTermination();
    }

    /** Returns the visible rows of the table, in order of batches. */
    List<String> rows() throws IOException {
        List<String> all = new ArrayList<>();
        LedgerSink.read(real(), table()).values().forEach(all::addAll);
        return all;
    }

    SortedMap<Long, List<String>> batches() throws IOException {
        return LedgerSink.read(real(), table());
    }

    Storage real() {
        return new StorageProviders().open(table(), new TreeMap<>());
    }

    private final class Faulty implements StorageProvider {
        private final StorageProviders real = new StorageProviders();

        @Override
        public boolean serves(String scheme) {
            return real.serves(scheme);
        }

        @Override
        public Storage open(String location, SortedMap<String, String> settings) {
            return new FaultyStorage(real.open(location, settings), faults);
        }

        @Override
        public Storage openCheckpoint(String location, SortedMap<String, String> settings) {
            return new FaultyStorage(real.openCheckpoint(location, settings), faults);
        }
    }
}
