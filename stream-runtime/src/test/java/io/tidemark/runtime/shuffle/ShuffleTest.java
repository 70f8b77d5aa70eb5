package io.tidemark.runtime.shuffle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.runtime.operator.Shuffle;
import io.tidemark.state.codec.ColumnHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShuffleTest {
    private static final StructType NUMBERS =
            new StructType(List.of(new StructField("k", AtomicType.BIGINT), new StructField("t", AtomicType.STRING)));

    @TempDir
    Path temporary;

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyRowComesOutOnceInItsPartitionAndInTheOrderOfItsTask(long seed) throws Exception {
        DrawnRows drawn = new DrawnRows(seed);
        StructType schema = drawn.schema();
        int partitions = 1 + drawn.below(7);
        boolean single = partitions == 1 && drawn.below(2) == 0;
        Shuffle shuffle = new Shuffle(3, schema, single ? List.of() : List.of(1, 0), single);
        long budget = List.of(0L, 4_000L, 1L << 30).get(drawn.below(3));
        List<List<String>> expected = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            expected.add(new ArrayList<>());
        }
        try (ShuffleSpace space = new ShuffleSpace(budget, temporary)) {
            List<MapOutput> outputs = new ArrayList<>();
            for (int task = 0, tasks = drawn.below(4); task < tasks; task++) {
                try (ShuffleWriter writer = new ShuffleWriter(shuffle, task, partitions, space)) {
                    for (int b = drawn.below(5); b > 0; b--) {
                        ColumnBatch batch =
                                drawn.batch(schema, drawn.below(5) == 0 ? drawn.below(9_000) : drawn.below(50));
                        writer.accept(batch);
                        expect(batch, partitions, expected);
                    }
                    outputs.add(writer.finish());
                }
            }
            assertThat(space.usedBytes()).isLessThanOrEqualTo(budget);
            for (int p = 0; p < partitions; p++) {
                assertThat(read(schema, p, outputs)).as("partition " + p).isEqualTo(expected.get(p));
            }
            outputs.forEach(MapOutput::release);
            assertThat(space.usedBytes()).isZero();
        }
        assertThat(temporary).isEmptyDirectory();
    }

    private static void expect(ColumnBatch batch, int partitions, List<List<String>> expected) {
        List<Row> rows = batch.rows();
        for (int i = 0; i < batch.rowCount(); i++) {
            int at = batch.selection().at(i);
            int hash = ColumnHash.hash(batch.column(0), at, ColumnHash.hash(batch.column(1), at, ColumnHash.SEED));
            expected.get(partitions == 1 ? 0 : Math.floorMod(hash, partitions)).add(text(rows.get(i)));
        }
    }

    /** Rows as text, with bytes by value. */
    private static String text(Row row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            values.add(deep(value));
        }
        return values.toString();
    }

    private static String deep(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        } else if (value instanceof List<?> list) {
            return list.stream().map(ShuffleTest::deep).toList().toString();
        } else if (value instanceof java.util.Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((k, v) -> entries.add(deep(k) + "=" + deep(v)));
            return entries.toString();
        } else if (value instanceof Row row) {
            return text(row);
        }
        return String.valueOf(value);
    }

    private static List<String> read(StructType schema, int partition, List<MapOutput> outputs) {
        List<String> rows = new ArrayList<>();
        ShuffleReader reader = new ShuffleReader(schema, partition, whole(outputs));
        while (reader.hasNext()) {
            reader.next().rows().forEach(row -> rows.add(text(row)));
        }
        return rows;
    }

    private static ShuffleReader.Outputs whole(List<MapOutput> outputs) {
        return new ShuffleReader.Outputs() {
            @Override
            public int mapTasks() {
                return outputs.size();
            }

            @Override
            public MapOutput of(int mapTask) {
                return outputs.get(mapTask);
            }

            @Override
            public void repair(int mapTask, MapOutput broken, String why) {
                throw new AssertionError(why);
            }
        };
    }

    private MapOutput written(ShuffleSpace space) throws IOException {
        DrawnRows drawn = new DrawnRows(7);
        try (ShuffleWriter writer = new ShuffleWriter(new Shuffle(0, NUMBERS, List.of(0), false), 5, 2, space)) {
            writer.accept(drawn.batch(NUMBERS, 20_000));
            return writer.finish();
        }
    }

    @Test
    void theSameRowsMakeTheSameBlocksAgain() throws Exception {
        try (ShuffleSpace space = new ShuffleSpace(Long.MAX_VALUE, temporary);
                ShuffleSpace onDisk = new ShuffleSpace(0, temporary)) {
            MapOutput once = written(space);
            MapOutput twice = written(space);
            MapOutput spilled = written(onDisk);
            for (int p = 0; p < 2; p++) {
                assertThat(once.fetch(p)).isNotEmpty();
                assertThat(twice.fetch(p).toArray()).isEqualTo(once.fetch(p).toArray());
                assertThat(spilled.fetch(p).toArray()).isEqualTo(once.fetch(p).toArray());
            }
            assertThat(once.spilledBytes()).isZero();
            assertThat(spilled.spilledBytes()).isEqualTo(once.bytes());
        }
    }

    @Test
    void anyByteOfASpilledBlockThatChangesIsNoticed() throws Exception {
        try (ShuffleSpace space = new ShuffleSpace(0, temporary)) {
            MapOutput output = written(space);
            Path file = spillFile();
            byte[] whole = Files.readAllBytes(file);
            DrawnRows drawn = new DrawnRows(11);
            for (int i = 0; i < 300; i++) {
                byte[] damaged = whole.clone();
                int at = i == 0 ? 0 : i == 1 ? whole.length - 1 : drawn.below(whole.length);
                damaged[at] ^= (byte) (1 << drawn.below(8));
                Files.write(file, damaged);
                int lost = 0;
                for (int p = 0; p < 2; p++) {
                    try {
                        output.fetch(p);
                    } catch (LostBlockException e) {
                        assertThat(e).hasMessageContaining("shuffle 0, map task 5, partition " + p);
                        lost++;
                    }
                }
                assertThat(lost).as("byte " + at).isEqualTo(1);
            }
        }
    }

    @Test
    void aSpillFileThatIsCutOrGoneIsNoticed() throws Exception {
        try (ShuffleSpace space = new ShuffleSpace(0, temporary)) {
            MapOutput output = written(space);
            Path file = spillFile();
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length - 1));
            assertThatThrownBy(() -> output.fetch(1)).isInstanceOf(LostBlockException.class);
            Files.delete(file);
            assertThatThrownBy(() -> output.fetch(0))
                    .isInstanceOf(LostBlockException.class)
                    .hasMessageContaining("cannot be read");
        }
    }

    @Test
    void aBlockInMemoryIsCheckedToo() throws Exception {
        try (ShuffleSpace space = new ShuffleSpace(Long.MAX_VALUE, temporary)) {
            MapOutput output = written(space);
            output.fetch(1).get(0)[9] ^= 4;
            assertThatThrownBy(() -> output.fetch(1))
                    .hasMessageContaining("block 0 of shuffle 0, map task 5, partition 1");
            assertThat(output.fetch(0)).isNotEmpty();
        }
    }

    @Test
    void aWriterThatIsGivenUpLeavesNothing() throws Exception {
        try (ShuffleSpace space = new ShuffleSpace(100_000, temporary)) {
            DrawnRows drawn = new DrawnRows(7);
            try (ShuffleWriter writer = new ShuffleWriter(new Shuffle(0, NUMBERS, List.of(0), false), 5, 4, space)) {
                writer.accept(drawn.batch(NUMBERS, 20_000));
                assertThat(space.usedBytes()).isPositive();
                assertThat(spillFile()).exists();
            }
            assertThat(space.usedBytes()).isZero();
            assertThat(spillFiles()).isEmpty();
        }
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndWhatALivingOneUsesIsNot() throws Exception {
        Path orphan = Files.createDirectory(temporary.resolve("tidemark-shuffle-123"));
        Files.createFile(orphan.resolve("lock"));
        Files.writeString(orphan.resolve("shuffle-0-map-0-0.blocks"), "rows");
        Path stranger = Files.createDirectory(temporary.resolve("tidemark-shuffle-notes"));
        try (ShuffleSpace first = new ShuffleSpace(0, temporary);
                ShuffleSpace second = new ShuffleSpace(0, temporary)) {
            MapOutput output = written(first);
            MapOutput other = written(second);
            assertThat(orphan).doesNotExist();
            assertThat(stranger).exists();
            assertThat(output.fetch(0)).hasSameSizeAs(other.fetch(0));
        }
        assertThat(temporary).isDirectoryNotContaining("glob:**/tidemark-shuffle-[0-9]*");
    }

    @Test
    void twoNamesOfOneDirectoryAreNoReasonToTakeAnothersBlocksForLeftovers() throws Exception {
        Path real = Files.createDirectory(temporary.resolve("disk"));
        Path link = Files.createSymbolicLink(temporary.resolve("scratch"), real);
        try (ShuffleSpace first = new ShuffleSpace(0, real.resolve("spill"));
                ShuffleSpace second = new ShuffleSpace(0, link.resolve("spill"))) {
            MapOutput output = written(first);
            MapOutput other = written(second);
            assertThat(output.fetch(0)).hasSameSizeAs(other.fetch(0));
        }
        assertThat(real.resolve("spill")).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatWasRemovedUnderARunningQueryIsMadeAgain() throws Exception {
        try (ShuffleSpace space = new ShuffleSpace(0, temporary)) {
            MapOutput lost = written(space);
            SpillFile.deleteDirectory(spillFile().getParent());
            assertThatThrownBy(() -> lost.fetch(0)).isInstanceOf(LostBlockException.class);
            assertThat(written(space).fetch(0)).isNotEmpty();
        }
    }

    private List<Path> spillFiles() throws IOException {
        try (var files = Files.walk(temporary)) {
            return files.filter(f -> f.toString().endsWith(".blocks")).toList();
        }
    }

    private Path spillFile() throws IOException {
        return spillFiles().get(0);
    }
}
