package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The distinct keys of a {@link GroupTable}, by group. A key is a row of cells: words of null bits, then a cell for each
 * field of fixed width and each string, which says {@code start << 32 | bytes}; so a key that is compared is one place in
 * memory, or two. Batches are compared and appended field by field. One thread.
 */
final class KeyRows {
    private final List<KeyField> columns = new ArrayList<>();
    private final List<KeyField> fields = new ArrayList<>();
    private final int nullWords;
    private final int stride;
    private long[] cells = {};
    private byte[] data = {};
    private int used;
    private int count;

    KeyRows(StructType schema) {
        KeyField.Places places = new KeyField.Places();
        schema.fields().forEach(f -> columns.add(new KeyField(f.dataType(), places)));
        columns.forEach(this::flatten);
        nullWords = (places.bits + 63) >> 6;
        stride = nullWords + places.cells;
    }

    private void flatten(KeyField field) {
        fields.add(field);
        field.children.forEach(this::flatten);
    }

    /** Takes the columns of a batch, which {@link #append} and {@link #compare} are about until the next. */
    void read(List<? extends ColumnVector> keys, Selection rows) {
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).read(keys.get(i), rows, null);
        }
    }

    /** Appends the keys at the first {@code more} of {@code rows}. */
    void append(int[] rows, int more) {
        if ((long) (count + more) * stride > cells.length) {
            long wanted = Math.max((long) (count + more) * stride, cells.length + (long) (cells.length >> 1));
            if ((long) (count + more) * stride > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("too many keys in one task: " + count);
            }
            cells = Arrays.copyOf(cells, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
        for (KeyField field : fields) {
            if (field.validity != null || field.form == KeyField.Form.NOTHING) {
                appendNulls(field, rows, more);
            }
            switch (field.form) {
                case WORD -> appendWords(field, rows, more);
                case BYTES, ENCODED -> appendBytes(field, rows, more);
                default -> {}
            }
        }
        count += more;
    }

    private void appendNulls(KeyField field, int[] rows, int more) {
        int word = count * stride + (field.bit >> 6);
        for (int i = 0; i < more; i++, word += stride) {
            if (!Validity.isValid(field.validity, rows[i])) {
                cells[word] |= 1L << field.bit;
                field.hasNulls = true;
            }
        }
    }

    private void appendWords(KeyField field, int[] rows, int more) {
        long[] words = field.words;
        long[] validity = field.validity;
        int cell = count * stride + nullWords + field.cell;
        for (int i = 0; i < more; i++, cell += stride) {
            if (Validity.isValid(validity, rows[i])) {
                cells[cell] = words[rows[i]];
            }
        }
    }

    private void appendBytes(KeyField field, int[] rows, int more) {
        BytesVector bytes = field.bytes();
        long[] validity = field.validity;
        int cell = count * stride + nullWords + field.cell;
        for (int i = 0; i < more; i++, cell += stride) {
            if (Validity.isValid(validity, rows[i])) {
                int length = bytes.lengths()[rows[i]];
                reserve(length);
                System.arraycopy(bytes.data(), bytes.starts()[rows[i]], data, used, length);
                cells[cell] = (long) used << 32 | length;
                used += length;
            }
        }
    }

    private void reserve(int bytes) {
        if (bytes > data.length - used) {
            long wanted = Math.max((long) used + bytes, 256 + data.length + (long) (data.length >> 1));
            if ((long) used + bytes > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("the keys of one task exceed 2 GiB");
            }
            data = Arrays.copyOf(data, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }

    /** Sets {@code different[i]} where the key at {@code rows[i]} is not that of the row's group. */
    void compare(int[] rows, int n, int[] groups, boolean[] different) {
        for (KeyField field : fields) {
            if (field.validity != null || field.hasNulls) {
                compareNulls(field, rows, n, groups, different);
            }
            switch (field.form) {
                case WORD -> compareWords(field, rows, n, groups, different);
                case BYTES, ENCODED -> compareBytes(field, rows, n, groups, different);
                default -> {}
            }
        }
    }

    private void compareNulls(KeyField field, int[] rows, int n, int[] groups, boolean[] different) {
        int word = field.bit >> 6;
        for (int i = 0; i < n; i++) {
            int row = rows[i];
            boolean isNull = (cells[groups[row] * stride + word] >>> field.bit & 1) != 0;
            different[i] |= Validity.isValid(field.validity, row) == isNull;
        }
    }

    private void compareWords(KeyField field, int[] rows, int n, int[] groups, boolean[] different) {
        long[] words = field.words;
        long[] validity = field.validity;
        long[] kept = cells;
        int cell = nullWords + field.cell;
        if (validity == null) {
            for (int i = 0; i < n; i++) {
                int row = rows[i];
                different[i] |= words[row] != kept[groups[row] * stride + cell];
            }
            return;
        }
        for (int i = 0; i < n; i++) {
            int row = rows[i];
            different[i] |= Validity.isValid(validity, row) && words[row] != kept[groups[row] * stride + cell];
        }
    }

    private void compareBytes(KeyField field, int[] rows, int n, int[] groups, boolean[] different) {
        BytesVector bytes = field.bytes();
        byte[] from = bytes.data();
        int[] starts = bytes.starts();
        int[] lengths = bytes.lengths();
        long[] validity = field.validity;
        int cell = nullWords + field.cell;
        for (int i = 0; i < n; i++) {
            int row = rows[i];
            if (Validity.isValid(validity, row)) {
                long kept = cells[groups[row] * stride + cell];
                int length = lengths[row];
                int a = starts[row];
                int b = (int) (kept >>> 32);
                different[i] |= length != (int) kept || !Arrays.equals(from, a, a + length, data, b, b + length);
            }
        }
    }

    /** Returns the keys as columns. Strings share this table's bytes, which never change once written. */
    List<ColumnVector> vectors() {
        return columns.stream().map(this::vector).toList();
    }

    private ColumnVector vector(KeyField field) {
        long[] nulls = field.hasNulls ? validity(field) : null;
        if (field.cell < 0) {
            return field.vector(
                    count, nulls, field.children.stream().map(this::vector).toList());
        }
        long[] kept = new long[count];
        int cell = nullWords + field.cell;
        for (int i = 0; i < count; i++, cell += stride) {
            kept[i] = cells[cell];
        }
        return field.vector(kept, nulls, data);
    }

    private long @Nullable [] validity(KeyField field) {
        long[] valid = Validity.allOf(count);
        int word = field.bit >> 6;
        for (int i = 0; i < count; i++, word += stride) {
            if ((cells[word] >>> field.bit & 1) != 0) {
                Validity.clear(valid, i);
            }
        }
        return valid;
    }

    long memoryBytes() {
        return 8L * cells.length + data.length;
    }
}
