package io.tidemark.connectors.delta;

import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import java.util.Optional;

/**
 * The range of each whole-number and time column of a batch's keys, so that files which lie outside need not be read. A
 * null among a column's keys leaves that column without a range.
 */
final class KeyBounds {
    private final StructType keys;
    private final long[] min;
    private final long[] max;
    private final boolean[] open;

    KeyBounds(StructType keys) {
        this.keys = keys;
        this.min = new long[keys.size()];
        this.max = new long[keys.size()];
        this.open = new boolean[keys.size()];
        for (int i = 0; i < keys.size(); i++) {
            min[i] = Long.MAX_VALUE;
            max[i] = Long.MIN_VALUE;
            open[i] = !isBounded(keys.field(i).dataType());
        }
    }

    private static boolean isBounded(DataType type) {
        return type == AtomicType.INT
                || type == AtomicType.BIGINT
                || type == AtomicType.DATE
                || type == AtomicType.TIMESTAMP;
    }

    /** Takes in the value of key column {@code key}. */
    void add(int key, ColumnVector column, int row) {
        if (open[key]) {
            return;
        } else if (column.isNull(row)) {
            open[key] = true;
            return;
        }
        long value = column instanceof IntVector ints ? ints.values()[row] : ((LongVector) column).values()[row];
        min[key] = Math.min(min[key], value);
        max[key] = Math.max(max[key], value);
    }

    /** Returns what every row with one of the keys fulfils; empty if nothing is known. */
    Optional<Predicate> predicate() {
        Predicate all = null;
        for (int i = 0; i < keys.size(); i++) {
            if (!open[i] && min[i] <= max[i]) {
                Column column = new Column(keys.field(i).name());
                DataType type = keys.field(i).dataType();
                Predicate range = new And(
                        new Predicate(">=", column, literal(type, min[i])),
                        new Predicate("<=", column, literal(type, max[i])));
                all = all == null ? range : new And(all, range);
            }
        }
        return Optional.ofNullable(all);
    }

    private static Literal literal(DataType type, long value) {
        return switch ((AtomicType) type) {
            case INT -> Literal.ofInt((int) value);
            case DATE -> Literal.ofDate((int) value);
            case TIMESTAMP -> Literal.ofTimestamp(value);
            default -> Literal.ofLong(value);
        };
    }
}
