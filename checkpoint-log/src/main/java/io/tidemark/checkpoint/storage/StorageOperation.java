package io.tidemark.checkpoint.storage;

import java.util.Locale;

/** The operations of {@link io.tidemark.api.storage.Storage} that change something. */
public enum StorageOperation {
    CREATE_EXCLUSIVE("createExclusive"),
    REPLACE("replace"),
    PUBLISH("publish"),
    LINK("link"),
    MOVE("move"),
    DELETE("delete"),
    DELETE_RECURSIVELY("deleteRecursively"),
    MAKE_DIRECTORIES("makeDirectories"),
    LOCK("lock");

    private final String text;

    StorageOperation(String text) {
        this.text = text;
    }

    /** Returns the name as kill points and recordings spell it. */
    public String text() {
        return text;
    }

    /** Returns the operation spelled {@code text}. */
    static StorageOperation parse(String text) {
        for (StorageOperation operation : values()) {
            if (operation.text.toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT))) {
                return operation;
            }
        }
        throw new IllegalArgumentException("no storage operation is called '" + text + "'");
    }
}
