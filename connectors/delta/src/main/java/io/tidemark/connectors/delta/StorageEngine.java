package io.tidemark.connectors.delta;

import io.delta.kernel.defaults.engine.DefaultExpressionHandler;
import io.delta.kernel.defaults.engine.DefaultFileSystemClient;
import io.delta.kernel.defaults.engine.DefaultJsonHandler;
import io.delta.kernel.defaults.engine.DefaultParquetHandler;
import io.delta.kernel.defaults.engine.fileio.FileIO;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.MetricsReporter;
import io.delta.kernel.engine.ParquetHandler;
import java.util.List;

/**
 * Kernel's default handlers over our files. It reports no metrics: the default reporter logs them through a JSON mapper
 * that costs a good part of the first commit. Handlers are made when asked for, so that the path of a commit does not
 * load the Parquet and Hadoop classes that only checkpoints need.
 */
final class StorageEngine implements Engine {
    private final FileIO files;

    StorageEngine(FileIO files) {
        this.files = files;
    }

    @Override
    public ExpressionHandler getExpressionHandler() {
        return new DefaultExpressionHandler();
    }

    @Override
    public JsonHandler getJsonHandler() {
        return new DefaultJsonHandler(files);
    }

    @Override
    public FileSystemClient getFileSystemClient() {
        return new DefaultFileSystemClient(files);
    }

    @Override
    public ParquetHandler getParquetHandler() {
        return new DefaultParquetHandler(files);
    }

    @Override
    public List<MetricsReporter> getMetricsReporters() {
        return List.of();
    }
}
