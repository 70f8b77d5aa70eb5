package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitialOffsetFileTest {
    private static final Offset OFFSET = new Offset("{\"t\":{\"0\":5}}");

    @TempDir
    Path directory;

    private InitialOffsetFile file;

    @BeforeEach
    void open() {
        file = new InitialOffsetFile(
                LocalStorage.create(), directory.resolve("sources/0").toString());
    }

    @Test
    void whoComesSecondGetsWhatTheFirstStored() throws Exception {
        assertThat(file.read()).isEmpty();
        assertThat(file.store(OFFSET)).isEqualTo(OFFSET);
        assertThat(file.store(new Offset("{\"t\":{\"0\":9}}"))).isEqualTo(OFFSET);
        assertThat(Files.readString(directory.resolve("sources/0/0"))).isEqualTo("\0v1\n{\"t\":{\"0\":5}}");
    }

    @Test
    void aFileWithoutAVersionIsReadAsTheOldestSparkWroteIt() throws Exception {
        write("\0" + OFFSET.json());
        assertThat(file.read()).contains(OFFSET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'';CHECKPOINT_FILE_CORRUPT",
                "'v1\n{}';CHECKPOINT_FILE_CORRUPT",
                "'\0v1';CHECKPOINT_FILE_CORRUPT",
                "'\0v1\n';CHECKPOINT_FILE_CORRUPT",
                "'\0v1\n{\"t\"';CHECKPOINT_FILE_CORRUPT",
                "'\0v2\n{}';CHECKPOINT_VERSION_UNSUPPORTED",
            })
    void aDamagedFileIsNamed(String content, ErrorCode code) throws Exception {
        write(content);
        assertThatThrownBy(() -> file.read())
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining("sources/0/0");
    }

    private void write(String content) throws IOException {
        Files.createDirectories(directory.resolve("sources/0"));
        Files.write(directory.resolve("sources/0/0"), content.getBytes(StandardCharsets.UTF_8));
    }
}
