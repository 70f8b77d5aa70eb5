package io.tidemark.runtime.analysis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.runtime.sql.SqlParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The resource holds what Spark 4.1.3 called the column of {@code SELECT <expression> FROM t}, where t is (a INT, b BIGINT,
 * page STRING, s STRUCT, l ARRAY of STRUCT, m MAP, ts TIMESTAMP, c DOUBLE, v BINARY, f BOOLEAN).
 */
class ColumnNamesTest {
    private static final ColumnNames NAMES = new ColumnNames(new ColumnNames.Resolution() {
        @Override
        public String shown(List<String> parts) {
            return String.join(".", parts.get(0).equals("t") ? parts.subList(1, parts.size()) : parts);
        }

        @Override
        public boolean isColumn(List<String> parts) {
            return parts.size() == 1;
        }

        @Override
        public boolean isDate(Expression expression) {
            return expression instanceof Expression.Literal literal && literal.type() == AtomicType.DATE;
        }

        @Override
        public boolean isStruct(Expression expression) {
            String text = expression.origin().text();
            return text.equals("s") || text.equals("l") || text.equals("s['y']");
        }
    });

    static Stream<String> lines() throws IOException {
        try (InputStream in = requireNonNull(ColumnNamesTest.class.getResourceAsStream("names-of-spark-4.1.3.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void aColumnIsNamedAsSparkNamesIt(String line) {
        int arrow = line.lastIndexOf(" => ");

        assertThat(NAMES.of(SqlParser.parseExpression(line.substring(0, arrow))))
                .isEqualTo(line.substring(arrow + " => ".length()));
    }
}
