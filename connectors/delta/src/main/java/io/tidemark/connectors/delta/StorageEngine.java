package io.tidemark.connectors.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultExpressionHandler;
import io.delta.kernel.defaults.engine.DefaultFileSystemClient;
import io.delta.kernel.defaults.engine.DefaultJsonHandler;
import io.delta.kernel.defaults.engine.DefaultParquetHandler;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.MetricsReporter;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Kernel's default handlers over our files. It reports no metrics: the default reporter logs them through a JSON mapper
 * that costs a good part of the first commit. Handlers are made when asked for, so that the path of a commit does not
 * load the Parquet and Hadoop classes that only checkpoints need.
 *
 * <p>After each commit Kernel looks for clustering columns among the table's domain metadata, which takes a read of the
 * log back to the checkpoint and of the checkpoint. A table whose protocol has no such metadata needs no look.
 */
final class StorageEngine implements Engine {
    private static final String DOMAIN_METADATA = "domainMetadata";

    private final FileIO files;
    private volatile boolean skipsDomainMetadata;

    StorageEngine(FileIO files) {
        this.files = files;
    }

    /** Learns from the protocol of the table that was loaded what need not be read. */
    void learnFrom(Snapshot table) {
        skipsDomainMetadata = table.getProtocol().getImplicitlyAndExplicitlySupportedFeatures().stream()
                .noneMatch(f -> f.featureName().equals(DOMAIN_METADATA));
    }

    private boolean skips(StructType schema) {
        return skipsDomainMetadata && schema.fieldNames().equals(List.of(DOMAIN_METADATA));
    }

    @Override
    public ExpressionHandler getExpressionHandler() {
        return new DefaultExpressionHandler();
    }

    @Override
    public FileSystemClient getFileSystemClient() {
        return new DefaultFileSystemClient(files);
    }

    @Override
    public JsonHandler getJsonHandler() {
        return new DefaultJsonHandler(files) {
            @Override
            public CloseableIterator<ColumnarBatch> readJsonFiles(
                    CloseableIterator<FileStatus> from, StructType schema, Optional<Predicate> predicate)
                    throws IOException {
                return skips(schema) ? none(from) : super.readJsonFiles(from, schema, predicate);
            }
        };
    }

    @Override
    public ParquetHandler getParquetHandler() {
        return new DefaultParquetHandler(files) {
            @Override
            public CloseableIterator<FileReadResult> readParquetFiles(
                    CloseableIterator<FileStatus> from, StructType schema, Optional<Predicate> predicate)
                    throws IOException {
                return skips(schema) ? none(from) : BareHadoop.reading(super.readParquetFiles(from, schema, predicate));
            }

            @Override
            public void writeParquetFileAtomically(String path, CloseableIterator<FilteredColumnarBatch> data)
                    throws IOException {
                BareHadoop.run(() -> {
                    super.writeParquetFileAtomically(path, data);
                    return path;
                });
            }
        };
    }

    private static <T> CloseableIterator<T> none(CloseableIterator<FileStatus> unread) throws IOException {
        unread.close();
        return Utils.toCloseableIterator(Collections.emptyIterator());
    }

    @Override
    public List<MetricsReporter> getMetricsReporters() {
        return List.of();
    }
}
