package io.tidemark.ops.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A job written in Java for the purpose. It takes what to do as options, prints a line for each commit
 * ({@link PeerRun#COMMIT}) and goes on until it is stopped.
 *
 * @param variant an argument of its own
 */
record JavaPeer(
        String name,
        Path module,
        String mainClass,
        List<String> jvmOptions,
        String optionsVariable,
        List<String> variant,
        Set<Workload> workloads)
        implements Peer {
    JavaPeer {
        jvmOptions = List.copyOf(jvmOptions);
        variant = List.copyOf(variant);
        workloads = Set.copyOf(workloads);
    }

    @Override
    public boolean canRun(Workload workload) {
        return workloads.contains(workload);
    }

    @Override
    public PeerRun start(Job job) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--query",
                job.query().label(),
                "--bootstrap",
                job.bootstrapServers(),
                "--topic",
                job.topicName(),
                "--partitions",
                Integer.toString(job.topic().partitions()),
                "--batch-rows",
                Long.toString(job.batchRows()),
                "--home",
                job.home().toString()));
        if (job.endless()) {
            arguments.add("--endless");
        }
        arguments.addAll(variant);
        return PeerRun.start(
                name,
                JavaCommand.of(module, jvmOptions, optionsVariable, mainClass, arguments),
                Map.of(),
                job.home(),
                null);
    }
}
