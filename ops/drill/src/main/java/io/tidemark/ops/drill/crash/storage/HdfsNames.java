package io.tidemark.ops.drill.crash.storage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a name node and its data nodes hold. A change of names is in the edit log before it is answered; bytes are at the
 * data nodes when they were synced. Not safe for use by several threads.
 */
final class HdfsNames {
    static final String ROOT = "/";

    private final TreeMap<String, Node> nodes = new TreeMap<>();

    HdfsNames() {
        nodes.put(ROOT, Node.DIRECTORY);
    }

    HdfsNames copy() {
        HdfsNames copy = new HdfsNames();
        copy.nodes.putAll(nodes);
        return copy;
    }

    @Nullable
    Node get(String path) {
        return nodes.get(path);
    }

    void put(String path, Node node) {
        nodes.put(path, node);
    }

    /** Makes a directory and those above it. */
    void makeDirectories(String path) {
        for (String at = path; !at.equals(ROOT); at = parent(at)) {
            nodes.putIfAbsent(at, Node.DIRECTORY);
        }
    }

    void remove(String path) {
        nodes.remove(path);
        below(path).clear();
    }

    void rename(String from, String to) {
        remove(to);
        TreeMap<String, Node> moved = new TreeMap<>(below(from));
        Node node = nodes.get(from);
        remove(from);
        if (node == null) {
            throw new IllegalStateException("nothing stands at " + from);
        }
        nodes.put(to, node);
        moved.forEach((path, child) -> nodes.put(to + path.substring(from.length()), child));
    }

    private SortedMap<String, Node> below(String path) {
        return path.equals(ROOT) ? nodes.tailMap("/\0") : nodes.subMap(path + "/", path + "0"); // 0 follows /
    }

    /** Returns the paths directly below a directory. */
    List<String> children(String path) {
        List<String> children = new ArrayList<>();
        for (String below : below(path).keySet()) {
            if (parent(below).equals(path)) {
                children.add(below);
            }
        }
        return children;
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ROOT : path.substring(0, slash);
    }

    /** Returns these names with each file as {@code survival} leaves it. */
    HdfsNames surviving(Survival survival) {
        HdfsNames left = new HdfsNames();
        nodes.forEach((path, node) -> {
            if (node.directory()) {
                left.nodes.put(path, node);
            } else {
                Content content = survival.content(node);
                left.nodes.put(path, new Node(content, content.length(), false));
            }
        });
        return left;
    }

    String digest() {
        MessageDigest sha = Content.sha256();
        nodes.forEach((path, node) -> sha.update(
                (path + "\0" + (node.content() == null ? "/" : node.content().digest()) + "\n")
                        .getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(sha.digest());
    }

    /** Chooses what is left of a file. */
    interface Survival {
        Content content(Node file);
    }

    /**
     * A file, or a directory.
     *
     * @param content all bytes its writer has sent; null for a directory
     * @param synced how many of them the data nodes have on disk
     * @param open whether a writer holds its lease
     */
    record Node(@Nullable Content content, int synced, boolean open) {
        static final Node DIRECTORY = new Node(null, 0, false);
        static final Node NEW_FILE = new Node(Content.EMPTY, 0, true);

        boolean directory() {
            return content == null;
        }

        Content bytes() {
            if (content == null) {
                throw new IllegalStateException("a directory has no bytes");
            }
            return content;
        }

        /** Returns what a reader sees: of an open file what was synced. */
        Content visible() {
            return open ? bytes().prefix(synced) : bytes();
        }
    }
}
