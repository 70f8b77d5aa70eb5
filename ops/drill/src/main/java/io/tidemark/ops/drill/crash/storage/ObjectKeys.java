package io.tidemark.ops.drill.crash.storage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a bucket holds: objects under keys. A directory is a key that others begin with, or an empty object whose key ends
 * in a slash. Not safe for use by several threads.
 */
final class ObjectKeys {
    private final TreeMap<String, StoredObject> objects = new TreeMap<>();

    ObjectKeys copy() {
        ObjectKeys copy = new ObjectKeys();
        copy.objects.putAll(objects);
        return copy;
    }

    @Nullable
    StoredObject get(String key) {
        return objects.get(key);
    }

    void put(String key, StoredObject object) {
        objects.put(key, object);
    }

    void remove(String key) {
        objects.remove(key);
    }

    /** Returns the objects whose keys begin with {@code key/}. */
    SortedMap<String, StoredObject> below(String key) {
        return objects.subMap(key + "/", key + "0"); // 0 follows /
    }

    String digest() {
        MessageDigest sha = Content.sha256();
        objects.forEach((key, object) ->
                sha.update((key + "\0" + object.content().digest() + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(sha.digest());
    }

    /**
     * An object.
     *
     * @param attempt the value of its header that names the attempt, or empty
     */
    record StoredObject(Content content, String attempt) {
        static final StoredObject MARKER = new StoredObject(Content.EMPTY, "");
    }
}
