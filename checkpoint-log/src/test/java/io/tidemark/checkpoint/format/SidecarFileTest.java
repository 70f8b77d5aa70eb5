package io.tidemark.checkpoint.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.LostRange;
import io.tidemark.checkpoint.format.PlanRecord.Difference;
import io.tidemark.checkpoint.format.PlanRecord.OperatorRecord;
import io.tidemark.checkpoint.format.PlanRecord.SourceRecord;
import io.tidemark.checkpoint.format.PreparedBatch.StagedFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SidecarFileTest {
    private static final UUID ID = UUID.fromString("0da797f0-6c12-4954-89cf-cea200a87f97");
    private static final FileDigest OFFSETS = new FileDigest(783, 0xdeadbeef);

    @Test
    void anEpochReadsAsOneLineThatEndsInItsChecksum() {
        EpochRecord epoch = new EpochRecord(3, "host-1", 42, 1795146730035L, "a-b-c");
        byte[] file = SidecarFile.encode(epoch);
        assertThat(new String(file, StandardCharsets.UTF_8))
                .matches("\\{\"kind\":\"epoch\",\"version\":1,\"epoch\":3,\"host\":\"host-1\",\"pid\":42,"
                        + "\"startedAt\":1795146730035,\"attemptUuid\":\"a-b-c\",\"crc32c\":\"[0-9a-f]{8}\"}");
        assertThat(SidecarFile.decodeEpoch("epoch/3", file)).isEqualTo(epoch);
    }

    @Test
    void everyFieldOfASealedPlanIsReadBack() {
        assertThat(SidecarFile.decodeSealed("sealed/5", SidecarFile.encode(sealed())))
                .isEqualTo(sealed());
        SealedPlan first = new SealedPlan(ID, 0, 1, "u", OFFSETS, OFFSETS, null, List.of(), plan("Append"));
        assertThat(SidecarFile.decodeSealed("sealed/0", SidecarFile.encode(first)))
                .isEqualTo(first);
        SealedPlan found = new SealedPlan(
                ID,
                0,
                1,
                "u",
                OFFSETS,
                OFFSETS,
                null,
                List.of(),
                plan("Append"),
                new SealedPlan.SinkRecord("delta", "/data/t \"é\""));
        assertThat(SidecarFile.decodeSealed("sealed/0", SidecarFile.encode(found)))
                .isEqualTo(found);
    }

    /** Whoever can write a prepared file can make its checksum fit too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "/etc/passwd",
                "state/../../offsets/0",
                "state/%2e%2e/%2e%2e/x",
                "s3a://b/x",
                "offsets/0",
                "metadata"
            })
    void aStateFileOutsideOfTheStateIsRefusedByName(String path) {
        FileDigest digest = new FileDigest(3, 4);
        PreparedBatch good = prepared(new CommitMetadata(9000));
        for (StagedFile file : List.of(
                new StagedFile("_tidemark/staged/5/x.changelog", path, digest),
                new StagedFile(path, "state/0/1/6.changelog", digest))) {
            PreparedBatch bad = new PreparedBatch(
                    good.queryId(),
                    good.batchId(),
                    good.attempt(),
                    good.epoch(),
                    good.attemptUuid(),
                    good.offsets(),
                    List.of(file),
                    good.sinkToken(),
                    good.commit(),
                    good.operatorWatermarks(),
                    good.rowCounts(),
                    good.losses(),
                    good.tableId(),
                    good.tableMetadataHash());
            assertThatThrownBy(() -> SidecarFile.decodePrepared("prepared/5", SidecarFile.encode(bad)))
                    .isInstanceOf(ControlFileException.class)
                    .hasMessageContainingAll("prepared/5", "names the file '" + path + "'");
        }
    }

    @Test
    void everyFieldOfAPreparedBatchIsReadBack() {
        PreparedBatch prepared = prepared(new CommitMetadata(9000));
        PreparedBatch read = SidecarFile.decodePrepared("prepared/5.2", SidecarFile.encode(prepared));
        assertThat(read).isEqualTo(prepared);
        assertThat(read.commitDigest()).isEqualTo(FileDigest.of(CommitFile.encode(prepared.commit())));
        TreeMap<Long, List<List<String>>> ids = new TreeMap<>();
        ids.put(0L, List.of(List.of("e47c", "97b6")));
        PreparedBatch versionTwo = prepared(new CommitMetadata(9000, ids));
        assertThat(SidecarFile.decodePrepared("prepared/5.2", SidecarFile.encode(versionTwo)))
                .isEqualTo(versionTwo);
    }

    @Test
    void everyFieldOfALossIsReadBack() {
        LossRecord loss = new LossRecord(ID, 5, OFFSETS, List.of(new LostRange("t", 1, 2, -1, -1, "gone\n\"é\"")));
        assertThat(SidecarFile.decodeLoss("loss/5", SidecarFile.encode(loss))).isEqualTo(loss);
    }

    @Test
    void everyFlippedBitAndEveryCutIsNoticed() {
        byte[] whole = SidecarFile.encode(prepared(new CommitMetadata(9000)));
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> SidecarFile.decodePrepared("prepared/5", flipped))
                    .isInstanceOf(ControlFileException.class);
        }
        for (int length = 0; length <= whole.length + 1; length++) {
            if (length != whole.length) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThatThrownBy(() -> SidecarFile.decodePrepared("prepared/5", cut))
                        .isInstanceOf(ControlFileException.class)
                        .hasMessageContaining("prepared/5");
            }
        }
    }

    @Test
    void aFileOfAnotherKindIsNotTakenForThis() {
        assertThatThrownBy(() -> SidecarFile.decodePrepared("prepared/5", SidecarFile.encode(sealed())))
                .isInstanceOf(ControlFileException.class)
                .hasMessageContaining("it is a 'sealed' file, not 'prepared'");
    }

    @Test
    void aPlanMayGoOnOnlyUnchanged() {
        assertThat(plan("Append").differencesTo(plan("Append"))).isEmpty();
        assertThat(plan("Append").differencesTo(plan("Update")))
                .containsExactly(new Difference("output mode", "Append", "Update"));
        PlanRecord other = new PlanRecord(
                List.of(new SourceRecord("kafka", "Subscribe[orders]"), new SourceRecord("rate", "")),
                List.of(),
                "Append",
                "UTC",
                false);
        assertThat(plan("Append").differencesTo(other))
                .extracting(Difference::toString)
                .containsExactly(
                        "number of sources was '1' and is '2'",
                        "source 0 was 'Subscribe[clicks]' and is 'Subscribe[orders]'",
                        "number of stateful operators was '1' and is '0'",
                        "ANSI mode was 'true' and is 'false'");
    }

    private static PlanRecord plan(String outputMode) {
        return new PlanRecord(
                List.of(new SourceRecord("kafka", "Subscribe[clicks]")),
                List.of(new OperatorRecord(0, "stateStoreSave", "k STRING", "v BIGINT", "ts", 600_000)),
                outputMode,
                "UTC",
                true);
    }

    private static SealedPlan sealed() {
        return new SealedPlan(
                ID,
                5,
                2,
                "attempt",
                OFFSETS,
                new FileDigest(45, 1),
                new FileDigest(29, -1),
                List.of(Optional.of("{\"topicIds\":{}}"), Optional.empty()),
                plan("Append"));
    }

    private static PreparedBatch prepared(CommitMetadata commit) {
        TreeMap<String, Long> rows = new TreeMap<>();
        rows.put("numInputRows", 10L);
        return new PreparedBatch(
                ID,
                5,
                2,
                3,
                "attempt",
                OFFSETS,
                List.of(new StagedFile("_tidemark/staged/5/a/x", "state/0/1/6.changelog", new FileDigest(90, 7))),
                "{\"sink\":\"token\"}",
                commit,
                List.of(-1L, 9000L),
                rows,
                List.of(new LostRange("clicks", 0, 3, 9, 6, "expired")),
                "4e35fe05",
                "hash");
    }
}
