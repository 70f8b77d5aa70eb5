package io.tidemark.runtime.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tidemark.api.error.EvaluationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Expressions and what Spark 4.1 made of them: pairs of lines in files named after the family of functions. */
class SparkValuesTest {
    private static final String ERROR = "error ";

    @TestFactory
    Stream<DynamicTest> text() throws IOException {
        return tests("text.values");
    }

    @TestFactory
    Stream<DynamicTest> collection() throws IOException {
        return tests("collection.values");
    }

    @TestFactory
    Stream<DynamicTest> json() throws IOException {
        return tests("json.values");
    }

    private static Stream<DynamicTest> tests(String file) throws IOException {
        List<String> lines = new ArrayList<>();
        try (InputStream in = SparkValuesTest.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("no file " + file);
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(lines::add);
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i + 1 < lines.size(); i += 2) {
            String sql = lines.get(i);
            String wanted = lines.get(i + 1).strip();
            tests.add(DynamicTest.dynamicTest(sql + " = " + wanted, () -> check(sql, wanted)));
        }
        return tests.stream();
    }

    private static void check(String sql, String wanted) {
        try {
            assertThat(ShowValues.show(SqlValue.of(sql))).isEqualTo(wanted);
        } catch (EvaluationException e) {
            if (!wanted.equals(ERROR + e.condition())) {
                fail("%s should be %s but failed: %s", sql, wanted, e.getMessage());
            }
        }
    }
}
