package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.cli.Tidemark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;

/** What the command line said, and how it ended. */
record Answer(int exitCode, String out, String err) {
    /** Runs a command line in this process. */
    static Answer to(List<String> arguments, SortedMap<String, String> environment) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Tidemark.execute(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment);
        return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Holds that it worked without a word. */
    void isFine() {
        assertThat(err).isEmpty();
        assertThat(exitCode).isZero();
    }

    /** As {@link #refuses}, where {@code exception} is the name of what the platform says and tells more than it hides. */
    void refusesSaying(String exception, int expectedExitCode, String label, String... parts) {
        assertThat(err).contains(exception);
        new Answer(exitCode, out, err.replace(exception, "it")).refuses(expectedExitCode, label, parts);
    }

    /**
     * Holds that it refused in one line with this code, which names {@code parts}: problem, place and cure.
     *
     * @param label number and name of the error
     */
    void refuses(int expectedExitCode, String label, String... parts) {
        assertThat(err)
                .startsWith("tidemark: " + label + ": ")
                .endsWith("\n")
                .containsOnlyOnce("\n")
                .contains(parts)
                .doesNotContain("Exception", "\tat ", ": null");
        assertThat(out).isEmpty();
        assertThat(exitCode).as(err).isEqualTo(expectedExitCode);
    }
}
