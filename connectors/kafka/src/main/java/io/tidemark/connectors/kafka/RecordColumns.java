package io.tidemark.connectors.kafka;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVectorBuilder;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.StructVectorBuilder;
import io.tidemark.api.vector.VectorBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Gathers records of one partition into the required columns, each byte copied once. One thread. */
final class RecordColumns {
    private static final long MAX_MILLIS = Long.MAX_VALUE / 1000;

    private final StructType schema;
    private final TopicPartition partition;
    private final int capacity;
    private final boolean handsOutOffsets;
    private final boolean wantsTimestamp;
    private final boolean wantsTimestampType;
    private final @Nullable ByteColumn keys;
    private final @Nullable ByteColumn values;
    private final int @Nullable [] partitionNumbers;
    private final int @Nullable [] topicLengths;
    private final int[] topicStarts;
    private final byte[] topicBytes;
    private final @Nullable StructField headersField;

    private long[] offsets = {};
    private long[] finishedOffsets = {};
    private long[] timestamps = {};
    private int[] timestampTypes = {};
    private @Nullable ArrayVectorBuilder headers;
    private int count;
    private long bytes;

    /** @param capacity how many rows a batch has at most */
    RecordColumns(StructType schema, TopicPartition partition, int capacity) {
        this.schema = schema;
        this.partition = partition;
        this.capacity = capacity;
        handsOutOffsets = schema.indexOf("offset").isPresent();
        wantsTimestamp = schema.indexOf("timestamp").isPresent();
        wantsTimestampType = schema.indexOf("timestampType").isPresent();
        keys = schema.indexOf("key").isPresent() ? new ByteColumn(capacity) : null;
        values = schema.indexOf("value").isPresent() ? new ByteColumn(capacity) : null;
        headersField = schema.fields().stream()
                .filter(f -> f.name().equals("headers"))
                .findFirst()
                .orElse(null);
        // Columns of one value are made once and shared by all batches of the reader.
        topicBytes = partition.topic().getBytes(StandardCharsets.UTF_8);
        boolean wantsTopic = schema.indexOf("topic").isPresent();
        topicStarts = new int[wantsTopic ? capacity : 0];
        topicLengths = wantsTopic ? filled(topicBytes.length) : null;
        partitionNumbers = schema.indexOf("partition").isPresent() ? filled(partition.partition()) : null;
        begin();
    }

    private int[] filled(int value) {
        int[] array = new int[capacity];
        Arrays.fill(array, value);
        return array;
    }

    private void begin() {
        count = 0;
        bytes = 0;
        if (handsOutOffsets || offsets.length == 0) {
            offsets = new long[capacity];
        }
        timestamps = wantsTimestamp ? new long[capacity] : timestamps;
        timestampTypes = wantsTimestampType ? new int[capacity] : timestampTypes;
        headers =
                headersField == null ? null : (ArrayVectorBuilder) VectorBuilder.of(headersField.dataType(), capacity);
    }

    int count() {
        return count;
    }

    /** Returns how many bytes of keys and values were gathered, required or not. */
    long bytes() {
        return bytes;
    }

    void append(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        int row = count++;
        ByteBuffer key = record.key();
        ByteBuffer value = record.value();
        bytes += (key == null ? 0 : key.remaining()) + (value == null ? 0 : value.remaining());
        if (values != null) {
            values.append(row, value);
        }
        if (keys != null) {
            keys.append(row, key);
        }
        offsets[row] = record.offset();
        if (wantsTimestamp) {
            timestamps[row] = micros(record);
        }
        if (wantsTimestampType) {
            timestampTypes[row] = code(record.timestampType());
        }
        if (headers != null) {
            appendHeaders(headers, record);
        }
    }

    private long micros(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        long millis = record.timestamp();
        if (millis > MAX_MILLIS || millis < -MAX_MILLIS) {
            throw new TidemarkException(
                    ErrorCode.MALFORMED_RECORD,
                    "The record " + partition + " offset " + record.offset() + " has the timestamp " + millis
                            + " ms, which does not fit a TIMESTAMP. Leave the column 'timestamp' out of the query, or"
                            + " correct the producer.");
        }
        return millis * 1000;
    }

    private static int code(TimestampType type) {
        return switch (type) {
            case NO_TIMESTAMP_TYPE -> -1;
            case CREATE_TIME -> 0;
            case LOG_APPEND_TIME -> 1;
        };
    }

    private static void appendHeaders(ArrayVectorBuilder array, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        Header[] all = record.headers().toArray();
        if (all.length == 0) {
            array.appendNull();
            return;
        }
        StructVectorBuilder element = (StructVectorBuilder) array.elements();
        for (Header header : all) {
            element.child(0).append(header.key());
            element.child(1).append(header.value());
            element.endRow();
        }
        array.endRow();
    }

    /** Returns the rows gathered so far and starts anew. */
    ColumnBatch finish() {
        List<ColumnVector> columns = new ArrayList<>(schema.size());
        for (StructField field : schema.fields()) {
            columns.add(column(field));
        }
        ColumnBatch batch = new ColumnBatch(schema, columns, count);
        finishedOffsets = offsets;
        begin();
        return batch;
    }

    /** Returns the offset of a row of the batch that {@link #finish} returned last; until the next record is gathered. */
    long offset(int row) {
        return finishedOffsets[row];
    }

    private ColumnVector column(StructField field) {
        return switch (field.name()) {
            case "key" -> requireNonNull(keys).finish(count);
            case "value" -> requireNonNull(values).finish(count);
            case "topic" ->
                new BytesVector(AtomicType.STRING, count, topicBytes, topicStarts, requireNonNull(topicLengths), null);
            case "partition" -> new IntVector(AtomicType.INT, count, requireNonNull(partitionNumbers), null);
            case "offset" -> new LongVector(AtomicType.BIGINT, count, offsets, null);
            case "timestamp" -> new LongVector(AtomicType.TIMESTAMP, count, timestamps, null);
            case "timestampType" -> new IntVector(AtomicType.INT, count, timestampTypes, null);
            case "headers" -> requireNonNull(headers).build();
            default -> throw new IllegalArgumentException("a Kafka source has no column " + field.name());
        };
    }
}
