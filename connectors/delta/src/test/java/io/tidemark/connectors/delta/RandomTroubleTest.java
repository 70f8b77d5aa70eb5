package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.connectors.delta.TroubledStorage.Trouble;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches through crashes, failures, restarts, late owners, other writers, maintenance and clean-ups, drawn by a seed. */
class RandomTroubleTest {
    private static final int BATCHES = 14;

    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 15);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyRowEndsInTheTableOnce(long seed) throws IOException {
        Random random = new Random(seed);
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        TroubledStorage storage = new TroubledStorage(LocalStorage.create());
        fixture.storage = storage;
        fixture.time = new Impatient();
        fixture.options.put("delta.checkpointInterval", Integer.toString(2 + random.nextInt(5)));
        SinkFixture foreign = new SinkFixture(fixture.path);
        foreign.queryId = UUID.fromString("ffffffff-0000-4000-8000-000000000002");
        List<Long> expected = new ArrayList<>();
        List<Sink> zombies = new ArrayList<>();
        long epoch = 1;
        long foreignRows = 0;
        Sink sink = fixture.open();
        for (long batch = 0; batch < BATCHES; batch++) {
            expected.add(batch);
            String token = SinkFixture.stage(sink, batch, epoch, fixture.batch(new Object[] {batch, "/p"}));
            boolean done = false;
            while (!done) {
                if (random.nextInt(3) == 0) {
                    long id = 1000 + foreignRows;
                    expected.add(id);
                    SinkFixture.run(foreign.open(), foreignRows++, 1, foreign.batch(new Object[] {id, "/f"}));
                }
                Trouble[] troubles = Trouble.values();
                for (int i = random.nextInt(3); i > 0; i--) {
                    storage.ahead.add(troubles[random.nextInt(troubles.length)]);
                }
                try {
                    sink.commit(SinkFixture.request(batch, epoch, token));
                    done = true;
                } catch (TidemarkException | TroubledStorage.Crash e) {
                    storage.ahead.clear();
                    zombies.add(sink);
                    epoch++;
                    sink = fixture.open();
                    sink.removeLeftovers(batch - 1, () -> {});
                    assertThat(sink.isIntact(token)).isTrue();
                    done = random.nextBoolean()
                            && sink.ledger().map(Sink.LedgerEntry::batchId).orElse(-1L) >= batch;
                }
                storage.ahead.clear();
                if (!zombies.isEmpty() && random.nextInt(3) == 0) {
                    wake(zombies.get(random.nextInt(zombies.size())), batch, token);
                    done |= sink.ledger().map(Sink.LedgerEntry::batchId).orElse(-1L) >= batch;
                }
                if (random.nextInt(4) == 0) {
                    sink.maintain();
                }
                if (random.nextInt(6) == 0) {
                    sink.removeLeftovers(batch - 1, () -> {});
                }
            }
        }
        assertThat(DuckDb.table(fixture.path, "id").stream()
                        .map(r -> Long.parseLong(r.get(0)))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(KernelReader.read(fixture.path)).hasSameSizeAs(expected);
        assertThat(new DeltaLog(fixture.path).transactions(fixture.queryId.toString()))
                .containsExactlyElementsOf(LongStream.range(0, BATCHES).boxed().toList());
    }

    /** An owner that was thought dead finishes what it had begun: the same prepared batch, or it is told to stop. */
    private static void wake(Sink zombie, long batch, String token) {
        try {
            zombie.commit(SinkFixture.request(batch, 1, token));
        } catch (TidemarkException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.WRITER_FENCED);
        }
    }

    /** The machine's clock for those who cannot wait. */
    private static final class Impatient implements TimeSource {
        @Override
        public long currentTimeMillis() {
            return TimeSource.system().currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            return TimeSource.system().nanoTime();
        }

        @Override
        public void sleep(Duration duration) {}
    }
}
