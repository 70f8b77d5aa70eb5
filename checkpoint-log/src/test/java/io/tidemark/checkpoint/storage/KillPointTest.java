package io.tidemark.checkpoint.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillPointTest {
    @TempDir
    Path root;

    @Test
    void beforeLeavesNothingOfTheOperation() throws Exception {
        die("before:createExclusive:**/offsets/*:2");
        assertThat(files("offsets")).containsExactly("0");
        assertThat(files("_tidemark/tmp")).isEmpty();
        assertThat(root.resolve("stale/0")).exists();
    }

    @Test
    void duringLeavesTheTargetAndItsTemporaryName() throws Exception {
        die("during:createExclusive:**/offsets/1:1");
        assertThat(files("offsets")).containsExactly("0", "1");
        assertThat(root.resolve("offsets/1")).hasContent("0123456789");
        assertThat(files("_tidemark/tmp"))
                .singleElement()
                .satisfies(name -> assertThat(name).startsWith(".1.").endsWith(".tmp"));
    }

    @Test
    void tornLeavesHalfOfTheContentUnderTheTemporaryNameAlone() throws Exception {
        die("torn:publish:**/staged/*");
        assertThat(files("staged")).isEmpty();
        assertThat(files("_tidemark/tmp")).hasSize(1);
        assertThat(Files.readString(root.resolve("_tidemark/tmp")
                        .resolve(files("_tidemark/tmp").get(0))))
                .isEqualTo("01234");
    }

    @Test
    void afterLeavesTheOperationDone() throws Exception {
        die("after:replace:**/replaced:3");
        assertThat(root.resolve("replaced")).hasContent("223456789");
        assertThat(files("_tidemark/tmp")).isEmpty();
        assertThat(files("staged")).isEmpty();
        assertThat(files("stale")).containsExactly("0", "1");
    }

    @Test
    void everyOperationCanBeHit() throws Exception {
        for (String operation : List.of("publish", "link", "move", "delete", "makeDirectories", "any")) {
            for (String phase : List.of("before", "after")) {
                String spec = phase + ":" + operation + ":" + root + "/**1:1";
                if (phase.equals("after") || operation.equals("move")) {
                    assertThat(exit(spec)).as(spec).isEqualTo(137);
                    clean();
                }
            }
        }
    }

    @Test
    void withoutAMatchTheProcessLives() throws Exception {
        assertThat(exit("before:createExclusive:**/commits/*:1")).isZero();
        clean();
        assertThat(exit("before:createExclusive:**/offsets/*:4")).isZero();
    }

    @Test
    void globsStopAtSlashesUnlessDoubled() {
        assertThat("/a/offsets/0").matches(KillPoint.pattern("**/offsets/*"));
        assertThat("/a/offsets/0").doesNotMatch(KillPoint.pattern("*/offsets/*"));
        assertThat("/a/offsets/0").matches(KillPoint.pattern("/?/offsets/?"));
        assertThat("/a.b/(x)").matches(KillPoint.pattern("/a.b/(x)"));
        assertThat("/aXb/(x)").doesNotMatch(KillPoint.pattern("/a.b/(x)"));
    }

    @Test
    void whatGoesOnAfterThePointHasBeenThereOnce() throws IOException {
        for (String phase : List.of("before", "during", "after")) {
            List<Boolean> there = new ArrayList<>();
            Path target = root.resolve("stopped-" + phase + "/offsets/0");
            KillPoint point =
                    KillPoint.parse(phase + ":createExclusive:**/offsets/*", () -> there.add(Files.exists(target)));
            Storage storage = KillPointStorage.of(LocalStorage.create(), point);
            storage.createExclusive(target.toString(), new byte[] {1});
            storage.createExclusive(target.resolveSibling("1").toString(), new byte[] {1});
            assertThat(there).as(phase).containsExactly(!phase.equals("before"));
            assertThat(target).hasBinaryContent(new byte[] {1});
        }
        assertThatThrownBy(() -> KillPoint.parseStop("torn:publish:**")).hasMessageContaining("tears nothing");
    }

    @Test
    void aSpecThatDoesNotFollowTheGrammarIsRefused() {
        for (String spec : List.of("before", "before:createExclusive", "sometime:move:*:1", "before:juggle:*:1")) {
            assertThatThrownBy(() -> KillPoint.parse(spec)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private void die(String spec) throws Exception {
        assertThat(exit(spec)).as(spec).isEqualTo(137);
    }

    private int exit(String spec) throws Exception {
        return ChildJvm.exitCode(
                ChildJvm.start(DoomedProcess.class, List.of("-D" + KillPoint.PROPERTY + "=" + spec), root.toString()));
    }

    private void clean() throws IOException {
        LocalStorage.create().deleteRecursively(root.toString());
    }

    private List<String> files(String directory) throws IOException {
        Path path = root.resolve(directory);
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
