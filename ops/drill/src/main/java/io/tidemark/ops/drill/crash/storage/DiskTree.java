package io.tidemark.ops.drill.crash.storage;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files and directories as a POSIX file system keeps them: content belongs to a numbered node, names to the directory
 * that lists them. Each knows what of it is synced, so that it can be said what a power loss leaves.
 *
 * <p>Not safe for use by several threads.
 */
final class DiskTree {
    static final int ROOT = 0;
    private static final int NONE = -1;
    private static final int ENUMERATED = 10; // pending changes of which every subset has a seed

    private final Map<Integer, FileNode> files = new HashMap<>();
    private final SortedMap<Integer, DirectoryNode> directories = new TreeMap<>();
    private final List<Moved> moved = new ArrayList<>(); // whose new name is not synced
    private int next = ROOT + 1;

    DiskTree() {
        directories.put(ROOT, new DirectoryNode());
    }

    DiskTree copy() {
        DiskTree copy = new DiskTree();
        files.forEach((node, file) -> copy.files.put(node, new FileNode(file.written, file.synced)));
        directories.forEach((node, directory) -> copy.directories.put(node, directory.copy()));
        copy.moved.addAll(moved);
        copy.next = next;
        return copy;
    }

    /** Returns the number of the next new node. */
    int next() {
        return next;
    }

    /** Returns the node that a directory has under {@code name}, or -1. */
    int child(int directory, String name) {
        DirectoryNode node = directories.get(directory);
        return node == null ? NONE : node.names.getOrDefault(name, NONE);
    }

    boolean isDirectory(int node) {
        return directories.containsKey(node);
    }

    /** Returns the names in a directory and what they stand for. */
    SortedMap<String, Integer> children(int directory) {
        return directory(directory).names;
    }

    Content content(int file) {
        return file(file).written;
    }

    void createFile(int directory, String name, int node) {
        next = Math.max(next, node + 1);
        files.put(node, new FileNode(Content.EMPTY, Content.EMPTY));
        directory(directory).put(name, node);
    }

    void createDirectory(int directory, String name, int node) {
        next = Math.max(next, node + 1);
        directories.put(node, new DirectoryNode());
        directory(directory).put(name, node);
    }

    void write(int file, Content content) {
        file(file).written = content;
    }

    void sync(int file) {
        FileNode node = file(file);
        node.synced = node.written;
    }

    void link(int directory, String name, int node) {
        directory(directory).put(name, node);
    }

    void unlink(int directory, String name) {
        directory(directory).put(name, NONE);
    }

    void rename(int from, String name, int to, String target) {
        int node = child(from, name);
        directory(to).put(target, node);
        directory(from).put(name, NONE);
        moved.add(new Moved(from, name, to, target, node));
    }

    void syncDirectory(int directory) {
        directory(directory).unsynced.clear();
        moved.removeIf(rename -> rename.to == directory);
    }

    private FileNode file(int node) {
        FileNode file = files.get(node);
        if (file == null) {
            throw new IllegalStateException("no file " + node);
        }
        return file;
    }

    private DirectoryNode directory(int node) {
        DirectoryNode directory = directories.get(node);
        if (directory == null) {
            throw new IllegalStateException("no directory " + node);
        }
        return directory;
    }

    /** Returns what another process finds: everything. */
    DiskTree withoutProcess() {
        return surviving(new Survival() {
            @Override
            public int name(List<Integer> history) {
                return history.size() - 1;
            }

            @Override
            public Content content(FileNode file) {
                return file.written;
            }
        });
    }

    /** Returns what a power loss leaves at least: synced bytes under synced names. */
    DiskTree synced() {
        return surviving(new Survival() {
            @Override
            public int name(List<Integer> history) {
                return 0;
            }

            @Override
            public Content content(FileNode file) {
                return file.synced;
            }
        });
    }

    /**
     * Returns one of the trees that a power loss may leave.
     *
     * @param seed from 0 until {@link #subsets} it is the set of what survives, one bit for each change; anything else
     *     draws
     */
    DiskTree someOfUnsynced(long seed) {
        int pending = pending();
        return surviving(
                pending <= ENUMERATED && seed >= 0 && seed < 1L << pending ? new Subset(seed) : new Drawn(seed));
    }

    /** Returns how many trees a power loss may leave, or 1,024 if they are more than that. */
    int subsets() {
        return 1 << Math.min(pending(), ENUMERATED);
    }

    private int pending() {
        int pending = 0;
        for (DirectoryNode directory : directories.values()) {
            for (List<Integer> history : directory.unsynced.values()) {
                pending += differs(history) ? 1 : 0;
            }
        }
        for (FileNode file : files.values()) {
            pending += file.written == file.synced ? 0 : 2;
        }
        return pending;
    }

    private static boolean differs(List<Integer> history) {
        return !history.get(0).equals(history.get(history.size() - 1));
    }

    private DiskTree surviving(Survival survival) {
        Map<Integer, SortedMap<String, Integer>> names = new TreeMap<>();
        directories.forEach((node, directory) -> {
            SortedMap<String, Integer> left = new TreeMap<>(directory.names);
            directory.unsynced.forEach((name, history) -> {
                int chosen = history.get(survival.name(history));
                if (chosen == NONE) {
                    left.remove(name);
                } else {
                    left.put(name, chosen);
                }
            });
            names.put(node, left);
        });
        for (Moved rename : moved) { // no file system forgets the new name and not the old one
            SortedMap<String, Integer> to = names.get(rename.to);
            SortedMap<String, Integer> from = names.get(rename.from);
            if (to != null && from != null && !Integer.valueOf(rename.node).equals(to.get(rename.target))) {
                boolean known = names.values().stream().anyMatch(map -> map.containsValue(rename.node));
                if (!known && wasSynced(rename)) {
                    from.putIfAbsent(rename.name, rename.node);
                }
            }
        }
        DiskTree left = new DiskTree();
        left.next = next;
        left.keep(ROOT, this, names, survival);
        return left;
    }

    /** Returns whether the old name of a rename had been synced, so that only the rename could take it away. */
    private boolean wasSynced(Moved rename) {
        DirectoryNode directory = directories.get(rename.from);
        List<Integer> history = directory == null ? null : directory.unsynced.get(rename.name);
        return history == null || history.get(0) == rename.node;
    }

    private void keep(int node, DiskTree before, Map<Integer, SortedMap<String, Integer>> names, Survival survival) {
        DirectoryNode kept = new DirectoryNode();
        directories.put(node, kept);
        names.getOrDefault(node, new TreeMap<>()).forEach((name, child) -> {
            FileNode file = before.files.get(child);
            if (file == null) {
                kept.names.put(name, child);
                keep(child, before, names, survival);
            } else {
                kept.names.put(name, child);
                files.computeIfAbsent(child, ignored -> {
                    Content content = survival.content(file);
                    return new FileNode(content, content);
                });
            }
        });
    }

    /** Returns a digest of all names and contents. */
    String digest() {
        java.security.MessageDigest sha = Content.sha256();
        digest(ROOT, "", sha);
        return java.util.HexFormat.of().formatHex(sha.digest());
    }

    private void digest(int directory, String path, java.security.MessageDigest sha) {
        children(directory).forEach((name, node) -> {
            String line = path + "/" + name + "\0"
                    + (isDirectory(node) ? "/" : content(node).digest()) + "\n";
            sha.update(line.getBytes(StandardCharsets.UTF_8));
            if (isDirectory(node)) {
                digest(node, path + "/" + name, sha);
            }
        });
    }

    private static final class FileNode {
        Content written;
        Content synced;

        FileNode(Content written, Content synced) {
            this.written = written;
            this.synced = synced;
        }
    }

    private static final class DirectoryNode {
        final SortedMap<String, Integer> names = new TreeMap<>();

        /** Of each name that changed since the last sync: what it stood for then, and each change. */
        final Map<String, List<Integer>> unsynced = new LinkedHashMap<>();

        DirectoryNode copy() {
            DirectoryNode copy = new DirectoryNode();
            copy.names.putAll(names);
            unsynced.forEach((name, history) -> copy.unsynced.put(name, new ArrayList<>(history)));
            return copy;
        }

        void put(String name, int node) {
            @Nullable Integer before = node == NONE ? names.remove(name) : names.put(name, node);
            unsynced.computeIfAbsent(
                            name, ignored -> new ArrayList<>(List.of(before == null ? Integer.valueOf(NONE) : before)))
                    .add(node);
        }
    }

    private record Moved(int from, String name, int to, String target, int node) {}

    /** What of the unsynced stays. */
    private interface Survival {
        /** Returns which of the things stays that a name stood for since it was synced; the first is the synced one. */
        int name(List<Integer> history);

        Content content(FileNode file);
    }

    /** Keeps what the bits of a number say, one for a name and two for the bytes of a file. */
    private static final class Subset implements Survival {
        private long bits;

        Subset(long bits) {
            this.bits = bits;
        }

        private boolean next() {
            boolean bit = (bits & 1) == 1;
            bits >>= 1;
            return bit;
        }

        @Override
        public int name(List<Integer> history) {
            return differs(history) && next() ? history.size() - 1 : 0;
        }

        @Override
        public Content content(FileNode file) {
            return file.written == file.synced ? file.synced : mixed(file, next(), next());
        }
    }

    /** Draws what stays, also names that were given and taken again between two syncs. */
    private static final class Drawn implements Survival {
        private final Random random;

        Drawn(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public int name(List<Integer> history) {
            return random.nextInt(history.size());
        }

        @Override
        public Content content(FileNode file) {
            return file.written == file.synced ? file.synced : mixed(file, random.nextBoolean(), random.nextBoolean());
        }
    }

    private static Content mixed(FileNode file, boolean length, boolean bytes) {
        int synced = file.synced.length();
        int written = file.written.length();
        if (length && bytes) {
            return file.written;
        }
        if (length) {
            return file.synced.withZeros(written);
        }
        return bytes
                ? file.written.prefix(Math.min(written, (synced + written) / 2))
                : file.synced; // it may have shrunk
    }
}
