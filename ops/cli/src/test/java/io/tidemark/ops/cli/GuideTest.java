package io.tidemark.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.runtime.conf.ConfigKey;
import io.tidemark.runtime.conf.QueryConf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide tells what the program does. */
class GuideTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");

    @Test
    void everySettingStandsInTheGuide() throws IOException {
        assertThat(QueryConf.keys().stream().map(ConfigKey::name))
                .allSatisfy(name -> assertThat(guide()).contains("| `" + name + "` |"));
    }

    @Test
    void everyOptionOfEveryCommandStandsInTheGuide() throws IOException {
        for (List<String> command : List.of(
                List.of("run"),
                List.of("demo"),
                List.of("explain"),
                List.of("broker"),
                List.of("state", "dump"),
                List.of("handover"),
                List.of("checkpoint", "show"),
                List.of("checkpoint", "verify"),
                List.of("checkpoint", "doctor"),
                List.of("checkpoint", "rewind"),
                List.of("state", "dump"),
                List.of("handover"))) {
            Matcher options = OPTION.matcher(help(command));
            while (options.find()) {
                assertThat(guide()).as(command.toString()).contains(options.group());
            }
        }
    }

    private static String help(List<String> command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        String[] arguments = new String[command.size() + 1];
        command.toArray(arguments);
        arguments[command.size()] = "--help";
        Tidemark.execute(arguments, new Terminal(printed, printed, new TreeMap<>(), false), Signals.none());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String guide() throws IOException {
        return Files.readString(Path.of("../docs/guide.md"));
    }
}
