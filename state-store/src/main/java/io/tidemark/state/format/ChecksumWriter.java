package io.tidemark.state.format;

import io.tidemark.state.StagedState;
import io.tidemark.state.StateStoresContext;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Gives committed files their {@link SparkChecksumFile}s, off the path of a batch: a file is as good without one, and
 * until its batch is committed it may still be replaced. What a crash leaves without one stays so. Safe for use by many
 * threads.
 */
public final class ChecksumWriter {
    private final StateStoresContext context;
    private final boolean written;
    private final Deque<StagedState.File> waiting = new ArrayDeque<>();

    public ChecksumWriter(StateStoresContext context) {
        this.context = context;
        this.written = SparkChecksumFile.isWritten(context.conf());
    }

    /** Hears that files have their final names and their batch is committed. */
    public synchronized void committed(List<StagedState> states) {
        if (written) {
            for (StagedState state : states) {
                waiting.addAll(state.files());
            }
        }
    }

    /**
     * Writes what is due.
     *
     * @param stillOwner asked before anything is written
     */
    public void write(Runnable stillOwner) {
        List<StagedState.File> due;
        synchronized (this) {
            due = new ArrayList<>(waiting);
            waiting.clear();
        }
        if (due.isEmpty()) {
            return;
        }
        stillOwner.run();
        for (StagedState.File file : due) {
            String path = SparkChecksumFile.path(file.target());
            byte[] checksum = new SparkChecksumFile(file.crc32c(), file.length(), file.target()).encode();
            try {
                context.storage().replace(context.root() + "/" + path, checksum);
            } catch (IOException e) {
                throw StateFileException.storage("write", path, e);
            }
        }
    }
}
