package io.tidemark.checkpoint.storage;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.api.storage.UnknownOutcomeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Publishes by an upload that the store completes only if the target does not exist (S3 with {@code If-None-Match: *}).
 *
 * <p>Such an upload can succeed and report a conflict, when its answer got lost and it was retried. So each carries an id
 * of its own as object metadata, and a failed one is read back: that id decides, equal bytes would not.
 */
final class ConditionalPublisher implements HadoopPublisher {
    private static final String CONDITIONAL = "fs.option.create.conditional.overwrite";
    private static final String ATTEMPT = "tidemark-attempt";

    private final FileSystem files;
    private final Path probe;
    private volatile boolean proven;

    /**
     * Publishes in {@code files}.
     *
     * @param probe an object that may stand there for ever, to see that the store keeps the condition
     */
    ConditionalPublisher(FileSystem files, Path probe) {
        this.files = files;
        this.probe = probe;
    }

    @Override
    public StorageOutput create(Path target, IfExists ifExists) throws IOException {
        if (ifExists == IfExists.FAIL && !proven) {
            prove();
        }
        return upload(target, ifExists);
    }

    /** A store that does not know the condition overwrites without a word, so it is asked to, before the first upload. */
    private synchronized void prove() throws IOException {
        if (!proven && !isRefused() && !isRefused()) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_UNSUPPORTED,
                    "Cannot create files exclusively at '" + probe.getParent().getParent()
                            + "': the store let one conditional upload replace another. Use a store that keeps "
                            + "'If-None-Match: *', as S3 does.");
        }
        proven = true;
    }

    /** Uploads the probe; returns whether the store says that it is there already. */
    private boolean isRefused() throws IOException {
        try (StorageOutput output = upload(probe, IfExists.FAIL)) {
            output.publish();
            return false;
        } catch (FileAlreadyExistsException e) {
            return true;
        }
    }

    private StorageOutput upload(Path target, IfExists ifExists) throws IOException {
        String attempt = UUID.randomUUID().toString();
        FSDataOutputStreamBuilder<?, ?> builder = files.createFile(target).recursive();
        builder.overwrite(ifExists == IfExists.REPLACE);
        builder.opt("fs.s3a.create.header." + ATTEMPT, attempt);
        if (ifExists == IfExists.FAIL) {
            builder.must(CONDITIONAL, true);
        }
        try {
            return new ConditionalOutput((FSDataOutputStream) builder.build(), target, ifExists, attempt);
        } catch (IllegalArgumentException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_UNSUPPORTED,
                    "Cannot create '" + target + "': this version of hadoop-aws has no conditional create. "
                            + "Use the one of Hadoop 3.5.",
                    e);
        } catch (org.apache.hadoop.fs.FileAlreadyExistsException e) {
            throw exists(target, e);
        }
    }

    @Override
    public boolean rename(Path source, Path target) {
        return false;
    }

    private static FileAlreadyExistsException exists(Path target, IOException cause) {
        FileAlreadyExistsException exists = new FileAlreadyExistsException(target.toString());
        exists.initCause(cause);
        return exists;
    }

    private final class ConditionalOutput extends StorageOutput {
        private final FSDataOutputStream stream;
        private final Path target;
        private final IfExists ifExists;
        private final String attempt;
        private boolean closed;

        ConditionalOutput(FSDataOutputStream stream, Path target, IfExists ifExists, String attempt) {
            this.stream = stream;
            this.target = target;
            this.ifExists = ifExists;
            this.attempt = attempt;
        }

        @Override
        public long position() {
            return stream.getPos();
        }

        @Override
        public void write(int b) throws IOException {
            stream.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            stream.write(bytes, offset, length);
        }

        @Override
        public void publish() throws IOException {
            if (closed) {
                throw new IOException("'" + target + "' is published or closed");
            }
            closed = true;
            try {
                stream.close();
            } catch (IOException e) {
                readBack(e);
            }
        }

        private void readBack(IOException failure) throws IOException {
            boolean ours;
            try {
                byte[] stored = files.getXAttr(target, "header." + ATTEMPT);
                ours = stored != null && new String(stored, StandardCharsets.UTF_8).equals(attempt);
            } catch (FileNotFoundException e) {
                // absent is no proof: a late upload can still land
                throw new UnknownOutcomeException("the upload of '" + target + "' failed", failure);
            } catch (IOException | UnsupportedOperationException e) {
                failure.addSuppressed(e);
                throw new UnknownOutcomeException("the upload of '" + target + "' failed", failure);
            }
            if (!ours) {
                if (ifExists == IfExists.FAIL) {
                    throw exists(target, failure);
                }
                throw new UnknownOutcomeException("the upload of '" + target + "' failed", failure);
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                stream.abort();
            }
        }
    }
}
