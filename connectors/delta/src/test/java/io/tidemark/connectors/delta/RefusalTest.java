package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusalTest {
    @TempDir
    Path folder;

    private SinkFixture fixture;

    @BeforeEach
    void path() {
        fixture = new SinkFixture(folder.resolve("table"));
    }

    private AbstractThrowableAssert<?, ?> assertRefused(ErrorCode code) {
        AbstractThrowableAssert<?, ?> refusal = assertThatThrownBy(fixture::open);
        refusal.asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(code, TidemarkException::code);
        return refusal.hasMessageNotContainingAny("\n");
    }

    private void makeTable() {
        SinkFixture.run(fixture.open(), 0, 1, fixture.batch(new Object[] {1L, "/home"}));
    }

    /** Writes version 1 by hand: a line of the log each. */
    private void nextVersion(String... lines) throws IOException {
        Files.writeString(
                fixture.path.resolve("_delta_log/00000000000000000001.json"), String.join("\n", lines) + "\n");
    }

    private String metaData(String from, String to) throws IOException {
        String line = Files.readAllLines(new DeltaLog(fixture.path).commits().get(0)).stream()
                .filter(l -> l.contains("\"metaData\""))
                .findFirst()
                .orElseThrow();
        assertThat(line).contains(from);
        return line.replace(from, to);
    }

    @Test
    void updateModeWithoutKeysIsRefused() {
        fixture.mode = OutputMode.UPDATE;
        assertRefused(ErrorCode.SINK_OUTPUT_MODE_UNSUPPORTED).hasMessageContaining("mergeKeys");
    }

    @Test
    void aMissingPathIsRefused() {
        fixture.options.clear();
        assertRefused(ErrorCode.MISSING_OPTION);
    }

    @Test
    void aFolderOfOtherFilesIsRefusedAndLeftAlone() throws IOException {
        Files.createDirectories(fixture.path.resolve("sub"));
        Files.writeString(fixture.path.resolve("sub/data.csv"), "a,b");
        assertRefused(ErrorCode.SINK_PATH_NOT_A_TABLE).hasMessageContaining("sub/data.csv");
        assertThat(fixture.path.resolve("_delta_log")).doesNotExist();
    }

    @Test
    void aCheckpointInsideTheTablesFolderIsNoReasonToRefuseIt() throws IOException {
        Files.createDirectories(fixture.path.resolve("ck/offsets"));
        Files.writeString(fixture.path.resolve("ck/metadata"), "{}");
        fixture.options.put("checkpointLocation", fixture.path.resolve("ck").toString());
        makeTable();
        assertThat(new DeltaLog(fixture.path).commits()).hasSize(1);
    }

    @Test
    void aFileInPlaceOfTheFolderIsRefused() throws IOException {
        Files.writeString(fixture.path, "x");
        assertRefused(ErrorCode.SINK_PATH_NOT_A_TABLE);
    }

    @Test
    void everyColumnThatDoesNotFitIsNamed() {
        makeTable();
        fixture.schema = StructType.EMPTY
                .add("id", AtomicType.STRING)
                .add("page", AtomicType.STRING)
                .add("more", AtomicType.INT);
        assertRefused(ErrorCode.SINK_SCHEMA_MISMATCH)
                .hasMessageContaining("column 'id' is string in the query and bigint in the table")
                .hasMessageContaining("column 'more' is extra");
    }

    @Test
    void columnsThatTheQueryLacksBecomeNullAndCaseDoesNotMatter() throws IOException {
        makeTable();
        fixture.schema = StructType.EMPTY.add("ID", AtomicType.BIGINT);
        SinkFixture.run(fixture.open(), 1, 1, fixture.batch(new Object[] {2L}));
        assertThat(KernelReader.read(fixture.path))
                .containsExactlyInAnyOrder(Arrays.asList(1L, "/home"), Arrays.asList(2L, null));
    }

    @Test
    void anotherPartitioningIsRefusedAndNoneMeansTheTables() {
        fixture.partitionBy = List.of("page");
        makeTable();
        fixture.partitionBy = List.of("id");
        assertRefused(ErrorCode.SINK_SCHEMA_MISMATCH).hasMessageContaining("the table by [page]");
        fixture.partitionBy = List.of();
        SinkFixture.run(fixture.open(), 1, 1, fixture.batch(new Object[] {2L, "/x"}));
        assertThat(fixture.path.resolve("page=%2Fx")).isDirectory();
    }

    @Test
    void columnsThatNoTableCanHoldAreRefused() {
        fixture.schema = StructType.EMPTY
                .add("n", AtomicType.NULL)
                .add("a", new ArrayType(AtomicType.NULL))
                .add("N", AtomicType.INT);
        assertRefused(ErrorCode.SINK_SCHEMA_MISMATCH)
                .hasMessageContaining("column 'n' is of type void")
                .hasMessageContaining("column 'a' is of type array<void>")
                .hasMessageContaining("column 'N' occurs twice");
        fixture.schema = StructType.EMPTY.add("a b", AtomicType.INT);
        assertRefused(ErrorCode.SINK_SCHEMA_MISMATCH).hasMessageContaining("a b");
    }

    @Test
    void partitionColumnsMustExistAndNotBeAll() {
        fixture.partitionBy = List.of("nowhere");
        assertRefused(ErrorCode.SINK_SCHEMA_MISMATCH).hasMessageContaining("'nowhere' is not among [id, page]");
        fixture.partitionBy = List.of("id", "page");
        assertRefused(ErrorCode.SINK_SCHEMA_MISMATCH).hasMessageContaining("every column");
    }

    @Test
    void wrongOptionsAreRefused() {
        fixture.options.put("compression", "lzo");
        assertRefused(ErrorCode.INVALID_OPTION).hasMessageContaining("snappy, zstd or uncompressed");
        fixture.options.remove("compression");
        fixture.options.put("mergeSchema", "true");
        assertRefused(ErrorCode.INVALID_OPTION);
        fixture.options.remove("mergeSchema");
        fixture.options.put("delta.noSuchProperty", "1");
        assertRefused(ErrorCode.INVALID_OPTION).hasMessageContaining("delta.noSuchProperty");
    }

    @Test
    void tablePropertiesOfTheQueryStandInTheTableItMakes() {
        fixture.options.put("delta.checkpointInterval", "3");
        fixture.options.put("delta.dataSkippingNumIndexedCols", "1");
        makeTable();
        DeltaLog log = new DeltaLog(fixture.path);
        assertThat(log.actions(0, "metaData").get(0).get("configuration").toString())
                .contains("\"delta.checkpointInterval\":\"3\"");
        assertThat(log.actions(0, "add").get(0).get("stats").textValue())
                .contains("\"id\"")
                .doesNotContain("\"page\"");
    }

    @Test
    void tableFeaturesThatAreNotSupportedAreNamed() throws IOException {
        makeTable();
        nextVersion("{\"protocol\":{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"futureThing\"],"
                + "\"writerFeatures\":[\"futureThing\"]}}");
        assertRefused(ErrorCode.SINK_TABLE_UNSUPPORTED).hasMessageContaining("futureThing");
    }

    @Test
    void checkConstraintsAreRefused() throws IOException {
        makeTable();
        nextVersion(
                "{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":3}}",
                metaData("\"configuration\":{", "\"configuration\":{\"delta.constraints.c\":\"id > 0\""));
        assertRefused(ErrorCode.SINK_TABLE_UNSUPPORTED).hasMessageContaining("checkConstraints");
    }

    @Test
    void columnMappingIsRefused() throws IOException {
        makeTable();
        nextVersion(
                "{\"protocol\":{\"minReaderVersion\":2,\"minWriterVersion\":5}}",
                metaData(
                                "\"configuration\":{",
                                "\"configuration\":{\"delta.columnMapping.mode\":\"name\","
                                        + "\"delta.columnMapping.maxColumnId\":\"2\"")
                        .replace(
                                "\\\"metadata\\\":{}",
                                "\\\"metadata\\\":{\\\"delta.columnMapping.id\\\":1,"
                                        + "\\\"delta.columnMapping.physicalName\\\":\\\"c1\\\"}"));
        assertRefused(ErrorCode.SINK_TABLE_UNSUPPORTED).hasMessageContaining("columnMapping");
    }

    @Test
    void completeModeIsRefusedWhereTheTableOnlyTakesAppends() {
        fixture.options.put("delta.appendOnly", "true");
        makeTable();
        fixture.mode = OutputMode.COMPLETE;
        assertRefused(ErrorCode.SINK_TABLE_UNSUPPORTED).hasMessageContaining("delta.appendOnly");
    }

    @Test
    void aNullWhereTheTableSaysNotNullIsRefusedWithTheColumn() throws IOException {
        makeTable();
        nextVersion(metaData(
                "\\\"name\\\":\\\"page\\\",\\\"type\\\":\\\"string\\\",\\\"nullable\\\":true",
                "\\\"name\\\":\\\"page\\\",\\\"type\\\":\\\"string\\\",\\\"nullable\\\":false"));
        Sink sink = fixture.open();
        SinkFixture.run(sink, 1, 1, fixture.batch(new Object[] {2L, "/x"}));
        List<@Nullable Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {3L, null});
        assertThatThrownBy(() -> SinkFixture.stage(sink, 2, 1, SinkFixture.batch(fixture.schema, rows)))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("column 'page'")
                .hasMessageContaining("NOT NULL");

        fixture.schema = StructType.EMPTY.add("id", AtomicType.BIGINT);
        assertRefused(ErrorCode.SINK_SCHEMA_MISMATCH).hasMessageContaining("'page' is missing");
    }
}
