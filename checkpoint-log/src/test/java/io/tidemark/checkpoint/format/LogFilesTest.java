package io.tidemark.checkpoint.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The files that Spark reads too; what is literal here is Spark's own output. */
class LogFilesTest {
    /** Written by Spark 4.1.3 with one file source and one that had no file yet. */
    private static final String SPARK_OFFSETS = "v1\n"
            + "{\"batchWatermarkMs\":0,\"batchTimestampMs\":1795146730035,\"conf\":{"
            + "\"spark.sql.streaming.stateStore.providerClass\":"
            + "\"org.apache.spark.sql.execution.streaming.state.HDFSBackedStateStoreProvider\","
            + "\"spark.sql.streaming.stateStore.rocksdb.formatVersion\":\"5\","
            + "\"spark.sql.streaming.stateStore.encodingFormat\":\"unsaferow\","
            + "\"spark.sql.streaming.statefulOperator.useStrictDistribution\":\"true\","
            + "\"spark.sql.streaming.flatMapGroupsWithState.stateFormatVersion\":\"2\","
            + "\"spark.sql.streaming.multipleWatermarkPolicy\":\"min\","
            + "\"spark.sql.streaming.aggregation.stateFormatVersion\":\"2\","
            + "\"spark.sql.shuffle.partitions\":\"1\","
            + "\"spark.sql.streaming.join.stateFormatVersion\":\"2\","
            + "\"spark.sql.streaming.stateStore.compression.codec\":\"lz4\","
            + "\"spark.sql.optimizer.pruneFiltersCanPruneStreamingSubplan\":\"false\"}}\n"
            + "{\"logOffset\":0}\n"
            + "-";

    private static final UUID ID = UUID.fromString("0da797f0-6c12-4954-89cf-cea200a87f97");

    @Test
    void sparksOffsetsAreReadAndWrittenByteForByte() {
        assertThat(bytes(SPARK_OFFSETS)).hasSize(783);
        BatchPlan plan = offsets(SPARK_OFFSETS);
        assertThat(plan.metadata().batchTimestampMs()).isEqualTo(1795146730035L);
        assertThat(plan.metadata().conf()).containsOnlyKeys(ConfKeys.SPARK_4_1);
        assertThat(plan.offsets()).containsExactly(Optional.of(new Offset("{\"logOffset\":0}")), Optional.empty());
        assertThat(text(OffsetFile.encode(plan))).isEqualTo(SPARK_OFFSETS);
        assertThat(HexFormat.ofDelimiter(" ").formatHex(OffsetFile.encode(plan)))
                .endsWith("7d 7d 0a 7b 22 6c 6f 67 4f 66 66 73 65 74 22 3a 30 7d 0a 2d");
    }

    @Test
    void theOrderOfTheElevenKeysIsThatOfScalasMap() {
        assertThat(ScalaMapOrder.of(new TreeSet<>(ConfKeys.SPARK_4_1), String::hashCode))
                .isEqualTo(ConfKeys.SPARK_4_1);
    }

    @Test
    void theFifteenKeysOfSpark42ComeInItsOrder() {
        List<String> written = new ArrayList<>(ConfKeys.SPARK_4_1);
        written.add(1, "spark.sql.streaming.stateStore.rocksdb.mergeOperatorVersion");
        written.add(3, "spark.sql.streaming.queryEvolution.enableSourceEvolution");
        written.add(
                written.indexOf(ConfKeys.WATERMARK_POLICY) + 1, "spark.sql.streaming.stateStore.rowChecksum.enabled");
        written.add(written.indexOf(ConfKeys.AGGREGATION_FORMAT) + 1, "spark.sql.function.protobufExtensions.enabled");
        List<String> shuffled = new ArrayList<>(written);
        Collections.shuffle(shuffled, new Random(42));
        assertThat(ScalaMapOrder.of(shuffled, String::hashCode)).isEqualTo(written);
        SortedMap<String, String> conf = new TreeMap<>();
        written.forEach(key -> conf.put(key, "x"));
        String text = text(OffsetFile.encode(new BatchPlan(0, new OffsetSeqMetadata(0, 0, conf), List.of())));
        assertThat(written)
                .isSortedAccordingTo((a, b) -> Integer.compare(text.indexOf(a + "\""), text.indexOf(b + "\"")));
    }

    @Test
    void oldOffsetsWithoutMetadataOrConfAreRead() {
        assertThat(offsets("v1\n\n5").metadata()).isEqualTo(new OffsetSeqMetadata(0, 0, new TreeMap<>()));
        assertThat(offsets("v1\n\n5").offsets()).containsExactly(Optional.of(new Offset("5")));
        assertThat(offsets("v1\n{\"batchWatermarkMs\":7,\"batchTimestampMs\":9}\n5\n")
                        .metadata())
                .isEqualTo(new OffsetSeqMetadata(7, 9, new TreeMap<>()));
        assertThat(offsets("v1\r\n{\"batchWatermarkMs\":7,\"new\":[1,{}]}\r\n-\r5")
                        .offsets())
                .containsExactly(Optional.empty(), Optional.of(new Offset("5")));
    }

    @Test
    void versionTwoIsReadByItsSourceIds() {
        String head = "v2\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":1795146635819,\"conf\":{},"
                + "\"sourceMetadataInfo\":{}}\n";
        BatchPlan plan = offsets(head + "2:{\"a\":{\"0\":1}}\n0:-");
        assertThat(plan.offsetsFor(3))
                .containsExactly(Optional.empty(), Optional.empty(), Optional.of(new Offset("{\"a\":{\"0\":1}}")));
        assertFails(ErrorCode.CHECKPOINT_PLAN_CHANGED, "the query has 2 sources", () -> plan.offsetsFor(2));
        BatchPlan named = offsets(head + "mysrc:{\"logOffset\":0}");
        assertThat(named.sourceIds()).containsExactly("mysrc");
        assertFails(ErrorCode.CHECKPOINT_PLAN_CHANGED, "'mysrc' has a name", () -> named.offsetsFor(1));
        assertFails(ErrorCode.CHECKPOINT_FILE_CORRUPT, "line 3 names no source", () -> offsets(head + "{}"));
        assertFails(ErrorCode.CHECKPOINT_FILE_CORRUPT, "line 2", () -> offsets("v2\n\n0:5"));
    }

    @Test
    void aQueryWithAnotherNumberOfSourcesIsTold() {
        assertFails(
                ErrorCode.CHECKPOINT_PLAN_CHANGED, "it holds 2 sources, the query has 3", () -> offsets(SPARK_OFFSETS)
                        .offsetsFor(3));
    }

    @Test
    void theVersionLineFollowsSparksRules() {
        for (String line : List.of("", "v", "v0", "v-1", "v1x", "1", "V1", " v1", "v1 ", "v01")) {
            assertFails(ErrorCode.CHECKPOINT_FILE_CORRUPT, "first line", () -> offsets(line + "\n{}\n5"));
        }
        assertFails(ErrorCode.CHECKPOINT_VERSION_UNSUPPORTED, "v3", () -> offsets("v3\n{}\n5"));
        assertFails(ErrorCode.CHECKPOINT_VERSION_UNSUPPORTED, "v4", () -> commit("v4\n{}"));
        assertThat(commit(" v1 \n{\"nextBatchWatermarkMs\":3}").nextBatchWatermarkMs())
                .isEqualTo(3);
    }

    @Test
    void sparksCommitsAreReadAndWrittenByteForByte() {
        byte[] v1 = HexFormat.ofDelimiter(" ")
                .parseHex("76 31 0a 7b 22 6e 65 78 74 42 61 74 63 68 57 61 74 65 72 6d 61 72 6b 4d 73 22 3a 30 7d");
        assertThat(v1).hasSize(29);
        assertThat(CommitFile.encode(new CommitMetadata(0))).isEqualTo(v1);
        assertThat(CommitFile.decode("commits/0", 0, v1)).isEqualTo(new CommitMetadata(0));
        assertThat(CommitFile.encode(new CommitMetadata(0, new TreeMap<>()))).hasSize(49);
        String v2 = "v2\n{\"nextBatchWatermarkMs\":9000,\"stateUniqueIds\":{\"0\":[[\"a\",\"b\"],[\"c\",\"d\"]],"
                + "\"1\":[[\"e\"]]}}";
        assertThat(text(CommitFile.encode(commit(v2)))).isEqualTo(v2);
        assertThat(commit("v1\n{}")).isEqualTo(new CommitMetadata(0));
        assertThat(commit("v1")).isEqualTo(new CommitMetadata(0));
        assertThat(CommitFile.hasBody(bytes("v1\n"))).isFalse();
        assertThat(CommitFile.hasBody(v1)).isTrue();
    }

    @Test
    void aCommitOfVersionThreeIsRead() {
        CommitMetadata commit =
                commit("v3\n{\"nextBatchWatermarkMs\":5,\"sinkMetadataMap\":{\"snkA\":{\"sinkName\":\"snkA\","
                        + "\"commitOffset\":\"-\",\"providerName\":\"x\",\"apiVersion\":\"DSv1\",\"isActive\":true}}}");
        assertThat(commit).isEqualTo(new CommitMetadata(5));
    }

    @Test
    void metadataIsFortyFiveBytes() {
        byte[] file = MetadataFile.encode(new StreamMetadata(ID));
        assertThat(text(file))
                .isEqualTo("{\"id\":\"0da797f0-6c12-4954-89cf-cea200a87f97\"}")
                .hasSize(45);
        assertThat(MetadataFile.decode("metadata", file)).isEqualTo(new StreamMetadata(ID));
        assertThat(MetadataFile.decode("metadata", bytes(text(file) + "\n"))).isEqualTo(new StreamMetadata(ID));
        for (String broken :
                List.of("", "{}", "{\"id\":3}", "{\"id\":\"x\"}", "{\"id\":\"1-2-3-4-5\"}", text(file) + "}")) {
            assertFails(
                    ErrorCode.CHECKPOINT_FILE_CORRUPT,
                    "'/ck/metadata'",
                    () -> MetadataFile.decode("/ck/metadata", bytes(broken)));
        }
    }

    @Test
    void whateverWasPlannedIsReadBack() {
        Random random = new Random(20261120);
        for (int round = 0; round < 500; round++) {
            TreeMap<String, String> conf = new TreeMap<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                conf.put("key." + random.nextInt(1000), randomText(random));
            }
            List<Optional<Offset>> offsets = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                offsets.add(
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(new Offset("{\"é/t\":{\"0\":" + random.nextLong() + "}}")));
            }
            BatchPlan plan =
                    new BatchPlan(round, new OffsetSeqMetadata(random.nextLong(), random.nextLong(), conf), offsets);
            byte[] file = OffsetFile.encode(plan);
            assertThat(OffsetFile.decode("offsets/" + round, round, file)).isEqualTo(plan);
            assertThat(file[file.length - 1]).isNotEqualTo((byte) '\n');
        }
    }

    @Test
    void aCutOffsetsFileIsAnErrorOrHasFewerLines() {
        byte[] whole = bytes(SPARK_OFFSETS);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                BatchPlan plan = OffsetFile.decode("/ck/offsets/0", 0, cut);
                assertThatThrownBy(() -> plan.offsetsFor(2))
                        .as("%d bytes", length)
                        .isInstanceOf(TidemarkException.class);
            } catch (ControlFileException e) {
                assertThat(e).hasMessageContaining("'/ck/offsets/0'").hasMessageContaining("Restore it");
            }
        }
    }

    @Test
    void noBytesMakeAReaderFailInAnyOtherWay() {
        Random random = new Random(7);
        byte[] whole = bytes(SPARK_OFFSETS);
        byte[] commit = bytes("v2\n{\"nextBatchWatermarkMs\":9000,\"stateUniqueIds\":{\"0\":[[\"a\",\"b\"]]}}");
        for (int round = 0; round < 20_000; round++) {
            byte[] broken = (round % 2 == 0 ? whole : commit).clone();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            try {
                OffsetFile.decode("offsets/0", 0, broken);
                CommitFile.decode("commits/0", 0, broken);
            } catch (ControlFileException e) {
                assertThat(e.file()).isNotEmpty();
            }
        }
        assertFails(ErrorCode.CHECKPOINT_FILE_CORRUPT, "not valid JSON", () -> commit("v1\n" + "{\"a\":".repeat(5000)));
        assertFails(
                ErrorCode.CHECKPOINT_FILE_CORRUPT,
                "64 bits",
                () -> commit("v1\n{\"nextBatchWatermarkMs\":99999999999999999999}"));
        assertFails(
                ErrorCode.CHECKPOINT_FILE_CORRUPT,
                "not valid JSON",
                () -> commit("v1\n{\"nextBatchWatermarkMs\":1,\"nextBatchWatermarkMs\":2}"));
    }

    private static String randomText(Random random) {
        String alphabet = "ab\"\\/é\n\t\u0001😀 {}:,";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.appendCodePoint(alphabet.codePointAt(
                    alphabet.offsetByCodePoints(0, random.nextInt(alphabet.codePointCount(0, alphabet.length())))));
        }
        return text.toString();
    }

    private static BatchPlan offsets(String text) {
        return OffsetFile.decode("/ck/offsets/0", 0, bytes(text));
    }

    private static CommitMetadata commit(String text) {
        return CommitFile.decode("/ck/commits/0", 0, bytes(text));
    }

    private static void assertFails(ErrorCode code, String text, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
