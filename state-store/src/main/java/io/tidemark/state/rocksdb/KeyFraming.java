package io.tidemark.state.rocksdb;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.codec.MalformedRowException;
import io.tidemark.state.codec.RowSlices;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a key's row stands in RocksDB, as Spark frames it:
 *
 * <pre>
 * plain   00 row
 * prefix  length:i32le of the next two | 00 row of the first columns | 00 row of the other columns
 * range   as prefix, the first row being {@link OrderedColumns}
 * </pre>
 *
 * Immutable.
 */
abstract sealed class KeyFraming {
    /** What stands before every row, keys and values alike. */
    static final byte ROW = 0;

    static KeyFraming of(StateStoreSpec spec) {
        KeyEncoding encoding = spec.encoding();
        StructType schema = spec.keySchema();
        if (encoding instanceof KeyEncoding.PrefixScan prefix) {
            return new Split(new RowSlices(schema, prefix.columns()), schema.size(), null);
        } else if (encoding instanceof KeyEncoding.RangeScan range) {
            RowSlices split = new RowSlices(schema, range.ordinals());
            return new Split(split, schema.size(), new OrderedColumns(split.frontSchema()));
        }
        return new Plain();
    }

    /** Returns how many bytes the key of a row of {@code length} bytes takes at most. */
    abstract int bound(int length);

    /** Writes the key of a row to {@code target}, where there is {@link #bound room}; returns its length. */
    abstract int frame(byte[] row, int start, int length, byte[] target, int at);

    /**
     * Returns the row of a framed key.
     *
     * @throws MalformedRowException if it is none
     */
    abstract byte[] unframe(byte[] key);

    /** Returns what the framed keys of all rows begin with whose leading columns are this row. */
    abstract byte[] prefix(byte[] leading);

    static final class Plain extends KeyFraming {
        @Override
        int bound(int length) {
            return length + 1;
        }

        @Override
        int frame(byte[] row, int start, int length, byte[] target, int at) {
            target[at] = ROW;
            System.arraycopy(row, start, target, at + 1, length);
            return length + 1;
        }

        @Override
        byte[] unframe(byte[] key) {
            if (key.length == 0 || key[0] != ROW) {
                throw new MalformedRowException("a key does not begin with 00");
            }
            return Arrays.copyOfRange(key, 1, key.length);
        }

        @Override
        byte[] prefix(byte[] leading) {
            throw new IllegalStateException("the keys of this store have no order to scan in");
        }
    }

    static final class Split extends KeyFraming {
        private static final int HEAD = 5;
        private static final int LARGEST_NULL = 16; // what a wide decimal takes in a part, though the row has none

        private final RowSlices split;
        private final int fields;
        private final @Nullable OrderedColumns order;

        Split(RowSlices split, int fields, @Nullable OrderedColumns order) {
            this.split = split;
            this.fields = fields;
            this.order = order;
        }

        @Override
        int bound(int length) {
            return HEAD + 1 + length + LARGEST_NULL * (fields + 2) + (order == null ? 0 : order.bytes());
        }

        @Override
        int frame(byte[] row, int start, int length, byte[] target, int at) {
            int lead;
            if (order == null) {
                lead = split.cutFront(row, start, length, target, at + HEAD);
            } else {
                byte[] plain = new byte[bound(length)];
                split.cutFront(row, start, length, plain, 0);
                lead = order.encode(plain, 0, target, at + HEAD);
            }
            head(target, at, lead);
            target[at + HEAD + lead] = ROW;
            return HEAD + lead + 1 + split.cutRest(row, start, length, target, at + HEAD + lead + 1);
        }

        private static void head(byte[] target, int at, int lead) {
            int length = lead + 1;
            target[at] = (byte) length;
            target[at + 1] = (byte) (length >>> 8);
            target[at + 2] = (byte) (length >>> 16);
            target[at + 3] = (byte) (length >>> 24);
            target[at + 4] = ROW;
        }

        @Override
        byte[] unframe(byte[] key) {
            int length = key.length < HEAD
                    ? -1
                    : (key[0] & 0xff) | (key[1] & 0xff) << 8 | (key[2] & 0xff) << 16 | key[3] << 24;
            if (length < 1 || length > key.length - HEAD || key[HEAD - 1] != ROW || key[length + 4] != ROW) {
                throw new MalformedRowException("a key of two rows has no sound length in front");
            }
            int rest = length + 5;
            if (order == null) {
                return split.join(key, HEAD, length - 1, key, rest, key.length - rest);
            }
            byte[] lead = order.decode(key, HEAD, length - 1);
            return split.join(lead, 0, lead.length, key, rest, key.length - rest);
        }

        @Override
        byte[] prefix(byte[] leading) {
            byte[] target = new byte[HEAD + (order == null ? leading.length : order.bytes())];
            if (order == null) {
                System.arraycopy(leading, 0, target, HEAD, leading.length);
            } else {
                order.encode(leading, 0, target, HEAD);
            }
            head(target, 0, target.length - HEAD);
            return target;
        }

        /** Returns whether the leading columns sort as numbers. */
        boolean inOrder() {
            return order != null;
        }
    }

    /** Returns the width in bytes of a type that keys can be ordered by; 0 if they cannot. */
    static int orderedWidth(DataType type) {
        if (!(type instanceof AtomicType atomic)) {
            return 0;
        }
        return switch (atomic) {
            case TINYINT -> 1;
            case SMALLINT -> 2;
            case INT, FLOAT -> 4;
            case BIGINT, DOUBLE -> 8;
            default -> 0;
        };
    }
}
