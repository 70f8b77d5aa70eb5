package io.tidemark.ops.fuzz;

import static io.tidemark.ops.fuzz.SampleCheckpoint.ROOT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.Checkpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small input that asks for much, and input that is cruel by design: no damage by chance comes to it. */
class BombsTest {
    @TempDir
    Path folder;

    @Test
    void everyReaderSurvivesCruelText() {
        List<Format> formats = new ArrayList<>(Formats.all());
        formats.removeIf(
                format -> format.name().startsWith("delta-") && !format.name().equals("delta-token"));
        for (Format format : formats) {
            cruel(format.samples().get(0)).forEach((what, content) -> {
                try {
                    Trial.of(format, content);
                } catch (AssertionError e) {
                    throw new AssertionError(what + ": " + e.getMessage(), e);
                }
            });
        }
    }

    private static Map<String, byte[]> cruel(byte[] sample) {
        String text = new String(sample, UTF_8);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("nothing but blanks", " ".repeat(4000));
        texts.put("nested arrays", "[".repeat(20_000));
        texts.put("nested and closed arrays", "[".repeat(2000) + "]".repeat(2000));
        texts.put("nested objects", "{\"a\":".repeat(4000) + "1" + "}".repeat(4000));
        texts.put("nested in the middle of a record", "{\"j\":{\"k\":" + "[".repeat(4000) + "]".repeat(4000) + "}}");
        texts.put(
                "nested in a member nobody knows", "{\"unknown\":" + "{\"a\":[".repeat(4000) + "]}".repeat(4000) + "}");
        texts.put("nested parentheses", "SELECT " + "(".repeat(3000) + "1" + ")".repeat(3000));
        texts.put("nested types", "a " + "ARRAY<".repeat(580) + "INT" + ">".repeat(580));
        texts.put("a long sum", "SELECT 1" + " + 1".repeat(3000));
        texts.put("signs", "-".repeat(4000) + "1");
        texts.put("a number of many digits", "1".repeat(4000));
        texts.put("a number with a huge exponent", "{\"a\":1e999999999,\"c\":-1e-999999999,\"d\":1E+2147483648}");
        texts.put("numbers beyond long", text.replaceAll("[0-9]+", "99999999999999999999"));
        texts.put("negative numbers", text.replaceAll("([:,])([0-9])", "$1-$2"));
        texts.put("every member twice", text.replaceAll("(\"[a-zA-Z]+\":[0-9]+)", "$1,$1"));
        texts.put("a byte order mark", "\ufeff" + text);
        texts.put("line ends of Windows", text.replace("\n", "\r\n"));
        texts.put("a lone surrogate", text.replaceAll("[a-z]", "\\\\\\\\ud800"));
        texts.put("zeros", text.replaceAll("[a-z]", "\0"));
        texts.put("the sample a hundred times", text.repeat(100));
        texts.put("aliases of aliases", aliases());
        texts.put("comments", "/*".repeat(2000));
        texts.put("quotes", "\"".repeat(4001));
        texts.put("backslashes", "\"" + "\\".repeat(4001));
        Map<String, byte[]> cruel = new LinkedHashMap<>();
        texts.forEach((what, content) -> {
            cruel.put(what, content.getBytes(UTF_8));
            cruel.put(what + ", with a checksum", CheckpointFormats.sign(content.getBytes(UTF_8)));
            cruel.put(what + ", after a version", ("v1\n" + content).getBytes(UTF_8));
        });
        byte[] ones = new byte[4096];
        Arrays.fill(ones, (byte) 0xff);
        cruel.put("all bits set", ones);
        cruel.put("no bits set", new byte[4096]);
        cruel.put("the largest length first", concat(new byte[] {0x7f, -1, -1, -1}, sample));
        return cruel;
    }

    /** The billion laughs. */
    private static String aliases() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            yaml.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1) + "]\n");
        }
        return yaml.toString();
    }

    @Test
    void aFileOfZerosUnpacksToNoMoreThanItMay() throws IOException {
        byte[] zeros = zip("CURRENT", new byte[50 << 20]);
        refused("snapshot", zeros, "claims to unpack to");
        refused("changelog-zstd", Zstd.compress(concat(length(0x7fffffff), new byte[64 << 20])), "a record claims");
        refused("changelog-zstd", Zstd.compress(concat(length(15 << 20), new byte[1 << 20])), "its content ends");
        refused("changelog-body", concat(length(0x7ffffff0), new byte[100]), "a record claims");
        refused("changelog-body", concat(length(-2), new byte[100]), "the length of a key is -2");
    }

    @Test
    void manyEntriesOverTheSameBytesCountEachTime() throws IOException {
        byte[] one = zip("000001.log", new byte[900 << 10]);
        assertThat(one.length).isLessThan(4096);
        refused("snapshot", entriesOverOne(one, 20), "claims to unpack to");
    }

    /** Lists the only entry of an archive under other names too: a directory costs next to nothing. */
    private static byte[] entriesOverOne(byte[] archive, int times) {
        ByteBuffer zip = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        int end = archive.length - 22;
        int directory = zip.getInt(end + 16);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(archive, 0, directory);
        for (int i = 0; i < times; i++) {
            out.write(archive, directory, end - directory);
        }
        byte[] tail = Arrays.copyOfRange(archive, end, archive.length);
        ByteBuffer.wrap(tail)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(8, (short) times)
                .putShort(10, (short) times)
                .putInt(12, times * (end - directory));
        out.writeBytes(tail);
        return out.toByteArray();
    }

    @Test
    void aFrameMayNotAskForMuchNativeMemory() {
        byte[] window = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((27 - 10) << 3), 1, 0, 0
        }; // 128 MiB, an empty block
        refused("changelog-zstd", window, "zstd cannot read");
    }

    @Test
    void namesThatAreNoBatchesStopAStart() {
        FilesInMemory sound = SampleCheckpoint.write(folder.resolve("checkpoint"));
        byte[] plan = sound.content(ROOT + "/offsets/2");
        for (String log : List.of("offsets", "commits")) {
            for (String name : List.of("-1", "+7", "007", "03", "-0", "9223372036854775807")) {
                FilesInMemory files = sound.with(ROOT + "/" + log + "/" + name, plan);
                assertThatThrownBy(() -> open(files))
                        .as(log + "/" + name)
                        .isInstanceOfSatisfying(TidemarkException.class, e -> assertThat(e.code())
                                .isEqualTo(ErrorCode.CHECKPOINT_FILE_CORRUPT))
                        .hasMessageContaining("/" + log + "/" + name + "'");
            }
            for (String name : List.of("3.tmp", ".3.crc", "9223372036854775808", "three", "3\n")) {
                open(sound.with(ROOT + "/" + log + "/" + name, plan));
            }
        }
    }

    @Test
    void aGapOfAnyWidthTakesNoTime() {
        FilesInMemory sound = SampleCheckpoint.write(folder.resolve("checkpoint"));
        FilesInMemory gap = sound.with(ROOT + "/offsets/999999999999999999", sound.content(ROOT + "/offsets/2"));
        String position = Trial.of(
                        new Format("a wide gap", Format.Guard.NONE, bytes -> open(gap), new byte[0]), new byte[0])
                .meaning();
        assertThat(position).contains("batchId=999999999999999999");
    }

    private static String open(FilesInMemory files) {
        try (Checkpoint checkpoint = Checkpoint.open(files, ROOT)) {
            return checkpoint.position().toString();
        }
    }

    private static void refused(String format, byte[] content, String problem) {
        Trial trial = Trial.of(Formats.named(format), content);
        assertThat(trial.refusal()).hasMessageContaining(problem);
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return out.toByteArray();
    }

    private static byte[] length(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
