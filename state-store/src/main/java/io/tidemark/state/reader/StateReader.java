package io.tidemark.state.reader;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.ReadOnlyStorage;
import io.tidemark.api.storage.Storage;
import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreProviders;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import io.tidemark.state.codec.MalformedRowException;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.OperatorMetadataFile.StoreInfo;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateFileName;
import io.tidemark.state.format.StateSchemaFile;
import io.tidemark.state.format.StateSchemaFile.Family;
import io.tidemark.state.memory.MemoryStateStores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads the state of a checkpoint as any batch left it whose files are still there. Which store, which schema and which
 * provider follow from the checkpoint itself. Writes nothing to it, takes no lock, and may run beside the owner, whose
 * cleanup can take a version away while it is read. One thread.
 */
public final class StateReader implements AutoCloseable {
    private static final String PROVIDER = "spark.sql.streaming.stateStore.providerClass";
    private static final String ROCKSDB = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider";
    private static final String SINGLE = "globalLimit"; // keeps its state in partition 0 alone
    private static final int BLOCK_ROWS = 1024;

    private final Storage storage;
    private final String root;
    private final StateStores stores;

    /**
     * @param context of the checkpoint; the settings are those of the offset log's entry for the batch. Where they name no
     *     provider, as before Spark 3.0, the files say which it was.
     * @throws TidemarkException {@code STATE_FORMAT_UNSUPPORTED} if they name a provider or an encoding that is not read
     */
    public StateReader(StateStoresContext context) {
        storage = new ReadOnlyStorage(context.storage());
        root = context.root();
        SortedMap<String, String> conf = new TreeMap<>(context.conf());
        demand(conf, "spark.sql.streaming.stateStore.encodingFormat", "unsaferow");
        demand(conf, "spark.sql.streaming.stateStore.rowChecksum.enabled", "false");
        conf.computeIfAbsent(PROVIDER, absent -> hasDeltas() ? MemoryStateStores.PROVIDER_CLASS : ROCKSDB);
        stores = StateStoreProviders.open(new StateStoresContext(storage, root, context.localDirectory(), conf));
    }

    /** Refuses rows that have another form, which would be shown as if they were these. */
    private static void demand(SortedMap<String, String> conf, String key, String wanted) {
        String value = conf.getOrDefault(key, wanted);
        if (!value.equalsIgnoreCase(wanted)) {
            throw new TidemarkException(
                    ErrorCode.STATE_FORMAT_UNSUPPORTED,
                    "Cannot read state that was written with " + key + "=" + value + ": only " + wanted
                            + " is supported. Read it with Spark's statestore source.");
        }
    }

    private boolean hasDeltas() {
        return list("state/0/0").stream()
                .flatMap(file -> StateFileName.parse(file.name()).stream())
                .anyMatch(file -> file.kind() == StateFileName.Kind.DELTA);
    }

    /**
     * Returns the stateful operators as of a batch, ascending by id. One without metadata, as before Spark 3.5, has an
     * empty name; its stores and partitions are those that have a directory.
     */
    public List<OperatorMetadataFile> operators(long batchId) {
        TreeSet<Long> ids = new TreeSet<>();
        numbered("state").forEach(ids::add);
        List<OperatorMetadataFile> operators = new ArrayList<>();
        for (long id : ids) {
            operators.add(OperatorMetadataFile.read(storage, root, id, batchId).orElseGet(() -> fromDirectories(id)));
        }
        return operators;
    }

    private OperatorMetadataFile fromDirectories(long id) {
        String directory = "state/" + id;
        int partitions = 1
                + numbered(directory).stream().mapToInt(Math::toIntExact).max().orElse(-1);
        List<StoreInfo> found = new ArrayList<>();
        for (FileStatus child : list(directory + "/0")) {
            if (child.directory()
                    && !child.name().startsWith("_")
                    && !child.name().equals("SSTs")) {
                found.add(new StoreInfo(child.name(), 0, partitions));
            }
        }
        if (found.isEmpty()) {
            found.add(new StoreInfo(StateStoreId.DEFAULT, 0, partitions));
        }
        return new OperatorMetadataFile(id, "", found);
    }

    /**
     * Returns what a store's rows look like.
     *
     * @throws TidemarkException {@code STATE_FILE_MISSING} if the checkpoint does not say, {@code
     *     STATE_FORMAT_UNSUPPORTED} if the store has column families
     */
    public StateStoreSpec spec(OperatorMetadataFile operator, StoreInfo store) {
        if (operator.version() > 1) {
            throw StateFileException.unsupported(
                    "state/" + operator.operatorId(),
                    "operator '" + operator.operatorName() + "' keeps column families",
                    "Read them with Spark's statestore source.");
        }
        StateStoreId id = new StateStoreId(operator.operatorId(), 0, store.name());
        StateSchemaFile schema = StateSchemaFile.read(storage, root, id)
                .orElseThrow(() -> StateFileException.missing(StateSchemaFile.path(id), "reading its rows"));
        Family family = schema.families().get(0);
        KeyEncoding encoding = store.prefixColumns() == 0
                ? new KeyEncoding.Plain()
                : new KeyEncoding.PrefixScan(store.prefixColumns());
        return new StateStoreSpec(store.name(), family.keySchema(), family.valueSchema(), encoding);
    }

    /**
     * Hands over all rows of a store: partition by partition, in each by the bytes under which the provider keeps the
     * keys.
     *
     * @throws TidemarkException {@code STATE_FILE_MISSING} or {@code STATE_FILE_CORRUPT} that names the file
     */
    public void read(OperatorMetadataFile operator, StoreInfo store, StateBatch batch, StateRows rows) {
        StateStoreSpec spec = spec(operator, store);
        int partitions = partitions(operator, store, spec, batch);
        for (int partition = 0; partition < partitions; partition++) {
            read(
                    spec,
                    new StateStoreId(operator.operatorId(), partition, store.name()),
                    version(operator, store, batch, partition),
                    rows);
        }
    }

    /** Returns how many partitions of an operator hold state, whatever the query's number is. */
    private static int partitions(
            OperatorMetadataFile operator, StoreInfo store, StateStoreSpec spec, StateBatch batch) {
        int named = batch.partitions(operator.operatorId());
        boolean single =
                operator.operatorName().equals(SINGLE) || spec.keySchema().size() == 0;
        return named >= 0 ? named : single ? 1 : store.partitions();
    }

    private static StateVersion version(
            OperatorMetadataFile operator, StoreInfo store, StateBatch batch, int partition) {
        StateStoreId id = new StateStoreId(operator.operatorId(), partition, store.name());
        return batch.version(id, operator.stores().indexOf(store));
    }

    private void read(StateStoreSpec spec, StateStoreId id, StateVersion version, StateRows rows) {
        RowDecoder keys = new RowDecoder(spec.keySchema());
        RowDecoder values = new RowDecoder(spec.valueSchema());
        try (StateStore store = stores.open(spec, id, version, version.number() + "/read");
                StateIterator entries = store.iterator()) {
            boolean more = entries.next();
            while (more) {
                RowBlock.Builder keyRows = new RowBlock.Builder(BLOCK_ROWS, 64 * BLOCK_ROWS);
                RowBlock.Builder valueRows = new RowBlock.Builder(BLOCK_ROWS, 64 * BLOCK_ROWS);
                while (more && keyRows.count() < BLOCK_ROWS) {
                    keyRows.add(entries.key());
                    valueRows.add(entries.value());
                    more = entries.next();
                }
                int count = keyRows.count();
                rows.accept(id.partition(), count, keys.decode(keyRows.build()), values.decode(valueRows.build()));
            }
        } catch (MalformedRowException e) {
            throw new TidemarkException(
                    ErrorCode.STATE_FILE_CORRUPT,
                    "Cannot read version " + version.number() + " of state '" + id
                            + "': a row does not fit the schema in '"
                            + StateSchemaFile.path(id) + "': " + e.getMessage()
                            + ". Restore the checkpoint from a backup.",
                    e);
        }
    }

    private List<Long> numbered(String directory) {
        return list(directory).stream()
                .filter(child -> child.directory() && child.name().matches("[0-9]{1,9}"))
                .map(child -> Long.parseLong(child.name()))
                .toList();
    }

    private List<FileStatus> list(String directory) {
        try {
            return storage.list(root + "/" + directory);
        } catch (IOException e) {
            throw StateFileException.storage("list", directory, e);
        }
    }

    @Override
    public void close() {
        stores.close();
    }
}
