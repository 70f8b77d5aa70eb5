package io.tidemark.ops.drill;

import io.tidemark.ops.cli.Tidemark;
import io.tidemark.ops.cli.log.CommandLineLogging;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process that runs one command line after another, so that a test with many short runs starts one JVM. Each command
 * opens and closes all it uses, as in a process of its own; what must die is started by {@link TidemarkCommand}. Used by
 * one thread; closing it ends the process.
 */
public final class WarmCommandLine implements AutoCloseable {
    private static final String SEPARATOR = "\t";

    private final Process process;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    private WarmCommandLine(Process process) {
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts the process.
     *
     * @param log gets what no command claims: warnings of the JVM and of libraries
     */
    public static WarmCommandLine start(TidemarkCommand of, Path log) throws IOException {
        return start(of, Map.of(), log);
    }

    /** As {@link #start(TidemarkCommand, Path)}, with more in its environment than this process has. */
    public static WarmCommandLine start(TidemarkCommand of, Map<String, String> environment, Path log)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(of.jvmArguments());
        command.add("-cp");
        command.add(of.classPath() + File.pathSeparator + ownClasses());
        command.add(WarmCommandLine.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove(TidemarkCommand.KILL_AT);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new WarmCommandLine(builder.start());
    }

    private static String ownClasses() {
        try {
            return Path.of(WarmCommandLine.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs a command and returns its exit code.
     *
     * @param arguments as the command line takes them; none has a tab or an end of line
     * @param log gets what it prints, after what is there
     */
    public int run(List<String> arguments, Path log) {
        try {
            requests.write(log + SEPARATOR + String.join(SEPARATOR, arguments) + "\n");
            requests.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new IllegalStateException("the process ended while it ran " + arguments);
            }
            return Integer.parseInt(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The process: a line asks, a line with the exit code answers; it ends with its input. */
    public static void main(String[] none) throws IOException {
        CommandLineLogging.choose();
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String request = requests.readLine(); request != null; request = requests.readLine()) {
            List<String> words = Arrays.asList(request.split(SEPARATOR, -1));
            try (OutputStream log = Files.newOutputStream(
                            Path.of(words.get(0)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8)) {
                answers.println(
                        Tidemark.execute(words.subList(1, words.size()), out, out, new TreeMap<>(System.getenv())));
                answers.flush();
            }
        }
    }
}
