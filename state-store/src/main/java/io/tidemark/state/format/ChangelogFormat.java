package io.tidemark.state.format;

/** The four layouts of a changelog; which one is used follows from the store, and the file says which it is. */
public enum ChangelogFormat {
    /** Keys and values alone. */
    V1(false, false),
    /** Typed records, for stores with column families. */
    V2(true, false),
    /** As {@link #V1}, with the lineage of a checkpoint in format 2. */
    V3(false, true),
    /** As {@link #V2}, with the lineage. */
    V4(true, true);

    private final boolean typed;
    private final boolean lineage;

    ChangelogFormat(boolean typed, boolean lineage) {
        this.typed = typed;
        this.lineage = lineage;
    }

    /** Returns the layout for a kind of store. */
    public static ChangelogFormat of(boolean columnFamilies, boolean uniqueIds) {
        return columnFamilies ? uniqueIds ? V4 : V2 : uniqueIds ? V3 : V1;
    }

    public int number() {
        return ordinal() + 1;
    }

    /** Returns whether each record says what it does. */
    public boolean typed() {
        return typed;
    }

    /** Returns whether the file says which versions it stands on. */
    public boolean hasLineage() {
        return lineage;
    }
}
