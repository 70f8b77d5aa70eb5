package io.tidemark.ops.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.ops.fuzz.Format.Guard;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.format.ChangelogFormat;
import io.tidemark.state.format.ChangelogReader;
import io.tidemark.state.format.ChangelogWriter;
import io.tidemark.state.format.HadoopChecksumFile;
import io.tidemark.state.format.LineageEntry;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.OperatorMetadataFile.StoreInfo;
import io.tidemark.state.format.SnapshotArchive;
import io.tidemark.state.format.SnapshotMetadata;
import io.tidemark.state.format.SnapshotMetadata.RemoteFile;
import io.tidemark.state.format.SparkChecksumFile;
import io.tidemark.state.format.StateCompression;
import io.tidemark.state.format.StateFiles;
import io.tidemark.state.format.StateSchemaFile;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4BlockOutputStream;

/** The files of state stores. */
final class StateFormats {
    private static final String ROOT = "/checkpoint";
    private static final String CHANGELOG = "state/0/0/7.changelog";
    private static final StructType KEY = StructType.EMPTY
            .add("page", AtomicType.STRING)
            .add("at", StructType.EMPTY.add("from", AtomicType.TIMESTAMP).add("until", AtomicType.TIMESTAMP));

    private StateFormats() {}

    static List<Format> all() {
        List<Format> formats = new ArrayList<>();
        byte[][] lz4 = new byte[4][];
        byte[][] zstd = new byte[4][];
        byte[][] bodies = new byte[4][];
        for (ChangelogFormat format : ChangelogFormat.values()) {
            lz4[format.ordinal()] = changelog(StateCompression.LZ4, format);
            zstd[format.ordinal()] = changelog(StateCompression.ZSTD, format);
            bodies[format.ordinal()] = Zstd.decompress(zstd[format.ordinal()], 1 << 16);
        }
        formats.add(new Format("changelog-lz4", Guard.CHECKSUM, StateFormats::changes, lz4));
        formats.add(new Format("changelog-zstd", Guard.CHECKSUM, StateFormats::changes, zstd));
        formats.add(new Format("changelog-body", Guard.NONE, body -> changes(compress(body)), bodies));
        formats.add(new Format(
                "delta-body",
                Guard.NONE,
                body -> changes(ChangelogReader.openDelta("7.delta", compress(body))),
                bodies[0]));
        SnapshotMetadata metadata = snapshotMetadata();
        formats.add(new Format("snapshot", Guard.CHECKSUM, StateFormats::archive, snapshot(metadata)));
        formats.add(new Format(
                "snapshot-metadata",
                Guard.NONE,
                bytes -> SnapshotMetadata.decode("state/0/0/7.zip", bytes).toString(),
                metadata.encode()));
        formats.addAll(operatorMetadata());
        formats.addAll(schemas());
        formats.add(checksumOfSpark(lz4[0]));
        formats.add(RowFormat.format());
        return formats;
    }

    private static byte[] changelog(StateCompression compression, ChangelogFormat format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<LineageEntry> lineage =
                format.hasLineage() ? List.of(new LineageEntry(5, "id-5"), new LineageEntry(6, "id-6")) : List.of();
        try (ChangelogWriter writer = ChangelogWriter.open(out, compression, format, lineage)) {
            for (int i = 0; i < 5; i++) {
                writer.put(key("page-" + i), key("value-" + i * i));
            }
            if (format.typed()) {
                byte[] merged = "merged".getBytes(UTF_8);
                writer.merge(merged, 0, merged.length, merged, 0, merged.length);
            }
            writer.remove(key("page-3"));
            writer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] key(String page) {
        return page.getBytes(UTF_8);
    }

    private static String changes(byte[] content) {
        return changes(ChangelogReader.open(CHANGELOG, content));
    }

    private static String changes(ChangelogReader reader) {
        try (reader) {
            StringBuilder meaning = new StringBuilder(reader.format() + " " + reader.lineage());
            CRC32C digest = new CRC32C();
            while (reader.next()) {
                digest.update(reader.change().ordinal());
                digest.update(reader.data(), reader.keyStart(), reader.keyLength());
                digest.update(reader.keyLength());
                if (reader.valueLength() >= 0) {
                    digest.update(reader.data(), reader.valueStart(), reader.valueLength());
                }
            }
            return meaning.append(' ')
                    .append(reader.records())
                    .append(' ')
                    .append(digest.getValue())
                    .toString();
        }
    }

    /** Gives the content of a changelog, with whatever stands in it, a sound frame. */
    static byte[] compress(byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LZ4BlockOutputStream blocks = new LZ4BlockOutputStream(out)) {
            blocks.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static SnapshotMetadata snapshotMetadata() {
        TreeMap<String, Integer> families = new TreeMap<>(Map.of("default", 0, "timers", 1));
        TreeMap<String, Boolean> internal = new TreeMap<>(Map.of("default", false, "timers", true));
        return new SnapshotMetadata(
                List.of(new RemoteFile("000009.sst", "000009-8a04ab30-0000-4000-8000-000000000001.sst", 1234)),
                List.of(new RemoteFile("000010.log", "000010-8a04ab30-0000-4000-8000-000000000002.log", 0)),
                17,
                3,
                families,
                internal,
                1);
    }

    private static byte[] snapshot(SnapshotMetadata metadata) {
        TreeMap<String, byte[]> files = new TreeMap<>();
        files.put("CURRENT", "MANIFEST-000005\n".getBytes(UTF_8));
        files.put("MANIFEST-000005", new byte[40]);
        files.put("OPTIONS-000008", "[Version]\n  rocksdb_version=9.8.4\n".getBytes(UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new SnapshotArchive(metadata, files).write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String archive(byte[] content) {
        SnapshotArchive archive = SnapshotArchive.read("state/0/0/7.zip", content);
        StringBuilder meaning = new StringBuilder(archive.metadata().toString());
        archive.files().forEach((name, file) -> meaning.append(name).append(Arrays.hashCode(file)));
        return meaning.toString();
    }

    private static List<Format> operatorMetadata() {
        byte[] ours = new OperatorMetadataFile(0, "stateStoreSave", List.of(new StoreInfo("default", 1, 5))).encode();
        byte[] second = ("v2\n{\"operatorInfo\":{\"operatorId\":0,\"operatorName\":\"transformWithStateExec\"},"
                        + "\"stateStoreInfo\":[{\"storeName\":\"default\",\"numColsPrefixKey\":0,\"numPartitions\":5,"
                        + "\"stateSchemaFilePaths\":[\"file:/c/state/0/_stateSchema/default/0_5f\"]}],"
                        + "\"operatorPropertiesJson\":\"{\\\"timeMode\\\":\\\"NoTime\\\"}\"}")
                .getBytes(UTF_8);
        String path = OperatorMetadataFile.path(0);
        FilesInMemory sound = new FilesInMemory()
                .with(ROOT + "/" + path, ours)
                .with(ROOT + "/" + HadoopChecksumFile.path(path), HadoopChecksumFile.encode(ours));
        return List.of(
                new Format(
                        "operator-metadata",
                        Guard.NONE,
                        bytes -> OperatorMetadataFile.decode(path, bytes).toString(),
                        ours,
                        second),
                new Format(
                        "operator-metadata-with-crc",
                        Guard.CHECKSUM,
                        bytes -> OperatorMetadataFile.read(sound.with(ROOT + "/" + path, bytes), ROOT, 0, 9)
                                .toString(),
                        ours),
                new Format(
                        "hadoop-crc",
                        Guard.CHECKSUM,
                        bytes -> OperatorMetadataFile.read(
                                        sound.with(ROOT + "/" + HadoopChecksumFile.path(path), bytes), ROOT, 0, 9)
                                .toString(),
                        HadoopChecksumFile.encode(ours)));
    }

    private static List<Format> schemas() {
        StateStoreId id = new StateStoreId(0, 0);
        String path = StateSchemaFile.path(id);
        byte[] ours = StateSchemaFile.of(KEY, KEY).encode();
        FilesInMemory sound = new FilesInMemory()
                .with(ROOT + "/" + path, ours)
                .with(ROOT + "/" + HadoopChecksumFile.path(path), HadoopChecksumFile.encode(ours));
        return List.of(
                new Format(
                        "state-schema",
                        Guard.NONE,
                        bytes -> StateSchemaFile.decode(path, bytes).toString(),
                        ours,
                        firstSchema(),
                        thirdSchema()),
                new Format(
                        "state-schema-with-crc",
                        Guard.CHECKSUM,
                        bytes -> StateSchemaFile.read(sound.with(ROOT + "/" + path, bytes), ROOT, id)
                                .toString(),
                        ours));
    }

    private static byte[] firstSchema() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeUTF("v1");
            out.writeUTF(KEY.json());
            out.writeUTF(StructType.EMPTY.add("count", AtomicType.BIGINT).json());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] thirdSchema() {
        String value = StructType.EMPTY.add("count", AtomicType.BIGINT).json();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeUTF("v3");
            out.writeInt(2);
            for (String encoder : List.of(
                    "{\"keyStateEncoderType\":\"PrefixKeyScanStateEncoderSpec\",\"numColsPrefixKey\":1}",
                    "{\"keyStateEncoderType\":\"RangeKeyScanStateEncoderSpec\",\"orderingOrdinals\":[0]}")) {
                out.writeUTF("family" + encoder.length());
                out.writeShort(0);
                text(out, value);
                out.writeShort(0);
                text(out, value);
                text(out, encoder);
                text(out, "{    }");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.writeInt(1);
        out.writeUTF(text);
    }

    /** A file of a store is read while its checksum file is damaged. */
    private static Format checksumOfSpark(byte[] changelog) {
        CRC32C crc = new CRC32C();
        crc.update(changelog);
        SparkChecksumFile checksum = new SparkChecksumFile((int) crc.getValue(), changelog.length, CHANGELOG);
        FilesInMemory sound = new FilesInMemory().with(ROOT + "/" + CHANGELOG, changelog);
        String path = ROOT + "/" + SparkChecksumFile.path(CHANGELOG);
        return new Format(
                "spark-crc",
                Guard.CHECKSUM,
                bytes -> changes(StateFiles.read(sound.with(path, bytes), ROOT, CHANGELOG, "version 7")),
                checksum.encode());
    }
}
