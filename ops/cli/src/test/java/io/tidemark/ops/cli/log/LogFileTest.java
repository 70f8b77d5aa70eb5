package io.tidemark.ops.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.Redaction;
import io.tidemark.api.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path directory;

    private List<String> logged(Throwable failure, String message, Object... arguments) throws IOException {
        LoggerContext context = new LoggerContext();
        LogFile file = new LogFile();
        file.setContext(context);
        file.start();
        Path path = directory.resolve("t.log");
        file.open(path);
        Logger log = context.getLogger("some.library");
        log.addAppender(file);
        Object[] all = java.util.Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = failure;
        log.error(message, all);
        return Files.readAllLines(path);
    }

    @Test
    void aValueCannotForgeALine() throws IOException {
        Thread.currentThread().setName("query a\n2026-01-01T00:00:00Z ERROR [x] y - forged");
        try {
            List<String> lines = logged(
                    new IOException("first\n2026-01-01T00:00:00Z ERROR forged"),
                    "topic {}",
                    "a\r\n2026 INFO forged\u001b[2J");
            assertThat(lines.get(0)).contains("topic a\\r\\n2026 INFO forged\\u001b[2J", "[query a\\n2026");
            assertThat(lines).filteredOn(line -> line.startsWith("2026")).hasSize(1);
        } finally {
            Thread.currentThread().setName("main");
        }
    }

    @Test
    void neitherSecretsNorRowsAreInIt() throws IOException {
        Redaction.remember(new Secret("canary-of-the-log"));
        EvaluationException row = new EvaluationException("CAST_INVALID_INPUT", "The value '4111 1111' is no INT.");
        TidemarkException task = new TidemarkException(
                row.code(),
                "query 'q': " + row.at("batch 3, task 0 (clicks-1 [20, 40))").getMessage(),
                row);
        List<String> lines = logged(new IllegalStateException("user canary-of-the-log", task), "as canary-of-the-log");
        assertThat(String.join("\n", lines))
                .doesNotContain("canary", "4111")
                .contains(
                        "as ***",
                        "user ***",
                        "CAST_INVALID_INPUT",
                        "(clicks-1 [20, 40))",
                        "\tat io.tidemark.ops.cli.log");
    }
}
