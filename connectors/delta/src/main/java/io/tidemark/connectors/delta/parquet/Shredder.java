package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes nested columns apart into leaves with repetition and definition levels, as Dremel's paper has it: a list of slots
 * is carried down the tree; a slot that meets a null or an empty list stays behind with the level it has reached.
 */
final class Shredder {
    private final List<ColumnChunkEncoder> encoders;

    Shredder(List<ColumnChunkEncoder> encoders) {
        this.encoders = encoders;
    }

    /** Appends the selected rows of {@code column} to the encoders of {@code root}'s leaves. */
    void shred(ParquetSchema.Node root, ColumnVector column, Selection rows) throws IOException {
        if (root.leaf() < 0) {
            int count = rows.count();
            int[] positions = new int[count];
            for (int i = 0; i < count; i++) {
                positions[i] = rows.at(i);
            }
            descend(root, column, new Slots(count, positions, null, new byte[count]));
        } else if (column.validity() == null) {
            encoders.get(root.leaf()).append(column, rows.positions(), rows.count(), null, null, rows.count());
        } else {
            flatWithNulls(root, column, rows);
        }
    }

    private void flatWithNulls(ParquetSchema.Node root, ColumnVector column, Selection rows) throws IOException {
        int count = rows.count();
        int[] positions = new int[count];
        byte[] definition = new byte[count];
        byte there = (byte) root.definition();
        int defined = 0;
        for (int i = 0; i < count; i++) {
            int row = rows.at(i);
            if (!column.isNull(row)) {
                positions[defined++] = row;
                definition[i] = there;
            }
        }
        if (defined < count && !root.optional()) {
            throw new NullInRequiredColumnException(root.logicalPath());
        }
        encoders.get(root.leaf()).append(column, positions, defined, null, defined == count ? null : definition, count);
    }

    /**
     * Slots on their way down.
     *
     * @param positions where each slot stands in the vector at hand, or -1 if it stays behind
     * @param repetition levels, or null while all are 0
     * @param definition the level each slot has reached
     */
    private record Slots(int count, int[] positions, byte @Nullable [] repetition, byte[] definition) {}

    private void descend(ParquetSchema.Node node, ColumnVector vector, Slots above) throws IOException {
        Slots slots = keepNonNull(node, vector, above);
        if (node.leaf() >= 0) {
            appendLeaf(node, vector, slots);
        } else if (node.type() instanceof StructType) {
            for (int i = 0; i < node.children().size(); i++) {
                ColumnVector child =
                        vector instanceof StructVector struct ? struct.child(i) : new NullVector(vector.length());
                descend(node.children().get(i), child, slots);
            }
        } else if (node.type() instanceof ArrayType) {
            if (vector instanceof ArrayVector array) {
                descend(node.children().get(0), array.elements(), expand(slots, array.starts(), array.lengths(), node));
            } else {
                descend(node.children().get(0), vector, slots);
            }
        } else if (node.type() instanceof MapType) {
            if (vector instanceof MapVector map) {
                Slots entries = expand(slots, map.starts(), map.lengths(), node);
                descend(node.children().get(0), map.keys(), entries);
                descend(node.children().get(1), map.entryValues(), entries);
            } else {
                descend(node.children().get(0), vector, slots);
                descend(node.children().get(1), vector, slots);
            }
        }
    }

    private static Slots keepNonNull(ParquetSchema.Node node, ColumnVector vector, Slots above) {
        int count = above.count();
        int[] positions = Arrays.copyOf(above.positions(), count);
        byte[] definition = Arrays.copyOf(above.definition(), count);
        byte there = (byte) node.definition();
        for (int i = 0; i < count; i++) {
            if (positions[i] < 0) {
                continue;
            }
            if (!vector.isNull(positions[i])) {
                definition[i] = there;
            } else if (node.optional()) {
                positions[i] = -1;
            } else {
                throw new NullInRequiredColumnException(node.logicalPath());
            }
        }
        return new Slots(count, positions, above.repetition(), definition);
    }

    private static Slots expand(Slots slots, int[] starts, int[] lengths, ParquetSchema.Node list) {
        int total = 0;
        for (int i = 0; i < slots.count(); i++) {
            int position = slots.positions()[i];
            total += position < 0 ? 1 : Math.max(1, lengths[position]);
        }
        int[] positions = new int[total];
        byte[] repetition = new byte[total];
        byte[] definition = new byte[total];
        byte next = (byte) (list.repetition() + 1);
        byte inside = (byte) (list.definition() + 1);
        int at = 0;
        for (int i = 0; i < slots.count(); i++) {
            int position = slots.positions()[i];
            byte first = slots.repetition() == null ? 0 : slots.repetition()[i];
            int length = position < 0 ? 0 : lengths[position];
            if (length == 0) {
                positions[at] = -1;
                repetition[at] = first;
                definition[at++] = slots.definition()[i];
            }
            for (int k = 0; k < length; k++) {
                positions[at] = starts[position] + k;
                repetition[at] = k == 0 ? first : next;
                definition[at++] = inside;
            }
        }
        return new Slots(total, positions, repetition, definition);
    }

    private void appendLeaf(ParquetSchema.Node node, ColumnVector vector, Slots slots) throws IOException {
        int[] positions = new int[slots.count()];
        int defined = 0;
        for (int i = 0; i < slots.count(); i++) {
            if (slots.positions()[i] >= 0) {
                positions[defined++] = slots.positions()[i];
            }
        }
        encoders.get(node.leaf())
                .append(vector, positions, defined, slots.repetition(), slots.definition(), slots.count());
    }
}
