package io.tidemark.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.bench.Progress.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {
    @TempDir
    Path root;

    private final Progress progress = new Progress();

    @Test
    void aBatchCountsWhenItsCommitIsThere() throws IOException {
        CheckpointFollower follower = new CheckpointFollower(root, 0);
        write("offsets/0", "v1\n{}\n{\"t\":{\"1\":7,\"0\":5}}");
        follower.look(progress);
        assertThat(progress.commits()).isEmpty();

        write("commits/0", "v1\n{}");
        follower.look(progress);
        follower.look(progress);
        assertThat(progress.commits()).hasSize(1);
        assertThat(progress.commits().get(0).offsets()).containsExactly(5, 7);
    }

    @Test
    void aSecondRunCountsFromItsFirstBatch() throws IOException {
        for (int batch = 0; batch < 3; batch++) {
            write("offsets/" + batch, "v1\n{}\n{\"t\":{\"0\":" + 10 * (batch + 1) + "}}");
            write("commits/" + batch, "v1\n{}");
        }
        assertThat(CheckpointFollower.newestCommit(root)).hasValue(2);
        new CheckpointFollower(root, 2).look(progress);
        assertThat(progress.commits()).extracting(Commit::rows).containsExactly(30L);
    }

    @Test
    void aVersionOfTheTableStandsForTheBatchThatItNames() throws IOException {
        Path table = root.resolve("table");
        TableFollower follower = new TableFollower(table, root);
        write("offsets/0", "v1\n{}\n{\"t\":{\"0\":4}}");
        write("table/_delta_log/00000000000000000000.json", "{\"protocol\":{}}\n");
        follower.look(progress);
        assertThat(progress.commits()).as("a version without a batch").isEmpty();

        write(
                "table/_delta_log/00000000000000000001.json",
                "{\"txn\":{\"appId\":\"a\",\"version\":0}}\n"
                        + "{\"add\":{\"path\":\"a\",\"stats\":\"{\\\"numRecords\\\":3}\"}}\n");
        follower.look(progress);
        assertThat(progress.commits()).extracting(Commit::rows).containsExactly(4L);
        assertThat(TableFollower.rows(table)).isEqualTo(3);
    }

    @Test
    void aJobTellsOfCommitsInLines() {
        Commit commit = PeerRun.commit("@commit 1700000000000000 3 4");
        assertThat(commit.micros()).isEqualTo(1_700_000_000_000_000L);
        assertThat(commit.rows()).isEqualTo(7);
        assertThat(commit.offsets()).containsExactly(3, 4);
    }

    private void write(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
