package io.tidemark.state.codec;

import static io.tidemark.state.codec.UnsafeLayout.arrayHeaderBytes;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;

/** What holds of every row, as Spark's validation of state rows demands it, and the refusals. */
final class RowRules {
    private RowRules() {}

    /** A null has a zero word; one of more than 18 digits may say where it would stand. */
    static void checkNull(DataType type, long word, int fixed, int rowBytes) {
        int offset = (int) (word >>> 32);
        boolean reserved = UnsafeLayout.isWideDecimal(type) && (int) word == 0 && offset >= fixed && offset <= rowBytes;
        if (word != 0 && !reserved) {
            throw new MalformedRowException("a null " + type.simpleString() + " has a value");
        }
    }

    /** A value of a fixed type sets no bits that its type has not. */
    static void checkBits(DataType type, long word) {
        if ((word & ~allowedBits(type)) != 0) {
            throw new MalformedRowException("a " + type.simpleString() + " has bits that the type has not");
        }
    }

    private static long allowedBits(DataType type) {
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case BOOLEAN -> 1;
                case TINYINT -> 0xff;
                case SMALLINT -> 0xffff;
                case INT, FLOAT, DATE -> 0xffff_ffffL;
                default -> -1;
            };
        }
        return -1;
    }

    static long or(long[] words) {
        long all = 0;
        for (long word : words) {
            all |= word;
        }
        return all;
    }

    /** A variable value lies in its owner, behind the first {@code fixed} bytes. */
    static void checkReference(long word, int fixed, int ownerBytes) {
        int size = (int) word;
        int offset = (int) (word >>> 32);
        if (size < 0 || offset < fixed || (long) offset + size > ownerBytes) {
            throw new MalformedRowException(
                    "a value of " + size + " bytes at " + offset + " lies outside of its " + ownerBytes + " bytes");
        }
    }

    /** Reads the unscaled value of a decimal of more than 18 digits. */
    static BigInteger wideDecimal(DecimalType type, byte[] data, int at, int bytes) {
        if (bytes < 1 || bytes > UnsafeLayout.WIDE_DECIMAL_BYTES) {
            throw new MalformedRowException("a decimal of " + bytes + " bytes");
        }
        BigInteger unscaled = new BigInteger(data, at, bytes);
        if (unscaled.bitLength() > 63 && new BigDecimal(unscaled).precision() > type.precision()) {
            throw new MalformedRowException(unscaled + " has too many digits for " + type.simpleString());
        }
        return unscaled;
    }

    /** Returns how many elements an array has; all their slots lie in it. */
    static int elementCount(byte[] data, int at, int bytes, int width) {
        long n = bytes < 8 ? -1 : UnsafeLayout.getLong(data, at);
        if (n < 0 || n > bytes || arrayHeaderBytes((int) n) + n * width > bytes) {
            throw new MalformedRowException("an array of " + n + " elements in " + bytes + " bytes");
        }
        return (int) n;
    }

    /** Returns the bytes of a map's array of keys, which begins 8 bytes behind the map and lies in it. */
    static int keyBytes(byte[] data, int at, int bytes) {
        long keys = bytes < 8 ? -1 : UnsafeLayout.getLong(data, at);
        if (keys < 0 || keys > bytes - 8) {
            throw new MalformedRowException("a map of " + bytes + " bytes has keys of " + keys);
        }
        return (int) keys;
    }

    static MalformedRowException notARow(int bytes, StructType schema) {
        return new MalformedRowException(
                bytes + " bytes cannot be a row of " + schema.size() + " fields: " + schema.simpleString());
    }

    static MalformedRowException overlapping(StructType schema) {
        return new MalformedRowException("the fields of a row overlap: " + schema.simpleString());
    }

    static MalformedRowException unevenMap() {
        return new MalformedRowException("a map has not as many values as keys");
    }

    /** Returns what stands in an array's slot, without sign. */
    static long slot(byte[] data, int width, int at) {
        return switch (width) {
            case 1 -> data[at] & 0xff;
            case 2 -> (data[at] & 0xff) | (data[at + 1] & 0xff) << 8;
            case 4 -> UnsafeLayout.getInt(data, at) & 0xffff_ffffL;
            default -> UnsafeLayout.getLong(data, at);
        };
    }
}
