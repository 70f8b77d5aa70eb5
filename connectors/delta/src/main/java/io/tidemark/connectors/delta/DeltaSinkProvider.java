package io.tidemark.connectors.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.exceptions.KernelException;
import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.connector.SinkLedger;
import io.tidemark.api.connector.SinkLedgers;
import io.tidemark.api.connector.SinkProvider;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import io.tidemark.connectors.delta.parquet.Compression;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code delta} sink. Options: {@code path}; {@code compression} (snappy, zstd, uncompressed); {@code delta.*} table
 * properties for a table that the query makes; {@code mergeKeys} in update mode. An existing table keeps its properties.
 */
public final class DeltaSinkProvider implements SinkProvider, SinkLedgers {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaSinkProvider.class);
    private static final String HADOOP_PREFIX = "spark.hadoop.";
    private static final String PROPERTY_PREFIX = "delta.";
    private static final String TRANSACTION_RETENTION = "delta.setTransactionRetentionDuration";

    @Override
    public String format() {
        return "delta";
    }

    @Override
    public Sink open(SinkContext context) {
        Options options = context.options();
        String location =
                options.require("path", "Name the table's folder: start(\"/data/table\"), or path: in a pipeline.");
        refuseOptions(context);
        Storage storage = context.storages().open(location, hadoopConf(context.conf()));
        String path = storage.qualify(location);
        String queryId = context.queryId().toString();
        DeltaTable table = new DeltaTable(storage, path);
        TableCheck check = new TableCheck(path);
        try {
            refuseFile(storage, path);
            Optional<Snapshot> existing = table.refresh(queryId);
            RowLayout layout;
            if (existing.isPresent()) {
                check.features(existing.get(), context.outputMode());
                layout = check.existingTable(context.schema(), context.partitionBy(), existing.get());
                if (context.outputMode() == OutputMode.UPDATE) {
                    check.upsertable(context.schema().fieldNames(), existing.get());
                }
            } else {
                refuseForeignFiles(storage, path, options);
                layout = check.newTable(context.schema(), context.partitionBy());
            }
            SortedMap<String, String> properties = existing.isPresent() ? new TreeMap<>() : properties(options);
            StructType tableSchema = KernelTypes.asNullable(context.schema());
            BatchCommitter.Plan plan = new BatchCommitter.Plan(
                    queryId, context.outputMode(), tableSchema, layout.partitionBy(), properties);
            if (existing.isEmpty()) {
                tryCreate(table, plan);
            }
            SortedMap<String, String> effective = existing.<SortedMap<String, String>>map(
                            s -> new TreeMap<>(s.getTableProperties()))
                    .orElse(properties);
            warnOfRetention(path, effective);
            DeltaSink.Parts parts = new DeltaSink.Parts(
                    storage,
                    table,
                    layout,
                    queryId,
                    compression(context),
                    IndexedColumns.of(effective),
                    context.time());
            return new DeltaSink(
                    parts, new BatchCommitter(table, check, plan, upsert(context, parts, check), context.time()));
        } catch (NotDirectoryException e) {
            throw new TidemarkException(
                    ErrorCode.SINK_PATH_NOT_A_TABLE,
                    "'" + path + "' lies below a file, so that no folder can be there. Choose another path.",
                    e);
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot open the Delta table at '" + path + "': " + e + ". Check the path and its permissions.",
                    e);
        }
    }

    @Override
    public SinkLedger openLedger(
            String location, UUID queryId, StorageProvider storages, TimeSource time, SortedMap<String, String> conf) {
        Storage storage = storages.open(location, hadoopConf(conf));
        DeltaTable table = new DeltaTable(storage, storage.qualify(location));
        return new DeltaLedger(storage, table, queryId.toString(), time);
    }

    private static @Nullable Upsert upsert(SinkContext context, DeltaSink.Parts parts, TableCheck check) {
        if (context.outputMode() != OutputMode.UPDATE) {
            return null;
        }
        String keys = context.options().require(MergeKeys.OPTION, "Name the key columns.");
        return new Upsert(
                parts.table(),
                check,
                MergeKeys.of(keys, context.schema()),
                (name, layout) -> new DeltaTaskWriter(parts.target(name), layout));
    }

    private static void refuseOptions(SinkContext context) {
        boolean named = context.options().get(MergeKeys.OPTION).isPresent();
        if (context.outputMode() == OutputMode.UPDATE && !named) {
            throw new TidemarkException(
                    ErrorCode.SINK_OUTPUT_MODE_UNSUPPORTED,
                    "The delta sink cannot run in update mode without knowing which rows are replaced. Name the key"
                            + " columns in mergeKeys, or use append or complete.");
        } else if (context.outputMode() != OutputMode.UPDATE && named) {
            throw Options.invalid(
                    MergeKeys.OPTION,
                    context.options().get(MergeKeys.OPTION).orElseThrow(),
                    "Rows are replaced in update mode only; set outputMode to update or drop the option.");
        }
        for (String option : List.of("mergeSchema", "overwriteSchema")) {
            if (context.options().flag(option, false)) {
                throw Options.invalid(
                        option,
                        "true",
                        "Schema changes are not supported by the sink: change the table first, then start the query.");
            }
        }
    }

    private static void refuseFile(Storage storage, String path) throws IOException {
        if (storage.status(path).map(s -> !s.directory()).orElse(false)) {
            throw new TidemarkException(
                    ErrorCode.SINK_PATH_NOT_A_TABLE,
                    "'" + path + "' is a file, not the folder of a Delta table. Choose another path.");
        }
    }

    private static void refuseForeignFiles(Storage storage, String path, Options options) throws IOException {
        // what queries staged before the table's first version is no stranger's; a checkpoint may lie in the table's
        // folder
        Optional<String> checkpoint = options.get("checkpointLocation")
                .filter(c -> !c.contains("://") || c.startsWith(path))
                .map(c -> storage.qualify(c) + "/");
        Optional<String> foreign = new Leftovers(storage, path)
                .dataFiles().stream()
                        .filter(f -> !Leftovers.isStaged(f))
                        .filter(f -> checkpoint.isEmpty() || !(path + "/" + f).startsWith(checkpoint.get()))
                        .findFirst();
        if (foreign.isPresent()) {
            throw new TidemarkException(
                    ErrorCode.SINK_PATH_NOT_A_TABLE,
                    "'" + path + "' is not a Delta table but holds files ('" + foreign.get()
                            + "'). Choose an empty path, or convert it to Delta first.");
        }
    }

    /** Lets Kernel check names and properties before any row is read. */
    private static void tryCreate(DeltaTable table, BatchCommitter.Plan plan) {
        try {
            table.buildCreate(plan.schema(), plan.partitionBy(), plan.properties());
        } catch (KernelException | IllegalArgumentException e) {
            boolean ofProperties = plan.properties().keySet().stream()
                    .anyMatch(k -> e.getMessage() != null && e.getMessage().contains(k));
            throw new TidemarkException(
                    ofProperties ? ErrorCode.INVALID_OPTION : ErrorCode.SINK_SCHEMA_MISMATCH,
                    "Cannot make the Delta table at '" + table.path() + "': "
                            + String.valueOf(e.getMessage()).replaceFirst("\\.+$", "")
                            + ". Change the query's columns or the delta.* options.",
                    e);
        }
    }

    private static void warnOfRetention(String path, SortedMap<String, String> properties) {
        if (properties.containsKey(TRANSACTION_RETENTION)) {
            LOG.warn(
                    "The Delta table at {} has {} = {}: it forgets a query that was stopped for longer, and a batch"
                            + " that was committed before could be written again. Unset the property.",
                    path,
                    TRANSACTION_RETENTION,
                    properties.get(TRANSACTION_RETENTION));
        }
    }

    private static SortedMap<String, String> properties(Options options) {
        SortedMap<String, String> properties = new TreeMap<>();
        options.asMap().forEach((name, value) -> {
            if (name.regionMatches(true, 0, PROPERTY_PREFIX, 0, PROPERTY_PREFIX.length())) {
                properties.put(name, value);
            }
        });
        return properties;
    }

    private static Compression compression(SinkContext context) {
        for (String name : List.of("compression", "parquet.compression")) {
            Optional<String> value = context.options().get(name);
            if (value.isPresent()) {
                return Compression.of(name, value.get());
            }
        }
        String conf = "spark.sql.parquet.compression.codec";
        String value = context.conf().get(conf);
        return value == null ? Compression.SNAPPY : Compression.of(conf, value);
    }

    private static SortedMap<String, String> hadoopConf(SortedMap<String, String> conf) {
        SortedMap<String, String> hadoop = new TreeMap<>();
        conf.tailMap(HADOOP_PREFIX).forEach((name, value) -> {
            if (name.startsWith(HADOOP_PREFIX)) {
                hadoop.put(name.substring(HADOOP_PREFIX.length()), value);
            }
        });
        return hadoop;
    }
}
