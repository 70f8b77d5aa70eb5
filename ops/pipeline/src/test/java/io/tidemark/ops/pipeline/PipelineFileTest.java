package io.tidemark.ops.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineFileTest {
    private static final String WHOLE =
            """
            name: clicks-per-page
            sources:
              clicks:
                format: kafka
                options:
                  kafka.bootstrap.servers: ${KAFKA:-localhost:9092}
                  subscribe: clicks
                  maxOffsetsPerTrigger: 500000
                  failOnDataLoss: false
            views:
              - name: events
                sql: |
                  SELECT value,
                    timestamp FROM clicks
                watermark: { column: timestamp, delay: 10 minutes }
            sql: SELECT * FROM events
            sink:
              format: delta
              path: data/clicks
              partitionBy: [page]
              mergeKeys: [page, "a,b"]
              options: {}
            outputMode: append
            trigger: { processingTime: 30 seconds }
            checkpointLocation: data/checkpoints/clicks
            conf:
              spark.sql.shuffle.partitions: 8
            """;

    @Test
    void everyKeyOfAFileIsRead() {
        PipelineFile file = parse(WHOLE);

        assertThat(file.name()).isEqualTo("clicks-per-page");
        assertThat(file.sources()).singleElement().satisfies(source -> {
            assertThat(source.name()).isEqualTo("clicks");
            assertThat(source.format()).isEqualTo("kafka");
            assertThat(source.options())
                    .containsEntry("kafka.bootstrap.servers", "localhost:9092")
                    .containsEntry("maxOffsetsPerTrigger", "500000")
                    .containsEntry("failOnDataLoss", "false");
        });
        assertThat(file.views()).singleElement().satisfies(view -> {
            assertThat(view.sql().text()).isEqualTo("SELECT value,\n  timestamp FROM clicks\n");
            assertThat(view.watermark().delay()).isEqualTo("10 minutes");
        });
        assertThat(file.sql().text()).isEqualTo("SELECT * FROM events");
        assertThat(file.sink().path()).isEqualTo("data/clicks");
        assertThat(file.sink().partitionBy()).containsExactly("page");
        assertThat(file.sink().mergeKeys()).containsExactly("page", "a,b");
        assertThat(file.outputMode()).isEqualTo(OutputMode.APPEND);
        assertThat(file.trigger()).isEqualTo(Trigger.ProcessingTime(Duration.ofSeconds(30)));
        assertThat(file.checkpointLocation()).isEqualTo("data/checkpoints/clicks");
        assertThat(file.conf()).containsEntry("spark.sql.shuffle.partitions", "8");
    }

    @Test
    void jsonIsAPipelineFileToo() {
        PipelineFile file = parse("{\"name\":\"a\",\"sources\":{\"s\":{\"format\":\"rate\"}},\"sql\":\"SELECT 1\","
                + "\"sink\":{\"format\":\"noop\"},\"trigger\":{\"availableNow\":true}}");

        assertThat(file.trigger()).isEqualTo(Trigger.AvailableNow());
        assertThat(file.checkpointLocation()).isNull();
    }

    @Test
    void anUnknownKeyNamesItsPlaceAndTheNearestKnownOne() {
        TidemarkException e = failure(WHOLE.replace("partitionBy:", "partitonBy:"));

        assertThat(e.code()).isEqualTo(ErrorCode.PIPELINE_UNKNOWN_KEY);
        assertThat(e)
                .hasMessage("p.yaml:20:3: Unknown key 'partitonBy' in 'sink'. Did you mean 'partitionBy'?"
                        + " Known keys here: format, path, partitionBy, mergeKeys, options.");
    }

    @Test
    void badYamlNamesLineAndColumn() {
        TidemarkException e = failure(WHOLE.replace("partitionBy: [page]", "partitionBy: [page"));

        assertThat(e.code()).isEqualTo(ErrorCode.PIPELINE_SYNTAX);
        assertThat(e).hasMessageStartingWith("p.yaml:21:12: Bad YAML");
        assertThat(e.getMessage()).doesNotContain("\n");
    }

    @Test
    void aKeyThatStandsTwiceIsRefused() {
        assertThat(failure("name: a\nname: b\n")).hasMessage("p.yaml:2:1: Key 'name' stands here twice. Remove one.");
    }

    @Test
    void aMissingKeyIsNamedWithItsPath() {
        TidemarkException e = failure(WHOLE.replace("    format: kafka\n", ""));

        assertThat(e.code()).isEqualTo(ErrorCode.PIPELINE_MISSING_KEY);
        assertThat(e)
                .hasMessage("p.yaml:4:5: 'sources.clicks.format' is missing. Name the connector, for instance kafka.");
    }

    @Test
    void aListWhereTextBelongsIsRefused() {
        TidemarkException e = failure(WHOLE.replace("sql: SELECT * FROM events", "sql: [a, b]"));

        assertThat(e.code()).isEqualTo(ErrorCode.PIPELINE_WRONG_VALUE);
        assertThat(e)
                .hasMessage(
                        "p.yaml:16:6: 'sql' must be a single value, but it is a list. Put it in quotes if it is JSON.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a b",
                "a/b",
                "../x",
                "äö",
                "x23456789012345678901234567890123456789012345678901234567890123456"
            })
    void aNameThatCannotBeADirectoryIsRefused(String name) {
        assertThat(failure(WHOLE.replace("name: clicks-per-page", "name: '" + name + "'"))
                        .code())
                .isEqualTo(ErrorCode.PIPELINE_WRONG_VALUE);
    }

    @Test
    void aDurableSinkWithoutACheckpointIsRefused() {
        TidemarkException e = failure(WHOLE.replace("checkpointLocation: data/checkpoints/clicks\n", ""));

        assertThat(e.code()).isEqualTo(ErrorCode.MISSING_CHECKPOINT_LOCATION);
        assertThat(e).hasMessageStartingWith("p.yaml: 'checkpointLocation' is missing.");
    }

    @Test
    void variablesComeFromTheEnvironmentAndNeverChangeTheStructure() {
        String text = WHOLE.replace("path: data/clicks", "path: ${DIR}/clicks");

        assertThat(PipelineFile.parse("p.yaml", text, Map.of("DIR", "x: {y"), List.of())
                        .sink()
                        .path())
                .isEqualTo("x: {y/clicks");
    }

    @Test
    void anUnsetVariableIsNamed() {
        TidemarkException e = failure(WHOLE.replace("path: data/clicks", "path: ${DIR}/clicks"));

        assertThat(e.code()).isEqualTo(ErrorCode.PIPELINE_UNSET_VARIABLE);
        assertThat(e)
                .hasMessage("p.yaml:19:9: Environment variable 'DIR' is not set and has no default. Set it, or"
                        + " write ${DIR:-default}.");
    }

    @Test
    void aDoubledDollarSignKeepsTheCharacters() {
        assertThat(parse(WHOLE.replace("SELECT * FROM events", "SELECT '$${x}', '$y' FROM events"))
                        .sql()
                        .text())
                .isEqualTo("SELECT '${x}', '$y' FROM events");
    }

    @Test
    void aWrongValueFromAVariableIsNotShown() {
        String text = WHOLE.replace("name: clicks-per-page", "name: ${PASSWORD}");

        TidemarkException e = catchThrowableOfType(
                TidemarkException.class,
                () -> PipelineFile.parse("p.yaml", text, Map.of("PASSWORD", "s3cret!"), List.of()));

        assertThat(e).hasMessageContaining("${PASSWORD}");
        assertThat(e.getMessage()).doesNotContain("s3cret");
    }

    @Test
    void optionsNeverShowInTheTextOfAPipeline() {
        PipelineFile file = parse(WHOLE.replace("subscribe: clicks", "kafka.sasl.jaas.config: s3cret"));

        assertThat(file.toString()).contains("kafka.sasl.jaas.config").doesNotContain("s3cret");
    }

    @Test
    void settingsReplaceAndAddKeys() {
        PipelineFile file = PipelineFile.parse(
                "p.yaml",
                WHOLE,
                Map.of(),
                List.of(
                        "sources.clicks.options.kafka.bootstrap.servers=other:1",
                        "sink.partitionBy=[a, b]",
                        "conf.spark.sql.session.timeZone=UTC",
                        "views.events.sql=SELECT 1",
                        "checkpointLocation=/c=d"));

        assertThat(file.sources().get(0).options()).containsEntry("kafka.bootstrap.servers", "other:1");
        assertThat(file.sink().partitionBy()).containsExactly("a", "b");
        assertThat(file.conf()).containsEntry("spark.sql.session.timeZone", "UTC");
        assertThat(file.views().get(0).sql().text()).isEqualTo("SELECT 1");
        assertThat(file.checkpointLocation()).isEqualTo("/c=d");
    }

    @Test
    void aSettingTakesThePlaceOfAVariableThatIsNotSet() {
        PipelineFile file = PipelineFile.parse(
                "p.yaml", WHOLE.replace("data/clicks", "${NOT_SET}"), Map.of(), List.of("sink.path=/a/${b}"));

        assertThat(file.sink().path()).isEqualTo("/a/${b}");
    }

    @Test
    void anUnknownKeyInASettingIsReportedAsSuch() {
        TidemarkException e = catchThrowableOfType(
                TidemarkException.class, () -> PipelineFile.parse("p.yaml", WHOLE, Map.of(), List.of("sink.pth=x")));

        assertThat(e).hasMessageStartingWith("--set sink.pth: Unknown key 'pth' in 'sink'. Did you mean 'path'?");
    }

    @Test
    void positionsInSqlAreFoundInTheFile() {
        PipelineFile file = parse(WHOLE);

        assertThat(file.views().get(0).sql().locate(2, 3)).hasToString("p.yaml:14:9");
        assertThat(file.sql().locate(1, 8)).hasToString("p.yaml:16:13");
    }

    @Test
    void deepNestingAndExplodingAliasesAreRefused() {
        assertThat(failure("[".repeat(100_000))).hasMessageContaining("deeper than 64");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "x"));
        }
        assertThat(failure(bomb.toString())).hasMessageContaining("More than 20000 values");
        assertThat(failure("&a [*a]").code()).isEqualTo(ErrorCode.PIPELINE_SYNTAX);
        assertThat(failure("name: !!java.net.URL [x]").code()).isEqualTo(ErrorCode.PIPELINE_SYNTAX);
        assertThat(failure("a: b\n---\nc: d").code()).isEqualTo(ErrorCode.PIPELINE_SYNTAX);
        assertThat(failure("").code()).isEqualTo(ErrorCode.PIPELINE_SYNTAX);
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path dir) {
        TidemarkException e = catchThrowableOfType(
                TidemarkException.class, () -> PipelineFile.read(dir + "/none.yaml", Map.of(), List.of()));

        assertThat(e.code()).isEqualTo(ErrorCode.FILE_NOT_READABLE);
        assertThat(e).hasMessageContaining("There is no such file");
    }

    @Test
    void aFileThatIsNotTextIsRefused(@TempDir Path dir) throws Exception {
        Path file = Files.write(dir.resolve("x.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        assertThat(catchThrowableOfType(
                                TidemarkException.class, () -> PipelineFile.read(file.toString(), Map.of(), List.of()))
                        .code())
                .isEqualTo(ErrorCode.FILE_NOT_READABLE);
    }

    @Test
    void whateverIsWrongWithAFileIsOneLineWithACode() {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(WHOLE);
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                int at = random.nextInt(Math.max(1, text.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.delete(at, at + 1);
                    case 1 -> text.insert(at, ":{}[]&*!|>'\"%@`\n\t -?#$\u0007x".charAt(random.nextInt(24)));
                    default -> text.setLength(at);
                }
            }
            try {
                PipelineFile.parse("p.yaml", text.toString(), Map.of(), List.of());
            } catch (TidemarkException e) {
                assertThat(e.getMessage())
                        .as("seed " + seed)
                        .startsWith("p.yaml")
                        .doesNotContain("\n")
                        .endsWith(".");
            }
        }
    }

    @Test
    void theCommandLineSpellsTriggersItsOwnWay() {
        assertThat(PipelineFile.triggerOf("available-now")).isEqualTo(Trigger.AvailableNow());
        assertThat(PipelineFile.triggerOf("once")).isEqualTo(Trigger.Once());
        assertThat(PipelineFile.triggerOf("2 seconds")).isEqualTo(Trigger.ProcessingTime(2_000));
        assertThat(catchThrowableOfType(TidemarkException.class, () -> PipelineFile.triggerOf("now and then"))
                        .code())
                .isEqualTo(ErrorCode.COMMAND_LINE);
    }

    private static PipelineFile parse(String text) {
        return PipelineFile.parse("p.yaml", text, Map.of(), List.of());
    }

    private static TidemarkException failure(String text) {
        return catchThrowableOfType(TidemarkException.class, () -> parse(text));
    }

    @Test
    void aViewMayDropDuplicates() {
        String text = WHOLE.replace(
                "watermark: { column: timestamp, delay: 10 minutes }",
                "watermark: { column: timestamp, delay: 10 minutes }\n    dropDuplicatesWithinWatermark: [user_id]");
        PipelineFile.Deduplication dropped = PipelineFile.parse("p.yaml", text, Map.of(), List.of())
                .views()
                .get(0)
                .deduplication();
        assertThat(dropped.columns()).containsExactly("user_id");
        assertThat(dropped.withinWatermark()).isTrue();
        TidemarkException e = failure(text.replace(
                "dropDuplicatesWithinWatermark:", "dropDuplicates: []\n    dropDuplicatesWithinWatermark:"));
        assertThat(e).hasMessageContaining("stands beside 'dropDuplicates'. Keep one.");
    }
}
