package io.tidemark.ops.cli;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.CheckpointInspector;
import io.tidemark.checkpoint.CheckpointReport;
import io.tidemark.checkpoint.CheckpointReport.BatchReport;
import io.tidemark.checkpoint.CheckpointReport.BatchState;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.runtime.expression.json.RowJson;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.OperatorMetadataFile.StoreInfo;
import io.tidemark.state.reader.StateBatch;
import io.tidemark.state.reader.StateReader;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tidemark state}: only reads, takes no lock, and may run beside the owner. */
@Command(
        name = "state",
        description = "Look into the state of a checkpoint. Nothing is written, and the query may be running.",
        mixinStandardHelpOptions = true)
final class StateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    StateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing command: dump");
    }

    @Command(
            name = "dump",
            description = {
                "Print the rows of a store as a batch left them, by partition and key.",
                "The checkpoint may be Tidemark's or Spark's."
            },
            mixinStandardHelpOptions = true)
    int dump(
            @Parameters(paramLabel = "DIR", description = "A checkpointLocation.") String directory,
            @Option(names = "--operator", paramLabel = "ID", defaultValue = "0", description = "0 is nearest the sink.")
                    long operatorId,
            @Option(names = "--store", paramLabel = "NAME", defaultValue = StateStoreId.DEFAULT) String storeName,
            @Option(names = "--batch", paramLabel = "N", description = "Default: the newest that is committed.")
                    @Nullable
                    Long batchId,
            @Option(names = "--zone", paramLabel = "ZONE", description = "For timestamps. Default: this machine's.")
                    @Nullable
                    ZoneId zone,
            @Option(
                            names = "--json",
                            description = "One object a line, in the forms of Spark's statestore reader and toJSON.")
                    boolean json) {
        Storage storage = new StorageProviders().open(directory, new TreeMap<>());
        CheckpointReport report = CheckpointInspector.inspect(storage, directory);
        BatchReport batch = batch(report, batchId);
        try (ScratchDirectory scratch = ScratchDirectory.create();
                StateReader reader = new StateReader(new StateStoresContext(
                        storage,
                        report.root(),
                        scratch.path().resolve("state"),
                        batch.plan().metadata().conf()))) {
            OperatorMetadataFile operator = operator(reader.operators(batch.batchId()), operatorId);
            StoreInfo store = store(operator, storeName);
            StateStoreSpec rows = reader.spec(operator, store);
            ZoneId shown = zone == null ? ZoneId.systemDefault() : zone;
            RowJson keyJson = new RowJson(rows.keySchema(), shown);
            RowJson valueJson = new RowJson(rows.valueSchema(), shown);
            StateBatch wanted = new StateBatch(
                    batch.batchId(),
                    batch.commit() == null ? null : batch.commit().stateUniqueIds());
            reader.read(operator, store, wanted, (partition, count, keys, values) -> {
                List<String> keyTexts = new ArrayList<>(count);
                List<String> valueTexts = new ArrayList<>(count);
                keyJson.write(keys, count, keyTexts);
                valueJson.write(values, count, valueTexts);
                print(json, partition, keyTexts, valueTexts);
            });
        }
        terminal.out().flush();
        return 0;
    }

    private void print(boolean json, int partition, List<String> keys, List<String> values) {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < keys.size(); row++) {
            if (json) {
                text.append("{\"partition_id\":").append(partition).append(",\"key\":");
                text.append(keys.get(row))
                        .append(",\"value\":")
                        .append(values.get(row))
                        .append("}\n");
            } else {
                text.append(partition).append(' ').append(keys.get(row)).append(" -> ");
                text.append(values.get(row)).append('\n');
            }
        }
        terminal.out().print(text);
    }

    private static BatchReport batch(CheckpointReport report, @Nullable Long batchId) {
        List<BatchReport> committed = report.batches().stream()
                .filter(batch -> batch.state() == BatchState.COMMITTED && batch.plan() != null)
                .toList();
        if (committed.isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.COMMAND_LINE,
                    "Checkpoint '" + report.root()
                            + "' has no committed batch, so it has no state to show. Run its query" + " first.");
        }
        BatchReport newest = committed.get(committed.size() - 1);
        return committed.stream()
                .filter(batch -> batch.batchId() == (batchId == null ? newest.batchId() : batchId))
                .findFirst()
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.COMMAND_LINE,
                        "Checkpoint '" + report.root() + "' has no committed batch " + batchId + ": it has "
                                + committed.get(0).batchId() + " to " + newest.batchId() + "."));
    }

    private static OperatorMetadataFile operator(List<OperatorMetadataFile> operators, long id) {
        return operators.stream()
                .filter(operator -> operator.operatorId() == id)
                .findFirst()
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.COMMAND_LINE,
                        operators.isEmpty()
                                ? "The checkpoint has no stateful operator, so there is nothing to show."
                                : "The checkpoint has no stateful operator " + id + ": it has "
                                        + operators.stream()
                                                .map(found -> found.operatorId() + " (" + found.operatorName() + ")")
                                                .collect(Collectors.joining(", "))
                                        + "."));
    }

    private static StoreInfo store(OperatorMetadataFile operator, String name) {
        return operator.stores().stream()
                .filter(store -> store.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.COMMAND_LINE,
                        "Operator " + operator.operatorId() + " has no store '" + name + "': it has "
                                + operator.stores().stream()
                                        .map(StoreInfo::name)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
