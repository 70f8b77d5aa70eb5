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

    /** Read tables and change classes for the drills; no part of the command that runs queries. */
    private static final List<String> OF_DRILLS = List.of("duckdb_jdbc-", "byte-buddy-");

    @Test
    void thereAreAtMostSixty() {
        List<String> jars = Arrays.stream(
                        TidemarkCommand.ofThisBuild().classPath().split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(entry -> Path.of(entry).getFileName().toString())
                .filter(jar ->
                        !jar.startsWith("tidemark-") && OF_DRILLS.stream().noneMatch(jar::startsWith))
                .toList();
        assertThat(jars).hasSizeGreaterThan(20).hasSizeLessThanOrEqualTo(MOST);
        assertThat(jars).doesNotHaveDuplicates();
    }
}
