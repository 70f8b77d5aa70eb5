package io.tidemark.state;

import static io.tidemark.state.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.OperatorMetadataFile.StoreInfo;
import io.tidemark.state.format.StateSchemaFile;
import io.tidemark.state.memory.MemoryStateStores;
import io.tidemark.state.rocksdb.RocksDbStateStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every state file of a checkpoint is cut, flipped, swapped with another and removed, one after the other: a version then
 * opens with the content it had, or an error names a file. It never opens with another content.
 */
class DamagedFilesTest {
    private static final StateStoreSpec SPEC = new StateStoreSpec(
            StructType.of(new StructField("key", AtomicType.BIGINT)),
            StructType.of(new StructField("count", AtomicType.BIGINT)));
    private static final StateStoreId ID = new StateStoreId(0, 0);
    private static final StateStoreId OTHER = new StateStoreId(0, 1);
    private static final int NEWEST = 9;
    private static final Pattern VERSION = Pattern.compile("state/0/0/([0-9]+)\\..*");
    private static final Set<ErrorCode> NAMED =
            Set.of(ErrorCode.STATE_FILE_CORRUPT, ErrorCode.STATE_FILE_MISSING, ErrorCode.STATE_FORMAT_UNSUPPORTED);

    private final Storage storage = LocalStorage.create();
    private final TreeMap<Long, SortedMap<Long, Long>> versions = new TreeMap<>();
    private int right;
    private int named;

    @TempDir
    Path folder;

    @Test
    void rocksDbNeverShowsAnotherContent() throws IOException {
        damageEverything(RocksDbStateStores::new, 3);
    }

    @Test
    void stateInMemoryNeverShowsAnotherContent() throws IOException {
        damageEverything(MemoryStateStores::new, 40);
    }

    private void damageEverything(Function<StateStoresContext, StateStores> provider, int flips) throws IOException {
        try (StateHost host = new StateHost(provider, storage, folder)) {
            makeVersions(host);
            Path root = host.checkpoint();
            List<String> files = files(root);
            assertThat(files).hasSizeGreaterThanOrEqualTo(2 * NEWEST + 4);
            for (String file : files) {
                for (Map.Entry<String, byte @Nullable []> damage :
                        damages(root, file, flips).entrySet()) {
                    byte[] whole = Files.readAllBytes(root.resolve(file));
                    write(root.resolve(file), damage.getValue());
                    long version = affected(file);
                    check(host, version, file + " " + damage.getKey() + ", version " + version);
                    write(root.resolve(file), whole);
                }
            }
            check(host, NEWEST, "all is mended");
        }
        System.out.println(right + " right, " + named + " named"); // what was tried
        assertThat(right).isPositive();
        assertThat(named).isGreaterThan(100);
    }

    private void makeVersions(StateHost host) {
        SortedMap<Long, Long> model = new TreeMap<>();
        versions.put(0L, new TreeMap<>());
        for (long version = 0; version < NEWEST; version++) {
            long from = 10 * version;
            boolean empty = version == 5;
            host.batch(SPEC, ID, version, store -> {
                for (long key = from; !empty && key < from + 15; key++) {
                    store.put(row(key), row(key * 7));
                    model.put(key, key * 7);
                }
                store.remove(row(from - 3));
                model.remove(from - 3);
            });
            host.batch(SPEC, OTHER, version, store -> {
                for (long key = from; key < from + 15; key++) {
                    store.put(row(1000 + key), row(key));
                }
            });
            versions.put(version + 1, new TreeMap<>(model));
            host.stores().maintain(version + 1, 100, () -> {});
        }
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(ID.directory()))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(file -> !file.contains("/."))
                    .sorted()
                    .toList();
        }
    }

    /** Returns what a file may turn into, by what was done to it; null is its removal. */
    private static Map<String, byte @Nullable []> damages(Path root, String file, int flips) throws IOException {
        byte[] whole = Files.readAllBytes(root.resolve(file));
        Map<String, byte @Nullable []> damages = new LinkedHashMap<>();
        damages.put("removed", null);
        for (int length : new int[] {0, whole.length / 2, whole.length - 1}) {
            damages.put("cut to " + length, Arrays.copyOf(whole, length));
        }
        Random random = new Random(file.hashCode());
        for (int i = 0; i < flips; i++) {
            int bit = random.nextInt(8 * whole.length);
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            damages.put("bit " + bit + " flipped", flipped);
        }
        for (String other : others(root, file)) {
            damages.put("swapped with " + other, Files.readAllBytes(root.resolve(other)));
        }
        return damages;
    }

    /** Returns files of the same kind, of the other partition and of the next version. */
    private static List<String> others(Path root, String file) throws IOException {
        String suffix = file.substring(file.indexOf('.'));
        List<String> others = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.resolve("state"))) {
            files.filter(Files::isRegularFile)
                    .map(other -> root.relativize(other).toString())
                    .filter(other -> other.endsWith(suffix) && !other.equals(file) && !other.contains("/."))
                    .sorted()
                    .forEach(others::add);
        }
        List<String> few = new ArrayList<>();
        others.stream()
                .filter(other -> other.startsWith(OTHER + "/"))
                .findFirst()
                .ifPresent(few::add);
        String twin = file.replace(ID + "/", OTHER + "/");
        if (Files.exists(root.resolve(twin)) && !few.contains(twin)) {
            few.add(twin);
        }
        others.stream().filter(other -> other.startsWith(ID + "/")).findFirst().ifPresent(few::add);
        others.stream()
                .filter(other -> other.startsWith(ID + "/") && other.compareTo(file) > 0)
                .findFirst()
                .filter(other -> !few.contains(other))
                .ifPresent(few::add);
        return few;
    }

    /** Returns a version that may not come out well without a file. */
    private static long affected(String file) {
        Matcher version = VERSION.matcher(file);
        return version.matches() ? Long.parseLong(version.group(1)) : NEWEST;
    }

    private void check(StateHost host, long version, String what) {
        host.restart();
        try {
            assertThat(host.content(SPEC, ID, new StateVersion(version)))
                    .as(what)
                    .isEqualTo(versions.get(version));
            right++;
        } catch (TidemarkException e) {
            assertThat(NAMED).as("%s: %s", what, e.getMessage()).contains(e.code());
            assertThat(e).as(what).hasMessageContaining("'" + ID + "/");
            named++;
        }
    }

    private static void write(Path file, byte @Nullable [] content) throws IOException {
        if (content == null) {
            Files.delete(file);
        } else {
            Files.write(file, content);
        }
    }

    @Test
    void schemasAndMetadataAreReadAsTheyWereWrittenOrNamed() throws IOException {
        String root = folder.toString();
        StateSchemaFile schema = StateSchemaFile.of(SPEC.keySchema(), SPEC.valueSchema());
        OperatorMetadataFile metadata =
                new OperatorMetadataFile(0, "stateStoreSave", List.of(new StoreInfo("default", 0, 5)));
        schema.createIfAbsent(storage, root, ID);
        metadata.createIfAbsent(storage, root);
        StateSchemaFile.of(SPEC.valueSchema(), SPEC.keySchema()).createIfAbsent(storage, root, new StateStoreId(1, 0));
        new OperatorMetadataFile(1, "dedupe", List.of(new StoreInfo("default", 0, 5))).createIfAbsent(storage, root);
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put(StateSchemaFile.path(ID), StateSchemaFile.read(storage, root, ID));
        wanted.put(OperatorMetadataFile.path(0), OperatorMetadataFile.read(storage, root, 0, 0));
        for (Map.Entry<String, Object> entry : wanted.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            byte[] whole = Files.readAllBytes(file);
            byte[] other = Files.readAllBytes(folder.resolve(entry.getKey().replace("state/0", "state/1")));
            List<byte[]> damages = new ArrayList<>(List.of(other));
            for (int i = 0; i < whole.length; i++) {
                damages.add(Arrays.copyOf(whole, i));
                byte[] flipped = whole.clone();
                flipped[i] ^= (byte) (1 << i % 8);
                damages.add(flipped);
            }
            for (byte[] damage : damages) {
                Files.write(file, damage);
                try {
                    Object read = entry.getKey().endsWith("schema")
                            ? StateSchemaFile.read(storage, root, ID)
                            : OperatorMetadataFile.read(storage, root, 0, 0);
                    assertThat(read).isEqualTo(entry.getValue());
                } catch (TidemarkException e) {
                    assertThat(e).hasMessageContaining("'" + entry.getKey() + "'");
                    named++;
                }
            }
            Files.write(file, whole);
        }
        assertThat(named).isGreaterThan(300);
    }
}
