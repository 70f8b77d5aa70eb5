package io.tidemark.state.format;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A snapshot: a plain ZIP of the files of a RocksDB checkpoint but its SST files, and {@link SnapshotMetadata}, which
 * says where those stand.
 *
 * @param files name to content, without {@link SnapshotMetadata#ENTRY}; names have no folder
 */
public record SnapshotArchive(SnapshotMetadata metadata, SortedMap<String, byte[]> files) {
    private static final Pattern TABLE_OR_LOG = Pattern.compile("[0-9]{6,20}[-A-Za-z0-9]*\\.(sst|log)");
    private static final Pattern ENTRY =
            Pattern.compile("metadata|CURRENT|IDENTITY|(MANIFEST|OPTIONS)-[0-9]{6,20}|" + TABLE_OR_LOG.pattern());

    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    public SnapshotArchive {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /**
     * Writes the archive; {@code out} stays open. Equal archives give equal bytes.
     *
     * @throws IllegalArgumentException for an empty file that is not a log: Spark takes it for one that was lost
     */
    public void write(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getValue().length == 0 && !file.getKey().endsWith(".log")) {
                throw new IllegalArgumentException("empty file in a snapshot: " + file.getKey());
            }
            add(zip, file.getKey(), file.getValue());
        }
        add(zip, SnapshotMetadata.ENTRY, metadata.encode());
        zip.finish();
        zip.flush();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /**
     * Returns what an archive holds.
     *
     * @param file its name, for errors
     * @throws StateFileException if it is not whole, names a file outside its folder, or would unpack to more than it can
     */
    public static SnapshotArchive read(String file, byte[] content) {
        SortedMap<String, byte[]> files = new ZipReader(file, content).read();
        byte[] metadata = files.remove(SnapshotMetadata.ENTRY);
        if (metadata == null) {
            throw StateFileException.corrupt(file, "it has no entry 'metadata'");
        }
        return new SnapshotArchive(SnapshotMetadata.decode(file, metadata), files);
    }

    /** Returns whether a file of a RocksDB checkpoint can have this name; one with a folder in it never does. */
    static boolean isEntryName(String name) {
        return ENTRY.matcher(name).matches();
    }

    /** Returns whether a table or a log of RocksDB can have this name, here or beside the archives. */
    static boolean isTableOrLog(String name) {
        return TABLE_OR_LOG.matcher(name).matches();
    }
}
