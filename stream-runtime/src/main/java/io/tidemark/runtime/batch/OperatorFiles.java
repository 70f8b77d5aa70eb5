package io.tidemark.runtime.batch;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.SchemaCompatibility;
import io.tidemark.state.format.StateFileException;
import io.tidemark.state.format.StateSchemaFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that say which stateful operators a checkpoint belongs to and what their rows look like. They are held
 * against the plan at every start, as Spark does, and written by the first batch of a run where there are none; what is
 * there is never rewritten.
 */
final class OperatorFiles {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorFiles.class);
    private static final List<String> WITHOUT_VALUES = List.of("dedupe"); // Spark compares no values of these

    private final Storage storage;
    private final String root;
    private final List<StatefulOperator> operators;

    OperatorFiles(Checkpoint checkpoint, List<StatefulOperator> operators) {
        this.storage = checkpoint.storage();
        this.root = checkpoint.layout().root();
        this.operators = operators;
    }

    /**
     * Holds the plan against the files; writes nothing. A checkpoint without any passes.
     *
     * @param batchId the newest planned batch
     * @param anyCommitted whether a batch was ever committed: before that, a crash may have left but some of the files
     * @throws TidemarkException {@code STATE_OPERATORS_CHANGED} if these are other operators, {@code
     *     STATE_SCHEMA_MISMATCH} if their rows have other types
     */
    void check(long batchId, boolean anyCommitted) {
        SortedMap<Long, OperatorMetadataFile> stored = stored(batchId);
        if (!stored.isEmpty()) {
            for (StatefulOperator operator : operators) {
                OperatorMetadataFile file = stored.remove(operator.id());
                if (file != null) {
                    checkOperator(operator, file);
                } else if (anyCommitted) {
                    throw changed("the query has a stateful operator " + operator.id() + " ('" + operator.name()
                            + "') and the checkpoint has none of that id");
                }
            }
            if (!stored.isEmpty()) {
                OperatorMetadataFile left = stored.get(stored.firstKey());
                throw changed("the checkpoint has a stateful operator " + left.operatorId() + " ('"
                        + left.operatorName() + "') and the query has none of that id");
            }
        }
        operators.forEach(this::checkSchemas);
    }

    private SortedMap<Long, OperatorMetadataFile> stored(long batchId) {
        TreeMap<Long, OperatorMetadataFile> stored = new TreeMap<>();
        try {
            for (FileStatus directory : storage.list(root + "/state")) {
                if (directory.directory() && directory.name().matches("[0-9]{1,18}")) {
                    long id = Long.parseLong(directory.name());
                    OperatorMetadataFile.read(storage, root, id, batchId).ifPresent(file -> stored.put(id, file));
                }
            }
        } catch (IOException e) {
            throw StateFileException.storage("list", "state", e);
        }
        return stored;
    }

    private static void checkOperator(StatefulOperator operator, OperatorMetadataFile file) {
        if (!operator.name().equals(file.operatorName())) {
            throw changed("stateful operator " + operator.id() + " is '" + file.operatorName()
                    + "' in the checkpoint and '" + operator.name() + "' in the query");
        }
        List<String> stores =
                file.stores().stream().map(OperatorMetadataFile.StoreInfo::name).toList();
        List<String> wanted =
                operator.stores().stream().map(StateStoreSpec::name).toList();
        if (!stores.equals(wanted)) {
            throw changed("stateful operator " + operator.id() + " ('" + operator.name() + "') keeps the stores "
                    + stores + " in the checkpoint and " + wanted + " in the query");
        }
    }

    private void checkSchemas(StatefulOperator operator) {
        for (StateStoreSpec store : operator.stores()) {
            StateStoreId id = new StateStoreId(operator.id(), 0, store.name());
            Optional<StateSchemaFile> file = StateSchemaFile.read(storage, root, id);
            if (file.isPresent()) {
                StateSchemaFile.Family stored = file.get().families().get(0);
                compare(id, "key", SchemaCompatibility.check(stored.keySchema(), store.keySchema()));
                if (!WITHOUT_VALUES.contains(operator.name())) {
                    compare(id, "value", SchemaCompatibility.check(stored.valueSchema(), store.valueSchema()));
                }
            }
        }
    }

    private static void compare(StateStoreId id, String what, SchemaCompatibility found) {
        found.require(id, what);
        if (!found.nameDifferences().isEmpty()) {
            LOG.warn(
                    "The {} of {} has other names than the query gives it: {}. Types agree, so it is gone on with; if two "
                            + "columns of one type changed places, the state is wrong.",
                    what,
                    id,
                    found.nameDifferences());
        }
    }

    private static TidemarkException changed(String difference) {
        return new TidemarkException(
                ErrorCode.STATE_OPERATORS_CHANGED,
                "Cannot continue from this checkpoint: " + difference
                        + ". Start the query as it was, or use a new checkpointLocation.");
    }

    /**
     * Writes what is not there yet.
     *
     * @param partitions of the query's shuffles; also recorded for operators that use but one of them, as in Spark
     */
    void createMissing(int partitions) {
        for (StatefulOperator operator : operators) {
            List<OperatorMetadataFile.StoreInfo> stores = operator.stores().stream()
                    .map(store -> new OperatorMetadataFile.StoreInfo(
                            store.name(), store.encoding().prefixColumns(), partitions))
                    .toList();
            new OperatorMetadataFile(operator.id(), operator.name(), stores).createIfAbsent(storage, root);
            for (StateStoreSpec store : operator.stores()) {
                StateSchemaFile.of(store.keySchema(), store.valueSchema())
                        .createIfAbsent(storage, root, new StateStoreId(operator.id(), 0, store.name()));
            }
        }
    }
}
