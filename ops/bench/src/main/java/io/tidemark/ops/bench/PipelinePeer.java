package io.tidemark.ops.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A system that runs a pipeline file and leaves a checkpoint of Spark's format: Tidemark, and Spark itself. */
final class PipelinePeer implements Peer {
    private final String name;
    private final Function<Path, List<String>> command;

    /** @param command how to run a pipeline file */
    private PipelinePeer(String name, Function<Path, List<String>> command) {
        this.name = name;
        this.command = command;
    }

    /** The command that users type. */
    static PipelinePeer tidemark(Path root) {
        return new PipelinePeer(
                "tidemark",
                file -> List.of(
                        root.resolve("ops/tidemark").toString(),
                        "run",
                        file.toString(),
                        "--quiet",
                        "--log",
                        file.resolveSibling("tidemark.log").toString()));
    }

    /** Spark in one JVM with two task threads, with Delta. */
    static PipelinePeer spark(Path root) {
        return new PipelinePeer("spark", file -> SparkCommand.of(root, file));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean canRun(Workload workload) {
        return true;
    }

    @Override
    public boolean leavesCheckpoint() {
        return true;
    }

    @Override
    public PeerRun start(Job job) throws IOException {
        long first = Files.isDirectory(job.checkpoint().resolve("commits"))
                ? CheckpointFollower.newestCommit(job.checkpoint()).orElse(-1) + 1
                : 0;
        return start(job, new CheckpointFollower(job.checkpoint(), first));
    }

    @Override
    public PeerRun startAndFollowTable(Job job) throws IOException {
        return start(job, new TableFollower(job.table(), job.checkpoint()));
    }

    private PeerRun start(Job job, Follower follower) throws IOException {
        Files.createDirectories(job.home());
        Path file = Files.writeString(job.home().resolve("query.yaml"), PipelineText.of(job));
        return PeerRun.start(name, command.apply(file), Map.of(), job.home(), follower);
    }
}
