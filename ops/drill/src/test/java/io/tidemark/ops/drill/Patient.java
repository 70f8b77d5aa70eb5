package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A query with a checkpoint that is damaged and then treated.
 *
 * @param rows that its table has to hold in the end, each once
 */
record Patient(Scene scene, int rows) {
    Path file(String name) {
        return scene.checkpoint().resolve(name);
    }

    // ---- damage

    Patient without(String... names) throws IOException {
        for (String name : names) {
            Files.delete(file(name));
        }
        return this;
    }

    Patient with(String name, String content) throws IOException {
        Files.writeString(file(name), content);
        return this;
    }

    /** Leaves the first half of a file. */
    Patient torn(String name) throws IOException {
        byte[] content = Files.readAllBytes(file(name));
        Files.write(file(name), Arrays.copyOf(content, content.length / 2));
        return this;
    }

    /** Makes the last digit of a file another one. */
    Patient altered(String name) throws IOException {
        byte[] content = Files.readAllBytes(file(name));
        int at = content.length - 1;
        while (content[at] < '0' || content[at] > '8') {
            at--;
        }
        content[at]++;
        Files.write(file(name), content);
        return this;
    }

    /** Takes a batch out of the table, and every later one. */
    Patient withoutDelivery(int batch) throws IOException {
        Files.delete(scene.table().resolve("_delta_log/%020d.json".formatted(batch)));
        return this;
    }

    // ---- treatment

    Answer doctor(String... more) {
        return checkpoint("doctor", more);
    }

    Answer checkpoint(String command, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("checkpoint", command, scene.checkpoint().toString()));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--table", scene.table().toString())); // the copy's, not the one it was copied from
        return Answer.to(arguments, new TreeMap<>());
    }

    /** Everything but who owned the checkpoint, and what repairs keep. */
    private SortedMap<String, String> tree() throws IOException {
        SortedMap<String, String> tree = new TreeMap<>(scene.tree());
        tree.keySet().removeIf(name -> name.startsWith("checkpoint/_tidemark/undo"));
        return tree;
    }

    /**
     * Holds that a start refuses with {@code code}, that the doctor says so and offers {@code told}, that neither changes
     * anything, that the repair can be taken back, and that the query goes on after it.
     */
    void heals(String code, String... told) throws IOException {
        SortedMap<String, String> damaged = tree();
        Answer refused = scene.run();
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.err()).contains(code);
        assertThat(tree()).isEqualTo(damaged);

        Answer said = doctor();
        assertThat(said.exitCode()).as(said.toString()).isEqualTo(1);
        assertThat(said.out()).contains("refuses with " + code).contains(told).contains("--apply");
        assertThat(tree()).isEqualTo(damaged);

        Answer done = doctor("--apply");
        assertThat(done.exitCode()).as(done.toString()).isZero();
        assertThat(done.out()).contains("_tidemark/undo/1");

        Answer undone = doctor("--undo", "1");
        assertThat(undone.exitCode()).as(undone.toString()).isZero();
        assertThat(tree()).isEqualTo(damaged);

        assertThat(doctor("--apply").exitCode()).isZero();
        Answer healthy = doctor();
        assertThat(healthy.out()).contains("nothing to do");
        assertThat(healthy.exitCode()).isZero();
        goesOn();
    }

    /** Holds that the doctor has no safe repair, says {@code told} and changes nothing. */
    void cannotBeHealed(String code, String... told) throws IOException {
        SortedMap<String, String> damaged = tree();
        Answer said = doctor("--apply");
        assertThat(said.exitCode()).as(said.toString()).isEqualTo(1);
        assertThat(said.out()).contains(code).contains("no safe repair").contains(told);
        assertThat(tree()).isEqualTo(damaged);
    }

    /** Holds that the query goes on after a rewind. */
    void goesOnFrom(int toBatch) throws IOException {
        Answer rewound = checkpoint("rewind", "--to-batch", Integer.toString(toBatch));
        assertThat(rewound.exitCode()).as(rewound.toString()).isZero();
        assertThat(doctor().exitCode()).isZero();
        goesOn();
    }

    private void goesOn() throws IOException {
        scene.run().isFine();
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(rows));
        assertThat(doctor().exitCode()).isZero();
    }
}
