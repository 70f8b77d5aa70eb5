package io.tidemark.runtime.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.state.StateStoreSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorFilesTest {
    private static final FakeOperator COUNTS = new FakeOperator(0, "stateStoreSave");
    private static final FakeOperator DEDUPE = new FakeOperator(1, "dedupe");

    @TempDir
    Path root;

    @BeforeEach
    void aFirstBatchHasRun() {
        files(COUNTS, DEDUPE).createMissing(5);
    }

    private OperatorFiles files(StatefulOperator... operators) {
        return new OperatorFiles(Checkpoint.open(LocalStorage.create(), root.toString()), List.of(operators));
    }

    private static FakeOperator with(FakeOperator operator, StructType key, StructType value) {
        return new FakeOperator(operator.id(), operator.name(), new StateStoreSpec(key, value), 0);
    }

    private static void refused(ErrorCode code, ThrowingCallable check, String... parts) {
        assertThatThrownBy(check)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(parts);
    }

    @Test
    void sparkFindsWhatItWouldHaveWritten() throws Exception {
        assertThat(root.resolve("state/0/_metadata/metadata"))
                .hasContent(
                        "v1\n{\"operatorInfo\":{\"operatorId\":0,\"operatorName\":\"stateStoreSave\"},"
                                + "\"stateStoreInfo\":[{\"storeName\":\"default\",\"numColsPrefixKey\":0,\"numPartitions\":5}]}");
        assertThat(new String(
                        Files.readAllBytes(root.resolve("state/0/0/_metadata/schema")), StandardCharsets.ISO_8859_1))
                .contains(
                        "\"name\":\"page\",\"type\":\"string\",\"nullable\":true",
                        "\"name\":\"count\",\"type\":\"long\"");
    }

    @Test
    void theSameOperatorsGoOnAndNothingIsRewritten() throws Exception {
        byte[] foreign =
                "v1\n{\"operatorInfo\":{\"operatorId\":0,\"operatorName\":\"stateStoreSave\"},\"stateStoreInfo\":[{\"storeName\":\"default\",\"numColsPrefixKey\":0,\"numPartitions\":5}],\"more\":1}"
                        .getBytes(StandardCharsets.UTF_8);
        Files.write(root.resolve("state/0/_metadata/metadata"), foreign);
        Files.deleteIfExists(root.resolve("state/0/_metadata/.metadata.crc"));
        files(COUNTS, DEDUPE).check(3, true);
        files(COUNTS, DEDUPE).createMissing(9);
        assertThat(root.resolve("state/0/_metadata/metadata")).hasBinaryContent(foreign);
    }

    @Test
    void anOperatorMoreOrLessOrAnotherIsRefused() {
        refused(
                ErrorCode.STATE_OPERATORS_CHANGED,
                () -> files(COUNTS).check(3, true),
                "checkpoint has a stateful operator 1 ('dedupe')");
        refused(
                ErrorCode.STATE_OPERATORS_CHANGED,
                () -> files(COUNTS, DEDUPE, new FakeOperator(2, "globalLimit")).check(3, true),
                "query has a stateful operator 2 ('globalLimit')");
        refused(
                ErrorCode.STATE_OPERATORS_CHANGED,
                () -> files(new FakeOperator(0, "dedupe"), DEDUPE).check(3, true),
                "operator 0 is 'stateStoreSave' in the checkpoint and 'dedupe' in the query");
        refused(ErrorCode.STATE_OPERATORS_CHANGED, () -> files().check(3, true), "operator 0 ('stateStoreSave')");
    }

    @Test
    void aCrashInTheFirstBatchMayHaveLeftHalfOfTheFiles() throws Exception {
        Files.delete(root.resolve("state/1/_metadata/metadata"));
        assertThatCode(() -> files(COUNTS, DEDUPE).check(0, false)).doesNotThrowAnyException();
        files(COUNTS, DEDUPE).createMissing(5);
        assertThat(root.resolve("state/1/_metadata/metadata")).exists();
    }

    @Test
    void rowsOfOtherTypesAreRefusedAndOtherNamesAreNot() {
        StructType renamed = StructType.EMPTY.add("site", AtomicType.STRING);
        StructType other = StructType.EMPTY.add("page", AtomicType.BIGINT);
        assertThatCode(() ->
                        files(with(COUNTS, renamed, FakeOperator.VALUE), DEDUPE).check(3, true))
                .doesNotThrowAnyException();
        refused(
                ErrorCode.STATE_SCHEMA_MISMATCH,
                () -> files(with(COUNTS, other, FakeOperator.VALUE), DEDUPE).check(3, true),
                "state/0/0/_metadata/schema",
                "key",
                "page is string");
        refused(
                ErrorCode.STATE_SCHEMA_MISMATCH,
                () -> files(with(COUNTS, FakeOperator.KEY, FakeOperator.KEY), DEDUPE)
                        .check(3, true),
                "value");
        assertThatCode(() -> files(COUNTS, with(DEDUPE, FakeOperator.KEY, FakeOperator.KEY))
                        .check(3, true))
                .as("Spark compares no values of deduplications")
                .doesNotThrowAnyException();
    }

    @Test
    void aCheckpointThatDescribesNothingPasses() {
        OperatorFiles elsewhere = new OperatorFiles(
                Checkpoint.open(LocalStorage.create(), root.resolve("other").toString()), List.of(COUNTS));
        assertThatCode(() -> elsewhere.check(3, true)).doesNotThrowAnyException();
    }
}
