package io.tidemark.api.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InnerPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "../x",
                "a/../../x",
                "a/..",
                "./x",
                "a//b",
                "a/",
                "file:/etc/passwd",
                "s3a://bucket/x",
                "C:\\x",
                "a\\..\\x",
                "a\u0000b",
                "a\nb",
                "%2e%2e/x",
                "%2E./x",
                "a/.%2e/x",
                "%252e%252e/x",
                "%2e%2e%2fx",
                "%2fetc/passwd"
            })
    void whatLeadsOutIsFound(String path) {
        assertThat(InnerPath.problemOf(path)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "state/0/1/4.changelog",
                "_tidemark/staged/3/one-state-0-1-4.changelog",
                "day=2026-11-20/part.parquet",
                "p=a%2Fb/x.parquet",
                "p=..%2Fb/x.parquet",
                "p=10%3A30/x.parquet",
                "...",
                "a..b"
            })
    void whatStaysInsideIsLeftAlone(String path) {
        assertThat(InnerPath.problemOf(path)).isEmpty();
    }
}
