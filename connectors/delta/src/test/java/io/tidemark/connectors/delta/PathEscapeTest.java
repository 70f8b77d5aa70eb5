package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever can write into a table or a prepared file must not be able to make us open or delete a file elsewhere. */
class PathEscapeTest {
    @TempDir
    Path folder;

    private SinkFixture upserting() {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.mode = OutputMode.UPDATE;
        fixture.options.put("mergeKeys", "id");
        return fixture;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../secret.parquet", "%2e%2e/secret.parquet", "SECRET", "file:SECRET", "a/../../secret.parquet"})
    void aFileOfTheLogThatIsOutsideOfTheTableIsNotOpened(String path) throws IOException {
        SinkFixture fixture = upserting();
        SinkFixture.run(fixture.open(), 0, 1, fixture.batch(new Object[] {1L, "a"}));
        Path secret = folder.resolve("secret.parquet");
        Path data;
        try (var files = Files.list(fixture.path)) {
            data = files.filter(f -> f.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.copy(data, secret);
        Path log = new DeltaLog(fixture.path)
                .commits()
                .get(new DeltaLog(fixture.path).commits().size() - 1);
        Files.writeString(
                log,
                Files.readString(log)
                        .replace(data.getFileName().toString(), path.replace("SECRET", secret.toString())));

        assertThatThrownBy(() -> SinkFixture.run(fixture.open(), 1, 1, fixture.batch(new Object[] {1L, "b"})))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_TABLE_UNSUPPORTED))
                .hasMessageContaining("which is not below it");
        assertThat(secret).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x.parquet", "/etc/passwd", "%2e%2e/x.parquet", "s3a://b/x.parquet", ""})
    void aStagedFileThatIsOutsideOfTheTableIsRefusedByName(String path) {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        Sink sink = fixture.open();
        String token = new StagedBatch(
                        fixture.queryId.toString(),
                        0,
                        Map.of(),
                        List.of(),
                        List.of(new StagedFile(path, 1, 2, 3, 4, Map.of(), "{}")))
                .toToken();
        for (Runnable use :
                List.<Runnable>of(() -> sink.isIntact(token), () -> sink.commit(SinkFixture.request(0, 1, token)))) {
            assertThatThrownBy(use::run)
                    .isInstanceOfSatisfying(TidemarkException.class, e -> assertThat(e.code())
                            .isEqualTo(ErrorCode.CHECKPOINT_FILE_CORRUPT))
                    .hasMessageContaining("names the data file '" + path + "'");
        }
    }

    @Test
    void aValueThatLooksLikeAPathStaysAValue() throws IOException {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.partitionBy = List.of("page");
        SinkFixture.run(fixture.open(), 0, 1, fixture.batch(new Object[] {1L, "../../up"}, new Object[] {2L, ".."}));
        assertThat(DuckDb.table(fixture.path, "id")).hasSize(2);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(fixture.path);
        }
    }
}
