package io.tidemark.ops.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start the command line in a JVM of its own.
 *
 * @param jvmArguments before the class path
 * @param classPath as {@code java -cp} takes it
 */
public record TidemarkCommand(List<String> jvmArguments, String classPath) {
    /** The system property that names the file with the class path; the build sets it for tests. */
    public static final String CLASS_PATH_FILE = "tidemark.classPathFile";

    /** The environment variable that makes the command line end itself at a storage operation. */
    public static final String KILL_AT = "TIDEMARK_KILL_AT";

    private static final String MAIN_CLASS = "io.tidemark.ops.cli.Tidemark";

    public TidemarkCommand {
        jvmArguments = List.copyOf(jvmArguments);
    }

    /** The command line of the build that runs this code, with a small heap and a quick start. */
    public static TidemarkCommand ofThisBuild() {
        String file = System.getProperty(CLASS_PATH_FILE);
        if (file == null) {
            throw new IllegalStateException("the system property " + CLASS_PATH_FILE + " is not set");
        }
        try {
            return new TidemarkCommand(
                    List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                    Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns this command with other JVM arguments. */
    public TidemarkCommand withJvmArguments(String... arguments) {
        return new TidemarkCommand(List.of(arguments), classPath);
    }

    /**
     * Starts it.
     *
     * @param arguments of the command line: {@code run}, a file …
     * @param environment added to this process's own
     * @param log gets what it prints
     */
    public TidemarkRun start(List<String> arguments, Map<String, String> environment, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.add("-cp");
        command.add(classPath);
        command.add(MAIN_CLASS);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove(KILL_AT);
        builder.environment().putAll(environment);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            return new TidemarkRun(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
