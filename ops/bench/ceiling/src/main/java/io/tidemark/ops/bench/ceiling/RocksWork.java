package io.tidemark.ops.bench.ceiling;

import io.tidemark.ops.bench.job.Event;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Counts and sums by user in RocksDB, a batch at a time: the rows of a batch are added up in memory first, then each key is
 * read and written once, in order, and the changes are written to a file that is synced. Each thread has a database of its
 * own and keys are not brought together, so that it is somewhat less work than the query is.
 */
final class RocksWork implements Work {
    private static final int CHUNK = 10_000;
    private static final int VALUE = Long.BYTES + Double.BYTES;

    static {
        RocksDB.loadLibrary();
    }

    private final Keys keys = new Keys();
    private final Path directory;
    private final LRUCache cache = new LRUCache(256L << 20);
    private final Options options;
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final RocksDB database;
    private int batches;

    RocksWork(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(64L << 20)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setMaxOpenFiles(-1)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setFormatVersion(6)
                        .setFilterPolicy(new BloomFilter(10, false))
                        .setBlockCache(cache));
        try {
            database = RocksDB.open(options, directory.resolve("db").toString());
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void add(Event event) {
        keys.add(0, event.user, event.userLength, event.amount);
    }

    @Override
    public void flush() throws IOException {
        int[] sorted = sorted();
        Path file = directory.resolve(batches++ + ".changelog");
        try (DataOutputStream changes =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            for (int from = 0; from < sorted.length; from += CHUNK) {
                merge(sorted, from, Math.min(from + CHUNK, sorted.length), changes);
            }
        } catch (RocksDBException e) {
            throw new IOException(e);
        }
        Durable.sync(file);
        Durable.sync(directory);
        keys.clear();
    }

    private int[] sorted() {
        byte[][] texts = new byte[keys.size()][];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = keys.text(i);
        }
        return IntStream.range(0, texts.length)
                .boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(texts[a], texts[b]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private void merge(int[] sorted, int from, int to, DataOutputStream changes) throws RocksDBException, IOException {
        List<byte[]> texts = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            texts.add(keys.text(sorted[i]));
        }
        List<byte[]> old = database.multiGetAsList(texts);
        try (WriteBatch batch = new WriteBatch()) {
            for (int i = from; i < to; i++) {
                byte[] text = texts.get(i - from);
                byte[] value = added(old.get(i - from), keys.count(sorted[i]), keys.sum(sorted[i]));
                batch.put(text, value);
                changes.writeShort(text.length);
                changes.write(text);
                changes.write(value);
            }
            database.write(unlogged, batch);
        }
    }

    private static byte[] added(byte @org.jspecify.annotations.Nullable [] old, long count, double sum) {
        ByteBuffer value = ByteBuffer.allocate(VALUE);
        if (old == null) {
            return value.putLong(count).putDouble(sum).array();
        }
        ByteBuffer before = ByteBuffer.wrap(old);
        return value.putLong(before.getLong() + count)
                .putDouble(before.getDouble() + sum)
                .array();
    }

    @Override
    public void close() {
        database.close();
        options.close();
        cache.close();
        unlogged.close();
    }
}
