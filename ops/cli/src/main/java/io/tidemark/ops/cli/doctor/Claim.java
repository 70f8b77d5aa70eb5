package io.tidemark.ops.cli.doctor;

import io.tidemark.api.TimeSource;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.ClaimRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** Who works on a checkpoint. */
final class Claim {
    private Claim() {}

    /** Returns the claim of this process, which never takes over from a run. */
    static ClaimRequest ofThisProcess() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return new ClaimRequest(
                host,
                ProcessHandle.current().pid(),
                TimeSource.system().currentTimeMillis(),
                UUID.randomUUID().toString(),
                false);
    }

    /** @throws TidemarkException {@code CHECKPOINT_OWNED} if a process holds the checkpoint's lock */
    static void refuseInUse(Storage storage, CheckpointLayout layout) {
        try {
            if (storage.status(layout.lock()).isEmpty()) {
                return;
            }
            Optional<StorageLock> lock = storage.tryLock(layout.lock());
            if (lock.isPresent()) {
                lock.get().close();
                return;
            }
            String owner = storage.read(layout.lock())
                    .map(held -> new String(held, StandardCharsets.UTF_8))
                    .filter(text -> !text.isBlank())
                    .orElse("another process");
            throw new TidemarkException(
                    ErrorCode.CHECKPOINT_OWNED,
                    "Cannot work on checkpoint '" + layout.root() + "': " + owner
                            + " owns it, and what it writes would be taken for damage. Stop that run first.");
        } catch (IOException e) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_FAILED,
                    "Cannot look at the lock of '" + layout.root() + "': " + e + ". Try again once storage works.",
                    e);
        }
    }
}
