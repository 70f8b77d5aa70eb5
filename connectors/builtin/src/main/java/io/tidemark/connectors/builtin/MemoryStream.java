package io.tidemark.connectors.builtin;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose rows a program adds itself; for tests and experiments. Queries read it while it is open, any number of
 * them, and again after a restart in the same process. What is added in one call is one step of the offset, one partition
 * of the batch that reads it, and kept until the stream is closed. Safe for use by many threads.
 *
 * <pre>{@code
 * MemoryStream clicks = MemoryStream.create(session.engine().parseSchema("page STRING, n INT"));
 * clicks.add(clicks.row("/", 1), clicks.row("/about", 2));
 * clicks.toDataset(session).writeStream().format("memory").queryName("q").start();
 * }</pre>
 */
public final class MemoryStream implements AutoCloseable {
    /** The option of format {@code memory} that names the stream. */
    public static final String ID_OPTION = "memoryStream";

    private final String id;
    private final StructType schema;
    private final List<ColumnBatch> blocks = new ArrayList<>();

    private MemoryStream(String id, StructType schema) {
        this.id = id;
        this.schema = requireNonNull(schema, "schema");
    }

    /** Opens a stream of rows of {@code schema}. */
    public static MemoryStream create(StructType schema) {
        MemoryStream stream = new MemoryStream(MemoryRegistry.OF_THIS_JVM.newStreamId(), schema);
        MemoryRegistry.OF_THIS_JVM.register(stream);
        return stream;
    }

    /** Returns the name that option {@link #ID_OPTION} takes. */
    public String id() {
        return id;
    }

    public StructType schema() {
        return schema;
    }

    /** Returns the options that make a reader of format {@code memory} read this stream. */
    public SortedMap<String, String> options() {
        SortedMap<String, String> options = new TreeMap<>();
        options.put(ID_OPTION, id);
        return options;
    }

    /** Returns the stream as a Dataset of {@code session}. */
    public Dataset<Row> toDataset(TidemarkSession session) {
        return session.readStream().format("memory").options(options()).load();
    }

    /** Returns a row of this stream's schema. */
    public Row row(@Nullable Object... values) {
        return Row.of(schema, Arrays.asList(values));
    }

    /** Adds rows and returns the offset of the step they make. */
    public long add(Row... rows) {
        return add(List.of(rows));
    }

    /**
     * Adds rows and returns the offset of the step they make.
     *
     * @throws IllegalArgumentException if a value does not fit its column; nothing is added then
     */
    public long add(List<Row> rows) {
        ColumnBatch block = columns(rows);
        synchronized (this) {
            blocks.add(block);
            return blocks.size() - 1;
        }
    }

    /** Returns the offset of the newest step, -1 if nothing was added. */
    public synchronized long newestOffset() {
        return blocks.size() - 1L;
    }

    synchronized ColumnBatch block(long offset) {
        return blocks.get(Math.toIntExact(offset));
    }

    /** Forgets the stream: no query can open it any more. */
    @Override
    public void close() {
        MemoryRegistry.OF_THIS_JVM.remove(this);
    }

    private ColumnBatch columns(List<Row> rows) {
        List<VectorBuilder> builders = schema.fields().stream()
                .map(field -> VectorBuilder.of(field.dataType(), rows.size()))
                .toList();
        for (Row row : rows) {
            if (row.size() != schema.size()) {
                throw new IllegalArgumentException("row " + row + " does not fit " + schema.toDdl());
            }
            for (int i = 0; i < builders.size(); i++) {
                append(builders.get(i), i, row.get(i));
            }
        }
        return new ColumnBatch(
                schema, builders.stream().map(VectorBuilder::build).toList(), rows.size());
    }

    private void append(VectorBuilder builder, int column, @Nullable Object value) {
        if (value == null && !schema.field(column).nullable()) {
            throw new IllegalArgumentException("column " + schema.field(column).toDdl() + " takes no null");
        }
        try {
            builder.append(value);
        } catch (ClassCastException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "value " + value + " does not fit column "
                            + schema.field(column).toDdl(),
                    e);
        }
    }
}
