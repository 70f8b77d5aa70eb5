package io.tidemark.state.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Changelogs, byte by byte: what Spark wrote is read, what is written is what Spark writes, and damage is named. */
class ChangelogTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final List<LineageEntry> LINEAGE =
            List.of(new LineageEntry(2, "c450f077-3ad5"), new LineageEntry(3, "0b1f"));

    @Test
    void anEmptyChangelogHasTheBytesSparkGivesIt() throws IOException {
        assertThat(HEX.formatHex(write(StateCompression.LZ4, ChangelogFormat.V1, List.of())))
                .isEqualTo("4c5a34426c6f636b1504000000" + "04000000db804d08ffffffff"
                        + "4c5a34426c6f636b15000000000000000000000000");
        assertThat(read(HEX.parseHex("28b52ffd0048200000ffffffff010000"))).isEmpty();
        assertThat(HEX.formatHex(content(ChangelogFormat.V2, List.of()))).isEqualTo("0002763200");
    }

    @Test
    void aChangelogOfSparkIsReadAndWrittenTheSame() throws IOException {
        byte[] spark = HEX.parseHex("4c5a34426c6f636b251c0000002e00000092a95802"
                + "540000001100010014030900081500c00100000000000000ffffffff"
                + "4c5a34426c6f636b15000000000000000000000000");
        List<String> records = read(spark);
        assertThat(records)
                .containsExactly("PUT 0000000000000000000300000000000000 0000000000000000000100000000000000");
        assertThat(HEX.formatHex(write(
                        StateCompression.LZ4,
                        ChangelogFormat.V1,
                        List.of(record(
                                "PUT", "0000000000000000000300000000000000", "0000000000000000000100000000000000")))))
                .isEqualTo(HEX.formatHex(spark));
    }

    @Test
    void theBlocksAreThoseThatLz4JavaItselfWrites() throws IOException {
        for (long seed = 1; seed <= 30; seed++) {
            byte[] file = write(StateCompression.LZ4, ChangelogFormat.V1, randomRecords(new Random(seed), false));
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            try (net.jpountz.lz4.LZ4BlockOutputStream lz4 =
                            new net.jpountz.lz4.LZ4BlockOutputStream(expected, 32 << 10);
                    net.jpountz.lz4.LZ4BlockInputStream raw = net.jpountz.lz4.LZ4BlockInputStream.newBuilder()
                            .build(new java.io.ByteArrayInputStream(file))) {
                raw.transferTo(lz4);
            }
            assertThat(file).as("seed %d", seed).isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void aChangelogWithoutAClosingBlockIsWhole() {
        String raw = "00000001" + "61" + "ffffffff" + "ffffffff";
        byte[] file = lz4Stored(raw);
        assertThat(read(file)).containsExactly("REMOVE 61");
    }

    @ParameterizedTest
    @EnumSource(ChangelogFormat.class)
    void everyFormatReadsBackRecordByRecord(ChangelogFormat format) throws IOException {
        for (StateCompression compression : StateCompression.values()) {
            for (long seed = 1; seed <= 20; seed++) {
                List<String> records = randomRecords(new Random(seed), format.typed());
                byte[] file = write(compression, format, records);
                try (ChangelogReader reader = ChangelogReader.open("7.changelog", file)) {
                    assertThat(reader.format()).isEqualTo(format);
                    assertThat(reader.lineage()).isEqualTo(format.hasLineage() ? LINEAGE : List.of());
                }
                assertThat(read(file)).as("seed %d", seed).isEqualTo(records);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(StateCompression.class)
    void whereverAChangelogIsCutItIsRefusedOrWhole(StateCompression compression) throws IOException {
        for (ChangelogFormat format : ChangelogFormat.values()) {
            List<String> records = randomRecords(new Random(format.number()), format.typed());
            byte[] file = write(compression, format, records);
            for (int length = 0; length < file.length; length += 1 + file.length / 300) {
                assertRefusedOrEqual(Arrays.copyOf(file, length), records, "cut to " + length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(StateCompression.class)
    void whateverBitOfAChangelogFlipsItIsRefusedOrWhole(StateCompression compression) throws IOException {
        for (ChangelogFormat format : ChangelogFormat.values()) {
            List<String> records = randomRecords(new Random(format.number()), format.typed());
            byte[] file = write(compression, format, records);
            for (int bit = 0; bit < 8L * file.length; bit += 1 + file.length / 100) {
                byte[] flipped = file.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertRefusedOrEqual(flipped, records, "bit " + bit);
            }
        }
    }

    @Test
    void contentThatIsWellCompressedAndMakesNoSenseIsNamed() {
        assertThatThrownBy(() -> read(lz4Stored("")))
                .hasMessage("Cannot use state file '7.changelog': its content ends at byte 0, before its end mark."
                        + " Restore it from a backup, or start from a copy of the checkpoint.");
        assertThatThrownBy(() -> read(lz4Stored("00000001" + "61" + "000000ff" + "62")))
                .hasMessageContaining("its content ends at byte 10, before its end mark");
        assertThatThrownBy(() -> read(lz4Stored("00000001" + "61" + "7fffffff" + "62")))
                .hasMessageContaining("at byte 0 of its content a record claims 2147483656 bytes");
        assertThatThrownBy(() -> read(lz4Stored("fffffffe" + "61"))).hasMessageContaining("the length of a key is -2");
        assertThatThrownBy(() -> read(lz4Stored("ffffffff" + "61")))
                .hasMessageContaining("at byte 4 of its content something stands after its end");
        assertThatThrownBy(() -> read(lz4Stored("00027632" + "07"))).hasMessageContaining("unknown type 7");
        assertThatThrownBy(() -> read(lz4Stored("00027632" + "10" + "00000001" + "61" + "00000000" + "00")))
                .hasMessageContaining("the length of a value is 0");
        assertThatThrownBy(() -> read(new byte[0])).hasMessageContaining("at byte 0 the mark of a compressed file");
    }

    @Test
    void whatIsNotReadIsRefusedByName() {
        assertThatThrownBy(() -> read(lz4Stored("00027632" + "20" + "00000001" + "61" + "00000001" + "62" + "00")))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("it removes a range of keys, as Spark 4.2 may write")
                .extracting(e -> ((TidemarkException) e).code())
                .isEqualTo(ErrorCode.STATE_FORMAT_UNSUPPORTED);
        assertThatThrownBy(() -> read(lz4Stored("00027635" + "00")))
                .hasMessageContaining("it is a changelog of version v5");
        assertThatThrownBy(() -> read(HEX.parseHex("82534e41505059000000")))
                .hasMessageContaining("compressed with snappy");
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put(StateCompression.CONF, "lzf");
        assertThatThrownBy(() -> StateCompression.of(conf)).hasMessageContaining(StateCompression.CONF + "=lzf");
    }

    @Test
    void aLengthThatCannotBeTakesNoMemory() {
        for (String lengths : List.of("2f" + "01000000" + "00000002", "25" + "00010000" + "01800000")) {
            byte[] file = HEX.parseHex("4c5a34426c6f636b" + lengths + "00000000" + "00".repeat(256));
            assertThatThrownBy(() -> read(file)).hasMessageContaining("at byte 0 the header of a block makes no sense");
        }
    }

    private static void assertRefusedOrEqual(byte[] file, List<String> records, String what) {
        List<String> found;
        try {
            found = read(file);
        } catch (TidemarkException e) {
            assertThat(e.code()).as(what).isIn(ErrorCode.STATE_FILE_CORRUPT, ErrorCode.STATE_FORMAT_UNSUPPORTED);
            assertThat(e).as(what).hasMessageContaining("'7.changelog'");
            return;
        }
        assertThat(found).as(what).isEqualTo(records);
    }

    private static List<String> randomRecords(Random random, boolean typed) {
        List<String> records = new ArrayList<>();
        int count = random.nextInt(3) == 0 ? 0 : random.nextInt(400);
        for (int i = 0; i < count; i++) {
            String key = hex(random, random.nextInt(40));
            String value = hex(random, random.nextInt(50) == 0 ? random.nextInt(70_000) : random.nextInt(60));
            int kind = random.nextInt(typed ? 3 : 2);
            records.add(kind == 0 ? "REMOVE " + key : record(kind == 1 ? "PUT" : "MERGE", key, value));
        }
        return records;
    }

    private static String hex(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return HEX.formatHex(bytes);
    }

    private static String record(String change, String key, String value) {
        return change + " " + key + " " + value;
    }

    private static byte[] write(StateCompression compression, ChangelogFormat format, List<String> records)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ChangelogWriter writer = ChangelogWriter.open(out, compression, format, LINEAGE)) {
            for (String record : records) {
                String[] parts = record.split(" ", -1);
                byte[] key = HEX.parseHex(parts[1]);
                switch (parts[0]) {
                    case "PUT" -> writer.put(key, HEX.parseHex(parts[2]));
                    case "REMOVE" -> writer.remove(key);
                    default -> {
                        byte[] value = HEX.parseHex(parts[2]);
                        writer.merge(key, 0, key.length, value, 0, value.length);
                    }
                }
            }
            assertThat(writer.records()).isEqualTo(records.size());
            writer.finish();
        }
        return out.toByteArray();
    }

    private static byte[] content(ChangelogFormat format, List<String> records) throws IOException {
        byte[] file = write(StateCompression.LZ4, format, records);
        RawBytes raw = StateCompression.open("7.changelog", file);
        byte[] content = new byte[raw.nextLength()];
        assertThat(raw.read(content, 0)).isEqualTo(content.length);
        return content;
    }

    private static List<String> read(byte[] file) {
        List<String> records = new ArrayList<>();
        try (ChangelogReader reader = ChangelogReader.open("7.changelog", file)) {
            while (reader.next()) {
                String key = HEX.formatHex(reader.copyKey());
                records.add(
                        reader.change() == ChangelogReader.Change.REMOVE
                                ? "REMOVE " + key
                                : record(reader.change().name(), key, HEX.formatHex(reader.copyValue())));
            }
            assertThat(reader.records()).isEqualTo(records.size());
        }
        return records;
    }

    /** One stored block, as a writer without compression makes it, and nothing behind it. */
    private static byte[] lz4Stored(String raw) {
        byte[] content = HEX.parseHex(raw);
        int check =
                net.jpountz.xxhash.XXHashFactory.safeInstance().hash32().hash(content, 0, content.length, 0x9747b28c)
                        & 0x0fffffff;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("LZ4Block".getBytes(UTF_8));
        out.write(0x15);
        for (int number : new int[] {content.length, content.length, content.length == 0 ? 0 : check}) {
            for (int shift = 0; shift < 32; shift += 8) {
                out.write(number >>> shift);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
