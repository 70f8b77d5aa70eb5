package io.tidemark.connectors.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.commit.CommitFailedException;
import io.delta.kernel.commit.CommitMetadata;
import io.delta.kernel.commit.CommitResponse;
import io.delta.kernel.commit.Committer;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.json.JsonUtils;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.actions.CommitInfo;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.files.ParsedPublishedDeltaData;
import io.delta.kernel.utils.CloseableIterator;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;

/**
 * Publishes a version of the table as one exclusive, durable file, once: it never tries again, because only the caller
 * can tell a lost race from a reply that was lost. Replaces Kernel's commitInfo by a complete one, the members of which
 * come as the committer property {@link #COMMIT_INFO}.
 */
final class LogCommitter implements Committer {
    /** A JSON object: what commitInfo holds besides what Kernel knows (timestamps, transaction id). */
    static final String COMMIT_INFO = "commitInfo";

    private final Storage storage;

    LogCommitter(Storage storage) {
        this.storage = storage;
    }

    @Override
    public CommitResponse commit(Engine engine, CloseableIterator<Row> actions, CommitMetadata commit)
            throws CommitFailedException {
        String path = storage.qualify(commit.getPublishedDeltaFilePath());
        try (actions) {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            while (actions.hasNext()) {
                Row action = actions.next();
                String line =
                        action.isNullAt(SingleAction.COMMIT_INFO_ORDINAL) ? JsonUtils.rowToJson(action) : info(commit);
                content.write(line.getBytes(StandardCharsets.UTF_8));
                content.write('\n');
            }
            storage.createExclusive(path, content.toByteArray());
            FileStatus written =
                    storage.status(path).orElseThrow(() -> new IOException(path + " is gone after it was written"));
            return new CommitResponse(ParsedPublishedDeltaData.forFileStatus(StorageFileIO.kernelStatus(written)));
        } catch (FileAlreadyExistsException e) {
            throw new CommitFailedException(true, true, "version " + commit.getVersion() + " exists", e);
        } catch (IOException e) {
            throw new CommitFailedException(true, false, e.toString(), e);
        }
    }

    private static String info(CommitMetadata commit) throws JsonProcessingException {
        CommitInfo kernel = commit.getCommitInfo();
        ObjectNode info = Json.object();
        kernel.getInCommitTimestamp().ifPresent(t -> info.put("inCommitTimestamp", t));
        info.put("timestamp", kernel.getTimestamp());
        String ours = commit.getCommitterProperties().get().getOrDefault(COMMIT_INFO, "{}");
        info.setAll((ObjectNode) Json.parse(ours));
        kernel.getTxnId().ifPresent(id -> info.put("txnId", id));
        ObjectNode line = Json.object();
        line.set("commitInfo", info);
        return Json.line(line);
    }
}
