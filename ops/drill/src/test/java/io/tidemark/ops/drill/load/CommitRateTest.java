package io.tidemark.ops.drill.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitRateTest {
    @TempDir
    Path root;

    @Test
    void theFirstFifthOfTheRowsDoesNotCount() throws IOException {
        batch(0, 50, 50, 1_000_000);
        batch(1, 150, 150, 1_010_000);
        batch(2, 500, 500, 1_017_000);
        assertThat(CommitRate.rowsPerSecond(root)).isEqualTo(100.0);
    }

    @Test
    void theRowsOfTheTableAreThoseOfItsLog() throws IOException {
        write(
                "_delta_log/00000000000000000000.json",
                "{\"add\":{\"path\":\"a\",\"stats\":\"{\\\"numRecords\\\":7}\"}}");
        write("_delta_log/00000000000000000001.json", "{\"txn\":{}}\n{\"add\":{\"stats\":\"{\\\"numRecords\\\":5}\"}}");
        assertThat(CommitRate.rowsInTable(root)).isEqualTo(12);
    }

    @Test
    void rowsHave180Bytes() {
        assertThat(FillTopic.row(0)).hasSize(180);
        assertThat(FillTopic.row(9_999_999)).hasSize(180);
    }

    private void batch(int id, long first, long second, long committedMillis) throws IOException {
        write("offsets/" + id, "v1\n{}\n{\"t\":{\"0\":" + first + ",\"1\":" + second + "}}");
        write("commits/" + id, "v1\n{}");
        Files.setLastModifiedTime(root.resolve("commits/" + id), FileTime.fromMillis(committedMillis));
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
