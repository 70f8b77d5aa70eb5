package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.api.storage.UnknownOutcomeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.EnumSet;
import java.util.UUID;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.CreateOpts;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * Publishes by a rename that the name node carries out as one step and refuses if the target exists (HDFS). The content
 * is synced to the data nodes first.
 *
 * <p>A rename whose answer got lost is decided by its source: if the temporary file is gone, it took place.
 */
final class RenamePublisher implements HadoopPublisher {
    private final FileContext files;
    private final String root;
    private final @Nullable String temporary;

    RenamePublisher(FileContext files, String root, @Nullable String temporary) {
        this.files = files;
        this.root = root + "/";
        this.temporary = temporary;
    }

    @Override
    public StorageOutput create(Path target, IfExists ifExists) throws IOException {
        String name = "." + target.getName() + "." + UUID.randomUUID() + ".tmp";
        Path temp = temporary != null && target.toString().startsWith(root)
                ? new Path(temporary, name)
                : new Path(target.getParent(), name);
        return new RenamedOutput(
                files.create(temp, EnumSet.of(CreateFlag.CREATE), CreateOpts.createParent()), temp, target, ifExists);
    }

    @Override
    public boolean rename(Path source, Path target) throws IOException {
        if (!files.util().exists(source)) {
            throw HadoopStorage.missing(source.toString(), new FileNotFoundException(source.toString()));
        }
        give(source, target, Rename.NONE);
        return true;
    }

    private void give(Path source, Path target, Rename option) throws IOException {
        try {
            renameOnce(source, target, option);
        } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
            if (isGone(source, target, e)) {
                return; // the rename was retried below us; its first try had succeeded
            }
            FileAlreadyExistsException exists = new FileAlreadyExistsException(target.toString());
            exists.initCause(e);
            throw exists;
        } catch (IOException e) {
            if (!isGone(source, target, e)) {
                throw DiskFull.translate(e);
            }
        }
    }

    private void renameOnce(Path source, Path target, Rename option) throws IOException {
        try {
            files.rename(source, target, option);
        } catch (FileNotFoundException e) {
            if (target.getParent() == null || !files.util().exists(source)) {
                throw e;
            }
            // The parent was missing; by now another writer may have made it, so it is not looked for again.
            files.mkdir(target.getParent(), null, true);
            files.rename(source, target, option);
        }
    }

    private boolean isGone(Path source, Path target, IOException failure) throws IOException {
        try {
            return !files.util().exists(source) && files.util().exists(target);
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw new UnknownOutcomeException("the rename to '" + target + "' failed and cannot be checked", failure);
        }
    }

    private final class RenamedOutput extends StorageOutput {
        private final FSDataOutputStream stream;
        private final Path temp;
        private final Path target;
        private final IfExists ifExists;
        private boolean closed;

        RenamedOutput(FSDataOutputStream stream, Path temp, Path target, IfExists ifExists) {
            this.stream = stream;
            this.temp = temp;
            this.target = target;
            this.ifExists = ifExists;
        }

        @Override
        public long position() {
            return stream.getPos();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                stream.write(bytes, offset, length);
            } catch (IOException e) {
                throw DiskFull.translate(e);
            }
        }

        @Override
        public void publish() throws IOException {
            if (closed) {
                throw new IOException("'" + target + "' is published or closed");
            }
            try {
                try {
                    stream.hsync();
                    stream.close();
                } catch (IOException e) {
                    throw DiskFull.translate(e);
                }
                give(temp, target, ifExists == IfExists.FAIL ? Rename.NONE : Rename.OVERWRITE);
                closed = true;
            } finally {
                close();
            }
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try {
                stream.close();
            } catch (IOException e) {
                return; // what was written is dropped; the temporary file is an absent entry
            } finally {
                files.delete(temp, false);
            }
        }
    }
}
