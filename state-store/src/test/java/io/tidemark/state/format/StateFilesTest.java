package io.tidemark.state.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.format.OperatorMetadataFile.StoreInfo;
import io.tidemark.state.format.StateFileName.Kind;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every file of a store but changelogs: Spark's bytes, and what is said about damaged ones. */
class StateFilesTest {
    private static final StateStoreId STORE = new StateStoreId(0, 1);

    private final Storage storage = LocalStorage.create();

    @TempDir
    Path root;

    @Test
    void namesAreReadAndWhateverElseStandsThereIsPassedOver() throws IOException {
        assertThat(StateFileName.parse("12.changelog")).contains(new StateFileName(12, Kind.CHANGELOG));
        assertThat(StateFileName.parse("3_c450f077-3ad5.zip"))
                .contains(new StateFileName(3, "c450f077-3ad5", Kind.ZIP));
        assertThat(StateFileName.parse("4.snapshot").orElseThrow().text()).isEqualTo("4.snapshot");
        for (String name : List.of(
                "backup.zip",
                "4.zip.crc",
                ".4.zip.crc",
                "04.zip",
                "-1.delta",
                "4_.zip",
                "4.txt",
                "SSTs",
                "99999999999999999999.zip",
                ".5.changelog.0a.tmp")) {
            assertThat(StateFileName.parse(name)).as(name).isEmpty();
        }
        Path directory = Files.createDirectories(root.resolve(STORE.directory()));
        for (String name : List.of("10.zip", "9.changelog", "2.zip", "11.zip.crc", ".10.zip.crc", "x.zip", "7_a.zip")) {
            Files.writeString(directory.resolve(name), "");
        }
        StateDirectory listed = StateDirectory.list(storage, root.toString(), STORE);
        assertThat(listed.versions(Kind.ZIP)).containsExactly(2L, 10L);
        assertThat(listed.newestUpTo(Kind.ZIP, 9)).contains(2L);
        assertThat(listed.newestUpTo(Kind.ZIP, 1)).isEmpty();
        assertThat(listed.checksums()).containsExactly("11.zip.crc");
        assertThat(listed.files().keySet())
                .extracting(StateFileName::text)
                .containsExactly("2.zip", "7_a.zip", "9.changelog", "10.zip");
    }

    @Test
    void aSchemaFileOfSparkIsReadAndOursHasItsLayout() {
        String key = "{\"type\":\"struct\",\"fields\":[{\"name\":\"_1\",\"type\":\"integer\",\"nullable\":false,"
                + "\"metadata\":{\"spark.timeWindow\":true}}]}";
        String value = "{\"type\":\"struct\",\"fields\":[{\"name\":\"count\",\"type\":\"long\",\"nullable\":false,"
                + "\"metadata\":{}}]}";
        StateSchemaFile schema = StateSchemaFile.decode("schema", v2(key, value));
        assertThat(schema.families()).hasSize(1);
        assertThat(schema.families().get(0).keySchema())
                .isEqualTo(StructType.of(new StructField("_1", AtomicType.INT, false)));

        StateSchemaFile ours = StateSchemaFile.of(
                schema.families().get(0).keySchema(), schema.families().get(0).valueSchema());
        assertThat(ours.encode())
                .isEqualTo(v2(
                        key.replace("{\"spark.timeWindow\":true}", "{}").replace("false", "true"),
                        value.replace("false", "true")));
    }

    @Test
    void everyTypeAndALongSchemaComeBackFromTheirFile() {
        StructType nested = StructType.of(
                new StructField("start", AtomicType.TIMESTAMP, false), new StructField("d", new DecimalType(20, 3)));
        StructType schema = new StructType(List.of(
                new StructField("w", nested, false),
                new StructField("a", new ArrayType(new MapType(AtomicType.STRING, nested, false), false))));
        for (AtomicType type : AtomicType.values()) {
            schema = schema.add("spalte \"" + type + "\" \u00e4\u20ac", type);
        }
        for (int i = 0; i < 2000; i++) {
            schema = schema.add("a_rather_long_column_name_of_number_" + i, AtomicType.DATE);
        }
        StateSchemaFile file = StateSchemaFile.of(schema, StructType.EMPTY);
        StateSchemaFile read = StateSchemaFile.decode("schema", file.encode());
        assertThat(read.families().get(0).keySchema()).isEqualTo(SchemaJson.nullable(schema));
        assertThat(read.families().get(0).valueSchema()).isEqualTo(StructType.EMPTY);
        assertThat(SchemaJson.parse("schema", schema.json())).isEqualTo(schema);
    }

    @Test
    void schemaFilesOfVersionOneAndThreeAreRead() throws IOException {
        String key = StructType.of(new StructField("k", AtomicType.STRING)).json();
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(one);
        out.writeUTF("v1");
        out.writeUTF(key);
        out.writeUTF(key);
        assertThat(StateSchemaFile.decode("schema", one.toByteArray()).version())
                .isEqualTo(1);

        ByteArrayOutputStream three = new ByteArrayOutputStream();
        out = new DataOutputStream(three);
        out.writeUTF("v3");
        out.writeInt(2);
        for (String spec : List.of(
                "{\"keyStateEncoderType\":\"PrefixKeyScanStateEncoderSpec\",\"numColsPrefixKey\":1}",
                "{\"keyStateEncoderType\":\"RangeKeyScanStateEncoderSpec\",\"orderingOrdinals\":[0]}")) {
            out.writeUTF("family" + spec.length());
            out.writeShort(0);
            text(out, key);
            out.writeShort(0);
            text(out, key);
            text(out, spec);
            text(out, "{    }");
        }
        assertThat(StateSchemaFile.decode("schema", three.toByteArray()).families())
                .extracting(StateSchemaFile.Family::encoding)
                .containsExactly(new KeyEncoding.PrefixScan(1), new KeyEncoding.RangeScan(List.of(0)));
    }

    @Test
    void aDamagedSchemaIsNamedWhereverItIsCut() {
        byte[] file = v2("{\"type\":\"struct\",\"fields\":[]}", "{\"type\":\"struct\",\"fields\":[]}");
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> StateSchemaFile.decode("state/0/0/_metadata/schema", cut))
                    .as("cut to %d", length)
                    .isInstanceOf(StateFileException.class)
                    .hasMessageContaining("'state/0/0/_metadata/schema'");
        }
        assertThatThrownBy(() -> StateSchemaFile.decode("schema", Arrays.copyOf(file, file.length + 1)))
                .hasMessageContaining("something stands after its end");
        assertThatThrownBy(() -> StateSchemaFile.decode(
                        "schema",
                        v2(
                                "{\"type\":\"struct\",\"fields\":[{\"name\":\"v\",\"type\":\"variant\","
                                        + "\"nullable\":true,\"metadata\":{}}]}",
                                "{}")))
                .hasMessageContaining("it has a column of type 'variant'")
                .extracting(e -> ((TidemarkException) e).code())
                .isEqualTo(ErrorCode.STATE_FORMAT_UNSUPPORTED);
    }

    @Test
    void schemasAreComparedAsSparkComparesThem() {
        StructType stored = StructType.of(
                new StructField("k", AtomicType.INT, false),
                new StructField("a", new ArrayType(AtomicType.STRING, true)));
        StructType renamed = StructType.of(
                new StructField("key", AtomicType.INT, false),
                new StructField("a", new ArrayType(AtomicType.STRING, false)));
        SchemaCompatibility names = SchemaCompatibility.check(stored, renamed);
        assertThat(names.sparkAccepts()).isTrue();
        assertThat(names.nameDifferences())
                .containsExactly("column 1 is called 'k' in the checkpoint and 'key' in the query");

        SchemaCompatibility nulls = SchemaCompatibility.check(
                stored,
                StructType.of(
                        new StructField("k", AtomicType.INT, true),
                        new StructField("a", new ArrayType(AtomicType.STRING, true))));
        assertThat(nulls.sparkAccepts()).isFalse();
        nulls.require(STORE, "key");

        SchemaCompatibility types = SchemaCompatibility.check(
                stored,
                StructType.of(
                        new StructField("k", AtomicType.BIGINT, false),
                        new StructField("a", new ArrayType(AtomicType.STRING, true))));
        assertThatThrownBy(() -> types.require(STORE, "key"))
                .hasMessage("Cannot use state 'state/0/0/_metadata/schema': the query's key is not what the checkpoint"
                        + " holds: column k is int in the checkpoint and bigint in the query. Change the query back, or"
                        + " start it with a new checkpointLocation.");
        assertThat(SchemaCompatibility.check(stored, StructType.EMPTY).typeDifferences())
                .hasSize(1);
    }

    @Test
    void operatorMetadataHasSparksBytesAndIsReadAsOfABatch() throws IOException {
        String text = "v1\n{\"operatorInfo\":{\"operatorId\":0,\"operatorName\":\"stateStoreSave\"},"
                + "\"stateStoreInfo\":[{\"storeName\":\"default\",\"numColsPrefixKey\":0,\"numPartitions\":5}]}";
        OperatorMetadataFile metadata =
                new OperatorMetadataFile(0, "stateStoreSave", List.of(new StoreInfo("default", 0, 5)));
        assertThat(new String(metadata.encode(), UTF_8)).isEqualTo(text);
        metadata.createIfAbsent(storage, root.toString());
        new OperatorMetadataFile(0, "other", List.of()).createIfAbsent(storage, root.toString());
        assertThat(OperatorMetadataFile.read(storage, root.toString(), 0, 7)).contains(metadata);
        assertThat(Files.readAllBytes(root.resolve("state/0/_metadata/.metadata.crc")))
                .isEqualTo(HadoopChecksumFile.encode(text.getBytes(UTF_8)));

        Path two = Files.createDirectories(root.resolve("state/0/_metadata/v2"));
        Path schemas = Files.createDirectories(root.resolve("state/0/_stateSchema/default"));
        String schema = "{\"type\":\"struct\",\"fields\":[]}";
        Files.write(schemas.resolve("0_ab"), v2(schema, schema));
        Files.writeString(
                two.resolve("3"),
                text.replace("v1", "v2")
                        .replace(
                                "\"numPartitions\":5",
                                "\"numPartitions\":3,\"stateSchemaFilePaths\":[\"file:/elsewhere/ck/state/0/_stateSchema/default/0_ab\"]"));
        assertThat(OperatorMetadataFile.read(storage, root.toString(), 0, 2)).contains(metadata);
        OperatorMetadataFile second =
                OperatorMetadataFile.read(storage, root.toString(), 0, 4).orElseThrow();
        assertThat(second.stores().get(0).partitions()).isEqualTo(3);
        assertThat(second.schema(storage, root.toString(), second.stores().get(0)))
                .contains(StateSchemaFile.of(StructType.EMPTY, StructType.EMPTY));
    }

    @Test
    void metadataThatDoesNotMatchHadoopsChecksumIsNamed() throws IOException {
        new OperatorMetadataFile(0, "dedupe", List.of(new StoreInfo("default", 0, 5)))
                .createIfAbsent(storage, root.toString());
        Path file = root.resolve("state/0/_metadata/metadata");
        byte[] content = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * content.length; bit += 3) {
            byte[] flipped = content.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            assertThatThrownBy(() -> OperatorMetadataFile.read(storage, root.toString(), 0, 7))
                    .hasMessageContaining("'state/0/_metadata/metadata'")
                    .hasMessageContaining("does not match its checksum file");
        }
    }

    @Test
    void aCommittedFileGetsAChecksumThatSaysWhichFileItIsFor() throws IOException {
        StagedState.File file = stage("state/0/1/4.changelog");
        assertThat(file)
                .isEqualTo(new StagedState.File(
                        "_tidemark/staged/3/one-state-0-1-4.changelog", "state/0/1/4.changelog", 3, 910901175));
        commit(file, new TreeMap<>());
        assertThat(Files.readString(root.resolve("state/0/1/4.changelog.crc")))
                .isEqualTo("{\"algorithm\":\"CRC32C\",\"value\":910901175,\"mainFileSize\":3,\"timestampMs\":0,"
                        + "\"creator\":{\"executorId\":\"tidemark\",\"taskInfo\":\"state/0/1/4.changelog\"}}");
        assertThat(read("state/0/1/4.changelog")).isEqualTo("abc".getBytes(UTF_8));

        Files.writeString(root.resolve("state/0/1/4.changelog"), "abd");
        assertThatThrownBy(() -> read("state/0/1/4.changelog"))
                .hasMessageContaining("does not match its checksum file");
        Files.writeString(root.resolve("state/0/1/4.changelog"), "ab");
        assertThatThrownBy(() -> read("state/0/1/4.changelog"))
                .hasMessageContaining("it has 2 bytes, its checksum file says 3");
        Files.delete(root.resolve("state/0/1/4.changelog"));
        assertThatThrownBy(() -> read("state/0/1/4.changelog"))
                .hasMessage("Cannot use state file 'state/0/1/4.changelog': it is missing, and version 4 needs it."
                        + " Restore it from a backup, or start from a copy of the checkpoint.");
    }

    @Test
    void aFileThatIsStoredUnderItsFinalNameReplacesTheChecksumOfTheOneBefore() throws IOException {
        Path directory = Files.createDirectories(root.resolve("state/0/1"));
        Files.writeString(directory.resolve("4.zip.crc"), "stale");
        Files.writeString(directory.resolve(".4.zip.crc"), "stale");
        try (StagedFileOutput out =
                StagedFileOutput.createFinal(storage, root.toString(), "state/0/1/4.zip", new TreeMap<>())) {
            out.write("abc".getBytes(UTF_8));
            out.publish();
        }
        assertThat(read("state/0/1/4.zip")).isEqualTo("abc".getBytes(UTF_8));
        assertThat(directory.resolve(".4.zip.crc")).doesNotExist();
    }

    @Test
    void twoFilesThatChangedPlacesWithTheirChecksumsAreFoundOut() throws IOException {
        commit(stage("state/0/1/4.changelog"), new TreeMap<>());
        commit(stage("state/0/1/5.changelog"), new TreeMap<>());
        Path directory = root.resolve("state/0/1");
        for (String suffix : List.of("", ".crc")) {
            Files.move(directory.resolve("4.changelog" + suffix), directory.resolve("x"));
            Files.move(directory.resolve("5.changelog" + suffix), directory.resolve("4.changelog" + suffix));
            Files.move(directory.resolve("x"), directory.resolve("5.changelog" + suffix));
        }
        assertThatThrownBy(() -> read("state/0/1/4.changelog"))
                .hasMessageContaining("it is 'state/0/1/5.changelog' in another place");
    }

    @Test
    void checksumsOfSparkAreReadAndOursCanBeSwitchedOff() throws IOException {
        SparkChecksumFile spark = SparkChecksumFile.decode(
                "4.zip.crc",
                ("{\"algorithm\":\"CRC32C\",\"value\":-689980615,\"mainFileSize\":3797,\"timestampMs\":1795145894667,"
                                + "\"creator\":{\"executorId\":\"driver\",\"taskInfo\":\"Task= 2.0, Stage= 1.0\"}}")
                        .getBytes(UTF_8));
        assertThat(spark).isEqualTo(new SparkChecksumFile(-689980615, 3797, ""));
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put(SparkChecksumFile.CONF, "false");
        commit(stage("state/0/1/4.changelog"), conf);
        assertThat(root.resolve("state/0/1/4.changelog.crc")).doesNotExist();
    }

    @Test
    void removingAFileRemovesWhatVouchedForIt() throws IOException {
        Path directory = Files.createDirectories(root.resolve("state/0/1"));
        for (String name : List.of("4.zip", "4.zip.crc", ".4.zip.crc", ".4.zip.crc.crc", "5.zip")) {
            Files.writeString(directory.resolve(name), "");
        }
        StateFiles.delete(storage, root.toString(), "state/0/1/4.zip");
        try (var left = Files.list(directory)) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("5.zip");
        }
    }

    @Test
    void aSnapshotComesBackAndHasSparksMetadata() throws IOException {
        SnapshotArchive archive = archive();
        byte[] bytes = bytes(archive);
        assertThat(bytes).isEqualTo(bytes(archive));
        SnapshotArchive read = SnapshotArchive.read("3.zip", bytes);
        assertThat(read.metadata()).isEqualTo(archive.metadata());
        assertThat(read.files().keySet()).isEqualTo(archive.files().keySet());
        read.files().forEach((name, content) -> assertThat(content)
                .isEqualTo(archive.files().get(name)));
        assertThat(new String(archive.metadata().encode(), UTF_8))
                .isEqualTo("v1\n{\"sstFiles\":[{\"localFileName\":\"000008.sst\",\"dfsSstFileName\":"
                        + "\"000008-6133667f.sst\",\"sizeBytes\":1277}],\"numKeys\":1,\"numInternalKeys\":0,"
                        + "\"columnFamilyMapping\":{},\"columnFamilyTypeMap\":{},\"maxColumnFamilyId\":0}");
        SnapshotMetadata old =
                SnapshotMetadata.decode("3.zip", "v1\n{\"sstFiles\":[],\"numKeys\":-1,\"later\":{}}".getBytes(UTF_8));
        assertThat(old).isEqualTo(new SnapshotMetadata(List.of(), -1));
        SnapshotMetadata families = SnapshotMetadata.decode(
                "3.zip",
                ("v1\n{\"sstFiles\":[],\"numKeys\":1,\"numInternalKeys\":2,\"columnFamilyMapping\":{\"default\":1,"
                                + "\"left\":2},\"columnFamilyTypeMap\":{\"left\":true},\"maxColumnFamilyId\":2}")
                        .getBytes(UTF_8));
        assertThat(SnapshotMetadata.decode("3.zip", families.encode())).isEqualTo(families);
        assertThat(families.columnFamilies()).containsEntry("left", 2);
        assertThatThrownBy(() -> SnapshotMetadata.decode("3.zip", "v2\n{}".getBytes(UTF_8)))
                .hasMessageContaining("its metadata is of version v2");
    }

    @Test
    void whereverASnapshotIsCutOrFlippedItIsRefusedOrWhole() throws IOException {
        SnapshotArchive archive = archive();
        byte[] bytes = bytes(archive);
        List<byte[]> damaged = new ArrayList<>();
        for (int length = 0; length < bytes.length; length++) {
            damaged.add(Arrays.copyOf(bytes, length));
        }
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            damaged.add(flipped);
        }
        int refused = 0;
        for (byte[] candidate : damaged) {
            try {
                SnapshotArchive read = SnapshotArchive.read("3.zip", candidate);
                assertThat(read.metadata()).isEqualTo(archive.metadata());
                assertThat(read.files().keySet()).isEqualTo(archive.files().keySet());
                read.files().forEach((name, content) -> assertThat(content)
                        .isEqualTo(archive.files().get(name)));
            } catch (StateFileException e) {
                assertThat(e.file()).isEqualTo("3.zip");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(damaged.size() / 2);
    }

    @Test
    void anArchiveCannotReachOutOfItsFolderOrFillTheMemory() throws IOException {
        for (String name : List.of(
                "..", "a/..", "a\\b", "../../CURRENT", "/CURRENT", "folder/", "CURRENT\0", "x.sst", "000001.so")) {
            assertThatThrownBy(() -> SnapshotArchive.read("3.zip", zip(name, new byte[1])))
                    .hasMessageContaining("impossible name");
        }
        assertThat(new ZipReader("3.zip", zip("CURRENT", new byte[1])).read()).containsOnlyKeys("CURRENT");
        byte[] link = zip("CURRENT", new byte[1]);
        int attributes = indexOf(link, 0x50, 0x4b, 0x01, 0x02);
        link[attributes + 5] = 3; // made by Unix
        link[attributes + 41] = (byte) 0xa0; // as a symbolic link
        assertThatThrownBy(() -> SnapshotArchive.read("3.zip", link)).hasMessageContaining("impossible name or kind");
        byte[] bomb = zip("CURRENT", new byte[100]);
        int directory = indexOf(bomb, 0x50, 0x4b, 0x01, 0x02);
        bomb[directory + 27] = 0x7f; // says that it unpacks to 2 GB
        assertThatThrownBy(() -> SnapshotArchive.read("3.zip", bomb)).hasMessageContaining("claims to unpack to");
        assertThatThrownBy(() -> bytes(new SnapshotArchive(
                        new SnapshotMetadata(List.of(), 0), new TreeMap<>(java.util.Map.of("CURRENT", new byte[0])))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private StagedState.File stage(String target) throws IOException {
        try (StagedFileOutput out = StagedFileOutput.create(storage, root.toString(), "3/one", target)) {
            out.write('a');
            out.write("bc".getBytes(UTF_8));
            assertThat(out.position()).isEqualTo(3);
            return out.publish();
        }
    }

    private void commit(StagedState.File file, SortedMap<String, String> conf) throws IOException {
        storage.link(root + "/" + file.staged(), root + "/" + file.target());
        ChecksumWriter checksums = new ChecksumWriter(new StateStoresContext(storage, root.toString(), root, conf));
        checksums.committed(List.of(new StagedState(STORE, 4, List.of(file), null)));
        checksums.write(() -> {});
    }

    private byte[] read(String file) {
        return StateFiles.read(storage, root.toString(), file, "version 4");
    }

    private static SnapshotArchive archive() {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("CURRENT", "MANIFEST-000005\n".getBytes(UTF_8));
        files.put(
                "MANIFEST-000005",
                "some edits, some edits, some more edits".repeat(3).getBytes(UTF_8));
        files.put("000004.log", new byte[0]);
        return new SnapshotArchive(
                new SnapshotMetadata(
                        List.of(new SnapshotMetadata.RemoteFile("000008.sst", "000008-6133667f.sst", 1277)), 1),
                files);
    }

    private static byte[] bytes(SnapshotArchive archive) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        archive.write(out);
        return out.toByteArray();
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return out.toByteArray();
    }

    private static int indexOf(byte[] bytes, int... wanted) {
        for (int at = 0; ; at++) {
            int same = 0;
            while (same < wanted.length && bytes[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
    }

    private static byte[] v2(String key, String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeUTF("v2");
            text(out, key);
            text(out, value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeInt(1);
        out.writeUTF(text);
    }
}
