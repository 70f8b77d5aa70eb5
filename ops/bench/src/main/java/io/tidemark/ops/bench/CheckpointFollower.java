package io.tidemark.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.ops.bench.Progress.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Follows a checkpoint of Spark's format: a batch is committed when {@code commits/N} is there. Its time is the change time
 * of that file, which a rename or a link moves on, so that a sync before it counts.
 */
final class CheckpointFollower implements Follower {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path checkpoint;
    private long next;

    /** @param first the first batch that counts */
    CheckpointFollower(Path checkpoint, long first) {
        this.checkpoint = checkpoint;
        this.next = first;
    }

    @Override
    public void look(Progress progress) throws IOException {
        Path file = commit(next);
        while (file.toFile().exists()) {
            progress.add(new Commit(changed(file), offsets(checkpoint, next)));
            next++;
            file = commit(next);
        }
    }

    private Path commit(long batch) {
        return checkpoint.resolve("commits").resolve(Long.toString(batch));
    }

    static long changed(Path file) throws IOException {
        return Clock.micros((FileTime) Files.getAttribute(file, "unix:ctime"));
    }

    /** Returns the offsets at which {@code batch} ends, by partition. */
    static long[] offsets(Path checkpoint, long batch) throws IOException {
        List<String> lines = Files.readAllLines(checkpoint.resolve("offsets").resolve(Long.toString(batch)));
        ObjectNode topic = (ObjectNode) JSON.readTree(lines.get(2)).elements().next();
        long[] offsets = new long[topic.size()];
        for (Map.Entry<String, JsonNode> partition : topic.properties()) {
            offsets[Integer.parseInt(partition.getKey())] = partition.getValue().asLong();
        }
        return offsets;
    }

    /** Returns the newest committed batch. */
    static OptionalLong newestCommit(Path checkpoint) throws IOException {
        try (Stream<Path> files = Files.list(checkpoint.resolve("commits"))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .mapToLong(Long::parseLong)
                    .max();
        }
    }
}
