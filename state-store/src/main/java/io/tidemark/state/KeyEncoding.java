package io.tidemark.state;

import java.util.List;

/** How a provider that orders its keys writes them, so that what belongs together stands together. */
public sealed interface KeyEncoding {
    /** The row as it is: no order that means anything. */
    record Plain() implements KeyEncoding {}

    /** The first {@code columns} columns in front: all keys that share them stand together. */
    record PrefixScan(int columns) implements KeyEncoding {
        public PrefixScan {
            if (columns < 1) {
                throw new IllegalArgumentException("a prefix needs a column: " + columns);
            }
        }
    }

    /** The columns at {@code ordinals} in front, in a form that sorts as they do. */
    record RangeScan(List<Integer> ordinals) implements KeyEncoding {
        public RangeScan {
            ordinals = List.copyOf(ordinals);
        }
    }

    /** Returns how many columns stand in front: {@code numColsPrefixKey} in the operator's metadata. */
    default int prefixColumns() {
        return this instanceof PrefixScan prefix
                ? prefix.columns()
                : this instanceof RangeScan range ? range.ordinals().size() : 0;
    }
}
