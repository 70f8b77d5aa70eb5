package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageOutput;
import java.io.IOException;
import org.apache.hadoop.fs.Path;

/** How a Hadoop file system gives a whole file its name. */
interface HadoopPublisher {
    /** Opens a file that appears under {@code target} when it is published. */
    StorageOutput create(Path target, IfExists ifExists) throws IOException;

    /** Renames without replacing, or returns false if this store has no atomic rename. */
    boolean rename(Path source, Path target) throws IOException;
}
