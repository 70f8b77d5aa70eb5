package io.tidemark.checkpoint.storage;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file layer for a location: local disk for plain paths and {@code file:}, Hadoop's file systems for {@code
 * hdfs}, {@code viewfs} and {@code s3a}. Hadoop's classes are loaded for those alone.
 *
 * <p>What it opens carries the {@link KillPoint} of the process where one is set; its matches are counted per instance of
 * this class.
 */
public final class StorageProviders implements StorageProvider {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*", Pattern.DOTALL);
    private static final List<String> HADOOP = List.of("hdfs", "viewfs", "s3a");

    private final Optional<KillPoint> killPoint = KillPoint.ofProcess();

    private final LocalDisk disk;

    /** For {@link java.util.ServiceLoader}, and for everybody else. */
    public StorageProviders() {
        this(LocalDisk.ofThisMachine());
    }

    private StorageProviders(LocalDisk disk) {
        this.disk = disk;
    }

    /** Returns providers whose local paths are those of {@code disk}. */
    public static StorageProviders on(LocalDisk disk) {
        return new StorageProviders(disk);
    }

    /** Returns the scheme of a location in lower case, {@code file} where none is written. */
    public static String scheme(String location) {
        Matcher matcher = SCHEME.matcher(location);
        return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "file";
    }

    @Override
    public boolean serves(String scheme) {
        return scheme.equals("file") || HADOOP.contains(scheme);
    }

    @Override
    public Storage open(String location, SortedMap<String, String> conf) {
        return withKillPoint(open(location, conf, null));
    }

    /**
     * Opens the storage of a checkpoint: as {@link #open}, with the temporary files of everything below {@code location}
     * in {@code _tidemark/tmp}, so that nothing of ours stands in Spark's folders.
     */
    @Override
    public Storage openCheckpoint(String location, SortedMap<String, String> conf) {
        return withKillPoint(open(location, conf, "_tidemark/tmp"));
    }

    private Storage withKillPoint(Storage storage) {
        return killPoint.isPresent() ? KillPointStorage.of(storage, killPoint.get()) : storage;
    }

    private Storage open(String location, SortedMap<String, String> conf, @Nullable String temporary) {
        String scheme = scheme(location);
        if (!serves(scheme)) {
            throw new TidemarkException(
                    ErrorCode.STORAGE_UNSUPPORTED,
                    "Cannot open '" + location + "': storage of scheme '" + scheme
                            + "' is not known to create files exclusively. Use a local path, hdfs: or s3a:.");
        }
        if (scheme.equals("file")) {
            LocalStorage local = LocalStorage.on(disk);
            return temporary == null
                    ? local
                    : local.withTemporaryDirectory(location, local.qualify(location) + "/" + temporary);
        }
        return BoundedStorage.of(HadoopStorage.open(location, conf, temporary), conf);
    }
}
