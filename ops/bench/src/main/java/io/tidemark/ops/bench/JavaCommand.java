package io.tidemark.ops.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a peer's JVM is started: on the class path that its module left in {@code target}. */
final class JavaCommand {
    private JavaCommand() {}

    /** @param variable of the environment, with further options, which come last and so win */
    static List<String> of(
            Path module, List<String> options, String variable, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        String more = System.getenv().getOrDefault(variable, "").strip();
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split("\\s+")));
        }
        command.add("-cp");
        command.add(module.resolve("target/classes") + ":" + classPath(module));
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    private static String classPath(Path module) {
        try {
            return Files.readString(module.resolve("target/peer.classpath")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The peer in " + module + " is not built. Call ops/bench/run, which does.", e);
        }
    }
}
