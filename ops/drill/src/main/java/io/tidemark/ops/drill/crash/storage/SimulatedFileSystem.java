package io.tidemark.ops.drill.crash.storage;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.Progressable;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory, as Hadoop makes one from a class name: whose server is found by its configuration.
 *
 * @param <S> what the server holds
 */
abstract class SimulatedFileSystem<S> extends FileSystem {
    static final long MODIFIED_MILLIS = 1_700_000_000_000L;

    private final String scheme;
    private URI uri;
    private @Nullable Life<S> life;

    SimulatedFileSystem(String scheme) {
        this.scheme = scheme;
        this.uri = URI.create(scheme + "://simulated");
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        setConf(conf);
        uri = URI.create(name.getScheme() + "://" + name.getAuthority());
        life = SimulatedServers.of(conf);
    }

    final Life<S> life() {
        if (life == null) {
            throw new IllegalStateException("not initialised");
        }
        return life;
    }

    @Override
    public final String getScheme() {
        return scheme;
    }

    @Override
    public final URI getUri() {
        return uri;
    }

    /** Returns the path within the server, from its root. */
    final String inServer(Path path) {
        return makeQualified(path).toUri().getPath();
    }

    /** Returns the path with scheme and server in front of it. */
    final Path qualified(String inServer) {
        return new Path(uri.getScheme(), uri.getAuthority(), inServer);
    }

    @Override
    public final FSDataOutputStream append(Path path, int bufferSize, @Nullable Progressable progress) {
        throw new UnsupportedOperationException("append");
    }

    @Override
    public final void setWorkingDirectory(Path directory) {
        throw new UnsupportedOperationException("working directory");
    }

    @Override
    public final Path getWorkingDirectory() {
        return new Path(uri + "/");
    }
}
