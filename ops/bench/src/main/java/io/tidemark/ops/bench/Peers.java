package io.tidemark.ops.bench;

import static io.tidemark.ops.bench.Workload.W1;
import static io.tidemark.ops.bench.Workload.W2;
import static io.tidemark.ops.bench.Workload.W3;
import static io.tidemark.ops.bench.Workload.W4;
import static io.tidemark.ops.bench.Workload.W5;
import static io.tidemark.ops.bench.Workload.W6;
import static io.tidemark.ops.bench.Workload.W7;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** All systems that can be measured, and how each is started. */
final class Peers {
    private Peers() {}

    /** @param root of the repository */
    static List<Peer> all(Path root) {
        return List.of(
                PipelinePeer.tidemark(root),
                PipelinePeer.spark(root),
                new JavaPeer(
                        "flink",
                        root.resolve("ops/bench/flink"),
                        "io.tidemark.ops.bench.flink.FlinkJob",
                        List.of(
                                "-Xmx1536m",
                                "-XX:MaxDirectMemorySize=512m",
                                "--add-opens=java.base/java.util=ALL-UNNAMED",
                                "--add-opens=java.base/java.lang=ALL-UNNAMED"),
                        "FLINK_OPTS",
                        List.of(),
                        Set.of(W1, W2, W3, W4, W5, W6, W7)),
                new JavaPeer(
                        "kafka-streams",
                        root.resolve("ops/bench/kafka-streams"),
                        "io.tidemark.ops.bench.streams.StreamsJob",
                        List.of("-Xmx1g"),
                        "KAFKA_STREAMS_OPTS",
                        List.of(),
                        Set.of(W1, W2, W3, W5, W6, W7)),
                ceiling(root, "ceiling", List.of(), Set.of(W1, W2, W3, W4, W6)),
                ceiling(root, "ceiling-jackson", List.of("--parser", "jackson"), Set.of(W1, W2, W3)),
                ceiling(root, "ceiling-map", List.of("--state", "map"), Set.of(W3)),
                ceiling(root, "ceiling-read", List.of("--only", "read"), Set.of(W1)),
                ceiling(root, "ceiling-parse", List.of("--only", "parse"), Set.of(W1)));
    }

    private static Peer ceiling(Path root, String name, List<String> variant, Set<Workload> workloads) {
        return new JavaPeer(
                name,
                root.resolve("ops/bench/ceiling"),
                "io.tidemark.ops.bench.ceiling.Ceiling",
                List.of("-Xmx1g", "-XX:+UseParallelGC"),
                "CEILING_OPTS",
                variant,
                workloads);
    }
}
