package io.tidemark.ops.drill;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * How to start the command line in a JVM of its own.
 *
 * @param jvmArguments before the class path
 * @param classPath as {@code java -cp} takes it
 */
public record TidemarkCommand(List<String> jvmArguments, String classPath) {
    /** The system property that names a file with the class path; without it, that of this process is taken. */
    public static final String CLASS_PATH_FILE = "tidemark.classPathFile";

    /** The environment variable that makes the command line end itself at a storage operation. */
    public static final String KILL_AT = "TIDEMARK_KILL_AT";

    /** The environment variable that makes the command line stop, until it is let go on, at a storage operation. */
    public static final String STOP_AT = "TIDEMARK_STOP_AT";

    private static final String MAIN_CLASS = "io.tidemark.ops.cli.Tidemark";

    public TidemarkCommand {
        jvmArguments = List.copyOf(jvmArguments);
    }

    /** The command line of the build that runs this code, with a small heap and a quick start. */
    public static TidemarkCommand ofThisBuild() {
        String file = System.getProperty(CLASS_PATH_FILE);
        try {
            return new TidemarkCommand(
                    List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"),
                    file == null
                            ? System.getProperty("java.class.path")
                            : Files.readString(Path.of(file)).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns this command with further JVM arguments. */
    public TidemarkCommand withJvmArguments(String... more) {
        List<String> all = new ArrayList<>(jvmArguments);
        all.addAll(List.of(more));
        return new TidemarkCommand(all, classPath);
    }

    /**
     * Returns this command with each folder of its class path packed into a jar in {@code directory}: only then can the
     * JVM keep what it learned about the classes ({@code -XX:ArchiveClassesAtExit}).
     */
    public TidemarkCommand inJars(Path directory) throws IOException {
        Files.createDirectories(directory);
        List<String> jars = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            jars.add(
                    Files.isDirectory(Path.of(entry))
                            ? pack(Path.of(entry), directory.resolve(jars.size() + ".jar"))
                            : entry);
        }
        return new TidemarkCommand(jvmArguments, String.join(File.pathSeparator, jars));
    }

    private static String pack(Path folder, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(folder.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar.toString();
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
        builder.environment().remove(STOP_AT);
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
