package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the command line is made of besides our own modules: each jar is one more to watch for holes. */
class RuntimeJarsTest {
    private static final int MOST = 60;

    /** Reads tables for the drills; no part of the command that runs queries. */
    private static final String OF_DRILLS = "duckdb_jdbc-";

    @Test
    void thereAreAtMostSixty() {
        List<String> jars = Arrays.stream(
                        TidemarkCommand.ofThisBuild().classPath().split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(entry -> Path.of(entry).getFileName().toString())
                .filter(jar -> !jar.startsWith("tidemark-") && !jar.startsWith(OF_DRILLS))
                .toList();
        assertThat(jars).hasSizeGreaterThan(20).hasSizeLessThanOrEqualTo(MOST);
        assertThat(jars).doesNotHaveDuplicates();
    }
}
