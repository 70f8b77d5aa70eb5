package io.tidemark.ops.drill.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.LeftBehind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchHistoryTest {
    @TempDir
    Path checkpoint;

    private BatchHistory history;

    @BeforeEach
    void twoBatches() throws IOException {
        history = new BatchHistory(checkpoint);
        plan(0, 0, 10);
        commit(0, 500);
        plan(1, 500, 20);
        assertThat(readOn()).isEmpty();
    }

    @Test
    void batchesThatGoOnAreFine() throws IOException {
        commit(1, 500);
        plan(2, 500, 30);
        commit(2, 700);
        assertThat(readOn()).isEmpty();
    }

    @Test
    void aPlanThatChangesIsSeen() throws IOException {
        plan(1, 500, 21);
        assertThat(readOn()).singleElement().asString().startsWith("offsets/1 was ");
    }

    @Test
    void aWatermarkThatGoesBackIsSeen() throws IOException {
        commit(1, 400);
        plan(2, 400, 30);
        assertThat(readOn())
                .containsExactly(
                        "the watermark goes back from 500 to 400 in batch 2",
                        "the watermark behind batch 1 is 400, and was 500 in it");
    }

    @Test
    void aWatermarkThatTheNextBatchForgetsIsSeen() throws IOException {
        commit(1, 900);
        plan(2, 500, 30);
        assertThat(readOn()).containsExactly("the watermark behind batch 1 is 900, that of the next 500");
    }

    @Test
    void aHoleIsSeen() throws IOException {
        plan(3, 500, 30);
        assertThat(readOn()).singleElement().asString().startsWith("offsets has holes: ");
    }

    private List<String> readOn() throws IOException {
        return history.readOn(LeftBehind.read(checkpoint, checkpoint.resolve("table")));
    }

    private void plan(int id, long watermark, long end) throws IOException {
        write("offsets/" + id, "v1\n{\"batchWatermarkMs\":" + watermark + "}\n{\"t\":{\"0\":" + end + "}}");
    }

    private void commit(int id, long next) throws IOException {
        write("commits/" + id, "v1\n{\"nextBatchWatermarkMs\":" + next + "}");
    }

    private void write(String file, String content) throws IOException {
        Path path = checkpoint.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
