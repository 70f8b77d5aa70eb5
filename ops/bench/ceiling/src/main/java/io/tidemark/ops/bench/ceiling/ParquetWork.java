package io.tidemark.ops.bench.ceiling;

import io.tidemark.ops.bench.job.Event;
import io.tidemark.ops.bench.job.EventParquet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/** Filters and appends to Parquet files, a new one after each flush; file and folder are synced. */
final class ParquetWork implements Work {
    private final Path directory;
    private final int thread;
    private int files;
    private @Nullable Path file;
    private @Nullable ParquetWriter<Event> writer;

    ParquetWork(Path directory, int thread) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.thread = thread;
    }

    @Override
    public void add(Event event) throws IOException {
        if (!EventParquet.isKept(event)) {
            return;
        }
        ParquetWriter<Event> open = writer;
        if (open == null) {
            file = directory.resolve("part-" + thread + "-" + files++ + ".snappy.parquet");
            open = EventParquet.open(new LocalOutputFile(file));
            writer = open;
        }
        open.write(event);
    }

    @Override
    public void flush() throws IOException {
        if (writer != null && file != null) {
            writer.close();
            Durable.sync(file);
            Durable.sync(directory);
            writer = null;
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
