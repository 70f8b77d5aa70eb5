package io.tidemark.ops.drill.crash.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.Path;

/** {@link SimulatedHdfs} for Hadoop's {@code FileContext}, which alone renames atomically with replacement. */
public final class SimulatedHdfsContext extends DelegateToFileSystem {
    /** Called by Hadoop. */
    public SimulatedHdfsContext(URI uri, Configuration conf) throws IOException, URISyntaxException {
        super(uri, initialised(uri, conf), conf, "hdfs", true);
    }

    private static SimulatedHdfs initialised(URI uri, Configuration conf) throws IOException {
        SimulatedHdfs files = new SimulatedHdfs();
        files.initialize(uri, conf);
        return files;
    }

    @Override
    public void renameInternal(Path source, Path target) throws IOException {
        renameInternal(source, target, false);
    }

    @Override
    public void renameInternal(Path source, Path target, boolean overwrite) throws IOException {
        ((SimulatedHdfs) fsImpl).rename(source, target, overwrite);
    }
}
