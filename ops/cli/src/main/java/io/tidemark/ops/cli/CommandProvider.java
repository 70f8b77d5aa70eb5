package io.tidemark.ops.cli;

import java.io.PrintStream;
import java.util.SortedMap;

/**
 * Adds a command to the program from a jar that the program does not need for its work; found by {@link
 * java.util.ServiceLoader}.
 */
public interface CommandProvider {
    /**
     * Makes the command, an object with picocli's annotations whose call returns the exit code.
     *
     * @param environment what the command sees of the environment
     */
    Object command(PrintStream out, PrintStream err, SortedMap<String, String> environment);
}
