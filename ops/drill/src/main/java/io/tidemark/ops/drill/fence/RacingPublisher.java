package io.tidemark.ops.drill.fence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.connectors.delta.DeltaSinkProvider;
import io.tidemark.ops.drill.fence.PublishRace.RaceLog;
import io.tidemark.ops.drill.fence.PublishRace.Way;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One of the two processes of a {@link PublishRace}. Before each file they wait for each other, in memory they share. */
final class RacingPublisher {
    static final String BARRIER = "barrier";
    static final int BARRIER_BYTES = 128;
    private static final int SLOT_BYTES = 64;
    private static final VarHandle REACHED =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final long PARK_NANOS = 1_000;
    private static final int SPINS = 2_000;

    private final Path directory;
    private final int files;
    private final String name;
    private final RaceLog log;

    private RacingPublisher(Path directory, int files, String name) {
        this.directory = directory;
        this.files = files;
        this.name = name;
        this.log = new RaceLog(new long[files], new long[files], new boolean[files]);
    }

    /** Arguments: the way, the directory, how many files, this racer's name. */
    public static void main(String[] args) throws IOException {
        RacingPublisher racer = new RacingPublisher(Path.of(args[1]), Integer.parseInt(args[2]), args[3]);
        Attempt attempt =
                switch (Way.valueOf(args[0])) {
                    case CREATE -> racer.creating();
                    case LINK -> racer.linking();
                    case DELTA -> racer.committing();
                };
        racer.race(attempt);
        racer.log.write(racer.directory.resolve(racer.name + ".log"));
    }

    /** Tries to publish a file; throws if another was first. */
    private interface Attempt {
        void at(int file) throws IOException;
    }

    private void race(Attempt attempt) throws IOException {
        try (FileChannel channel =
                FileChannel.open(directory.resolve(BARRIER), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer barrier = channel.map(FileChannel.MapMode.READ_WRITE, 0, BARRIER_BYTES);
            int mine = PublishRace.RACERS.indexOf(name) * SLOT_BYTES;
            int other = SLOT_BYTES - mine;
            for (int file = 0; file < files; file++) {
                REACHED.setVolatile(barrier, mine, file + 1);
                awaitAtLeast(barrier, other, file + 1);
                log.begins()[file] = System.nanoTime();
                try {
                    attempt.at(file);
                    log.wins()[file] = true;
                } catch (FileAlreadyExistsException e) {
                    log.wins()[file] = false;
                }
                log.ends()[file] = System.nanoTime();
            }
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the other process may need this very processor to come to the barrier
    private static void awaitAtLeast(ByteBuffer barrier, int slot, int wanted) {
        for (int i = 0; (int) REACHED.getVolatile(barrier, slot) < wanted; i++) {
            if (i > SPINS) {
                LockSupport.parkNanos(PARK_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private Attempt creating() {
        Storage storage = LocalStorage.create().withTemporaryDirectory(directory.toString(), directory + "/tmp");
        return file -> storage.createExclusive(directory + "/race/" + file, PublishRace.content(name, file));
    }

    private Attempt linking() throws IOException {
        Storage storage = LocalStorage.create();
        Path staged = Files.createDirectories(directory.resolve("staged-" + name));
        for (int file = 0; file < files; file++) {
            Files.write(staged.resolve(Integer.toString(file)), PublishRace.content(name, file));
        }
        return file -> storage.link(staged + "/" + file, directory + "/race/" + file);
    }

    private Attempt committing() {
        TidemarkSession session = TidemarkSession.builder().getOrCreate();
        Sink sink = new DeltaSinkProvider()
                .open(new SinkContext(
                        new Options(new TreeMap<>(
                                Map.of("path", directory.resolve("table").toString()))),
                        session.engine().parseSchema("id BIGINT"),
                        List.of(),
                        OutputMode.Append(),
                        UUID.nameUUIDFromBytes(new byte[] {(byte) name.charAt(0)}),
                        name,
                        new StorageProviders(),
                        TimeSource.system(),
                        new TreeMap<>()));
        return batch -> {
            Sink.BatchAttempt attempt = new Sink.BatchAttempt(batch, 1, "attempt");
            sink.commit(new Sink.CommitRequest(
                    batch, sink.stage(attempt, List.of()), 1, attempt.attemptUuid(), "hash-" + name, "[]"));
        };
    }

    /** Every batch of both queries is in the table once, each in a version of its own that is whole. */
    static void checkTable(Path table, int batches, List<String> problems) throws IOException {
        ObjectMapper json = new ObjectMapper();
        Map<String, Integer> seen = new HashMap<>();
        List<Path> versions;
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            versions = log.filter(f -> f.getFileName().toString().matches("[0-9]{20}\\.json"))
                    .sorted()
                    .toList();
        }
        for (int version = 0; version < versions.size(); version++) {
            if (Long.parseLong(versions.get(version).getFileName().toString().substring(0, 20)) != version) {
                problems.add("version " + version + " is missing");
                return;
            }
            int transactions = 0;
            for (String line : Files.readAllLines(versions.get(version))) {
                JsonNode txn = json.readTree(line).path("txn");
                if (!txn.isMissingNode()) {
                    transactions++;
                    seen.merge(
                            txn.path("appId").asText() + "/"
                                    + txn.path("version").asLong(),
                            1,
                            Integer::sum);
                }
            }
            if (transactions != 1) {
                problems.add("version " + version + " has " + transactions + " transactions");
            }
        }
        if (versions.size() != PublishRace.RACERS.size() * batches
                || seen.size() != versions.size()
                || seen.values().stream().anyMatch(count -> count != 1)) {
            problems.add(versions.size() + " versions hold " + seen.size() + " different batches of "
                    + PublishRace.RACERS.size() * batches);
        }
    }
}
