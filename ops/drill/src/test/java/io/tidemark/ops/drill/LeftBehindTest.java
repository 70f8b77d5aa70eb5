package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftBehindTest {
    private static final String QUERY = "0da797f0-6c12-4954-89cf-cea200a87f97";
    private static final String LOG = "_delta_log/00000000000000000000.json";

    @TempDir
    Path root;

    @Test
    void eachWindowIsNamedByTheFilesThatItLeaves() throws IOException {
        assertThat(window()).isEqualTo(RecoveryWindow.W0);
        checkpoint("_tidemark/epoch/1", "{}");
        assertThat(window()).isEqualTo(RecoveryWindow.W1);
        checkpoint("metadata", "{\"id\":\"" + QUERY + "\"}");
        checkpoint("offsets/0", "v1");
        assertThat(window()).isEqualTo(RecoveryWindow.W2);
        table(QUERY + "-0-attempt-0.parquet", "");
        assertThat(window()).isEqualTo(RecoveryWindow.W3);
        checkpoint("_tidemark/prepared/0", "{}");
        assertThat(window()).isEqualTo(RecoveryWindow.W4);
        table("_delta_log/.00000000000000000000.json.1234.tmp", "{}");
        LeftBehind halfWay = left();
        assertThat(window()).isEqualTo(RecoveryWindow.W5);
        table(LOG, "{\"txn\":{\"appId\":\"" + QUERY + "\",\"version\":0}}");
        assertThat(window()).isEqualTo(RecoveryWindow.W5);
        assertThat(left().window(halfWay)).isEqualTo(RecoveryWindow.W6);
        checkpoint("commits/0", "v1");
        assertThat(window()).isEqualTo(RecoveryWindow.W7);
        checkpoint("offsets/1", "v1");
        assertThat(left().window(halfWay)).isEqualTo(RecoveryWindow.W2);
    }

    @Test
    void aRetriedBatchCountsAsPrepared() throws IOException {
        checkpoint("metadata", "{\"id\":\"" + QUERY + "\"}");
        checkpoint("offsets/12", "v1");
        checkpoint("_tidemark/prepared/12.1", "{}");
        assertThat(window()).isEqualTo(RecoveryWindow.W4);
    }

    @Test
    void filesOfOtherQueriesAndOlderBatchesDoNotCount() throws IOException {
        checkpoint("metadata", "{\"id\":\"" + QUERY + "\"}");
        checkpoint("offsets/12", "v1");
        table(QUERY + "-11-attempt-0.parquet", "");
        table("another-12-attempt-0.parquet", "");
        table(LOG, "{\"txn\":{\"appId\":\"another\",\"version\":12}}");
        assertThat(window()).isEqualTo(RecoveryWindow.W2);
        table("page=a/" + QUERY + "-12-attempt-0.parquet", "");
        assertThat(window()).isEqualTo(RecoveryWindow.W3);
    }

    private RecoveryWindow window() throws IOException {
        return left().window(LeftBehind.read(root.resolve("nowhere"), root.resolve("nowhere")));
    }

    private LeftBehind left() throws IOException {
        return LeftBehind.read(root.resolve("checkpoint"), root.resolve("table"));
    }

    private void checkpoint(String path, String content) throws IOException {
        write(root.resolve("checkpoint").resolve(path), content);
    }

    private void table(String path, String content) throws IOException {
        write(root.resolve("table").resolve(path), content);
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
