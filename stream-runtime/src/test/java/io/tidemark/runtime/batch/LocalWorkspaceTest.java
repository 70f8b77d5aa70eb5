package io.tidemark.runtime.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalWorkspaceTest {
    @TempDir
    Path parent;

    @Test
    void nothingIsLeftOfARunThatEnds() throws Exception {
        LocalWorkspace workspace = LocalWorkspace.create(parent.toString());
        Files.createDirectories(workspace.path().resolve("0/3"));
        Files.writeString(workspace.path().resolve("0/3/000001.sst"), "rows");
        workspace.close();
        assertThat(names()).isEmpty();
    }

    @Test
    void whatADeadProcessLeftIsRemovedAndWhatIsInUseStays() throws Exception {
        Path dead = Files.createDirectories(parent.resolve("tidemark-state-dead/0"));
        Files.writeString(dead.resolve("000001.sst"), "rows");
        Files.writeString(parent.resolve("tidemark-state-dead.lock"), "process 1 on host gone");
        Files.writeString(parent.resolve("somebody-elses.lock"), "");
        try (LocalWorkspace first = LocalWorkspace.create(parent.toString());
                LocalWorkspace second = LocalWorkspace.create(parent.toString())) {
            assertThat(first.path()).isDirectory();
            assertThat(second.path()).isDirectory().isNotEqualTo(first.path());
            assertThat(names()).hasSize(5).contains("somebody-elses.lock").doesNotContain("tidemark-state-dead");
        }
        assertThat(names()).containsExactly("somebody-elses.lock");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamedWithTheSettingThatMovesIt() throws Exception {
        Path file = Files.writeString(parent.resolve("file"), "");
        assertThatThrownBy(() -> LocalWorkspace.create(file.toString()))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("tidemark.state.localDir");
    }

    private List<String> names() throws Exception {
        try (Stream<Path> files = Files.list(parent)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
