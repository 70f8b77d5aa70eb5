package io.tidemark.testkit;

import io.tidemark.api.Row;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.UnknownOutcomeException;
import io.tidemark.api.vector.ColumnBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The smallest sink that keeps every promise: rows as lines in {@code data/…}, durable before the batch is prepared; a
 * batch is visible when {@code log/<version>} names its files. One query to a table. A model for real sinks, and an oracle
 * that anybody can read with a text editor.
 */
public final class LedgerSink implements Sink {
    private final Storage storage;
    private final String root;
    private final UUID queryId;
    private long rowsWritten;

    LedgerSink(Storage storage, String location, UUID queryId) {
        this.storage = storage;
        this.root = storage.qualify(location);
        this.queryId = queryId;
    }

    /** Returns the visible rows of a table, batch by batch, each row as text. */
    public static SortedMap<Long, List<String>> read(Storage storage, String location) throws IOException {
        TreeMap<Long, List<String>> batches = new TreeMap<>();
        String root = storage.qualify(location);
        for (FileStatus entry : storage.list(root + "/log")) {
            List<String> lines = lines(storage, entry.path());
            List<String> rows = new ArrayList<>();
            for (String file : lines.subList(1, lines.size())) {
                rows.addAll(lines(storage, root + "/data/" + file));
            }
            if (batches.put(Long.parseLong(entry.name()), rows) != null) {
                throw new IllegalStateException("batch " + entry.name() + " is there twice");
            }
        }
        return batches;
    }

    private static List<String> lines(Storage storage, String path) throws IOException {
        byte[] content = storage.read(path).orElseThrow(() -> new IllegalStateException("missing: " + path));
        return new String(content, StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public String description() {
        return "Ledger[" + root + "]";
    }

    @Override
    public Optional<LedgerEntry> ledger() {
        try {
            long newest = -1;
            for (FileStatus entry : storage.list(root + "/log")) {
                newest = Math.max(newest, Long.parseLong(entry.name()));
            }
            if (newest < 0) {
                return Optional.empty();
            }
            String[] head = lines(storage, root + "/log/" + newest).get(0).split(" ");
            return Optional.of(new LedgerEntry(newest, root, Long.parseLong(head[0]), head[1]));
        } catch (IOException e) {
            throw failed("read the log of", e);
        }
    }

    @Override
    public boolean keepsLedger() {
        return true;
    }

    @Override
    public TaskWriter openTask(BatchAttempt batch, int task, int attempt) {
        return new Lines(queryId + "-" + batch.batchId() + "-" + batch.attemptUuid() + "-" + task + "-" + attempt);
    }

    @Override
    public String stage(BatchAttempt batch, List<String> taskResults) {
        return String.join(" ", taskResults);
    }

    @Override
    public boolean isIntact(String token) {
        try {
            for (String file : files(token)) {
                if (storage.status(root + "/data/" + file).isEmpty()) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw failed("look for staged files of", e);
        }
    }

    private static List<String> files(String token) {
        return token.isEmpty() ? List.of() : List.of(token.split(" "));
    }

    @Override
    public void commit(CommitRequest request) {
        String entry =
                request.epoch() + " " + request.preparedHash() + "\n" + String.join("\n", files(request.token()));
        String path = root + "/log/" + request.batchId();
        try {
            storage.createExclusive(path, entry.getBytes(StandardCharsets.UTF_8));
        } catch (FileAlreadyExistsException | UnknownOutcomeException e) {
            readBack(request, path, e);
        } catch (IOException e) {
            throw failed("commit to", e);
        }
    }

    private void readBack(CommitRequest request, String path, IOException cause) {
        try {
            if (storage.status(path).isPresent()
                    && lines(storage, path).get(0).split(" ")[1].equals(request.preparedHash())) {
                return;
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        throw new TidemarkException(
                ErrorCode.COMMIT_UNKNOWN,
                "Nobody can say whether batch " + request.batchId() + " reached " + root + ". Start again to find out.",
                cause);
    }

    @Override
    public long rowsWritten() {
        return rowsWritten;
    }

    @Override
    public SortedMap<String, String> metrics() {
        return new TreeMap<>();
    }

    @Override
    public Optional<String> tableId() {
        return Optional.of(root);
    }

    @Override
    public void close() {}

    private static TidemarkException failed(String what, IOException e) {
        return new TidemarkException(
                ErrorCode.SINK_FAILED, "Cannot " + what + " the table: " + e.getMessage() + ".", e);
    }

    private final class Lines implements TaskWriter {
        private final String name;
        private final StringBuilder text = new StringBuilder();
        private long rows;

        Lines(String name) {
            this.name = name;
        }

        @Override
        public void write(ColumnBatch batch) {
            for (Row row : batch.rows()) {
                text.append(row).append('\n');
                rows++;
            }
        }

        @Override
        public String finish() throws IOException {
            storage.createExclusive(root + "/data/" + name, text.toString().getBytes(StandardCharsets.UTF_8));
            synchronized (LedgerSink.this) {
                rowsWritten = rows;
            }
            return name;
        }

        @Override
        public void close() {}
    }
}
