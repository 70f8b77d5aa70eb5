package io.tidemark.runtime.expression.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.expression.ShowValues;
import io.tidemark.runtime.expression.SqlValue;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FromJsonTest {
    private static final StructType INPUT = StructType.EMPTY.add("value", AtomicType.STRING);

    @Test
    void rowsThatAreNotSelectedAreNotLookedAt() {
        ColumnVector result = read(
                "from_json('', 'a INT', map('mode', 'FAILFAST'))",
                Selection.of(new int[] {1, 3}, 2),
                "{broken",
                "{\"a\":1}",
                "also broken",
                null,
                "{");
        assertThat(result.length()).isGreaterThanOrEqualTo(4);
        assertThat(ShowValues.show(result.value(1))).isEqualTo("{1}");
        assertThat(result.value(3)).isNull();
    }

    @Test
    void aMalformedRecordBetweenSoundOnesLeavesThemAlone() {
        ColumnVector result = read(
                "from_json('', 'a INT, b ARRAY<STRUCT<x: STRING, y: ARRAY<INT>>>, _corrupt_record STRING')",
                Selection.all(4),
                "{\"a\":1,\"b\":[{\"x\":\"p\",\"y\":[1,2]}]}",
                "{\"a\":2,\"b\":[{\"x\":\"q\",\"y\":[3,",
                "{\"b\":[{\"y\":[4]},{\"x\":5}],\"a\":\"wrong\"}",
                "{\"a\":4,\"b\":[{\"y\":[6]}]}");
        assertThat(ShowValues.show(result.value(0))).isEqualTo("{1,[{'p',[1,2]}],null}");
        assertThat(ShowValues.show(result.value(1))).isEqualTo("{null,null,'{\"a\":2,\"b\":[{\"x\":\"q\",\"y\":[3,'}");
        assertThat(ShowValues.show(result.value(2)))
                .isEqualTo("{null,[{null,[4]},{'5',null}],'{\"b\":[{\"y\":[4]},{\"x\":5}],\"a\":\"wrong\"}'}");
        assertThat(ShowValues.show(result.value(3))).isEqualTo("{4,[{null,[6]}],null}");
    }

    @Test
    void failFastNamesTheCauseButNotTheData() {
        assertThatThrownBy(() -> SqlValue.of("from_json('{\"a\":\"secret\"}', 'a INT', map('mode', 'failfast'))"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageContaining("field 'a': a string stands where INT is wanted")
                .hasMessageContaining("mode=PERMISSIVE")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> SqlValue.of("from_json('{\"a\":1, secret}', 'a INT', map('mode', 'FAILFAST'))"))
                .hasMessageContaining("it is not JSON from character")
                .hasMessageNotContaining("secret");
    }

    @Test
    void schemaAndOptionsAreCheckedBeforeAnythingIsRead() {
        assertThatThrownBy(() -> SqlValue.bind("from_json('{}', 'a INTEGERS')")).isInstanceOf(AnalysisException.class);
        assertThatThrownBy(() -> SqlValue.bind("from_json('{}', 'INT')")).hasMessageContaining("must be a struct");
        assertThatThrownBy(() -> SqlValue.bind("from_json('{}', 'a MAP<INT, INT>')"))
                .hasMessageContaining("keys of a map in JSON are STRING");
        assertThatThrownBy(() -> SqlValue.bind("from_json('{}', 'a INT, _corrupt_record INT')"))
                .hasMessageContaining("must be STRING");
        assertThatThrownBy(() -> SqlValue.bind("from_json('{}', 'a INT', map('mode', 'DROPMALFORMED'))"))
                .hasMessageContaining("Use PERMISSIVE or FAILFAST");
        assertThatThrownBy(() -> SqlValue.bind("from_json('{}', 'a DATE', map('dateFormat', 'qqqq{'))"))
                .hasMessageContaining("no pattern for dates and times");
        assertThatThrownBy(() -> SqlValue.bind("from_json(1, 'a INT')")).hasMessageContaining("STRING is required");
    }

    @Test
    void theSchemaMayBeNarrowedUnlessThatCouldHideAMalformedRecord() {
        assertThat(FromJson.mayNarrow(call("from_json('{}', 'a INT, b INT')"))).isTrue();
        assertThat(FromJson.mayNarrow(call("from_json('{}', 'a INT', map('mode', 'PERMISSIVE'))")))
                .isTrue();
        assertThat(FromJson.mayNarrow(call("from_json('{}', 'a INT', map('mode', 'FAILFAST'))")))
                .isFalse();
        assertThat(FromJson.mayNarrow(call("from_json('{}', 'a INT, _corrupt_record STRING')")))
                .isFalse();
        assertThat(FromJson.mayNarrow(
                        call("from_json('{}', 'a INT, bad STRING', map('columnNameOfCorruptRecord', 'bad'))")))
                .isFalse();
    }

    @Test
    void numbersWithHugeExponentsTakeNoTime() {
        assertThat(ShowValues.show(SqlValue.of("from_json('{\"a\":1e1000000000,\"b\":1e-1000000000,\"c\":0e999999999}',"
                        + " 'a DECIMAL(10,2), b DECIMAL(10,2), c DECIMAL(10,2)')")))
                .isEqualTo("{null,0.00,0.00}");
    }

    private static BoundCall call(String sql) {
        return (BoundCall) SqlValue.bind(sql);
    }

    /** Evaluates the call with its first argument taken from a column. */
    private static ColumnVector read(String sql, Selection rows, @Nullable String... records) {
        VectorBuilder values = VectorBuilder.of(AtomicType.STRING, records.length);
        for (@Nullable String record : records) {
            values.append(record);
        }
        BoundCall call = call(sql);
        List<BoundExpression> arguments = new ArrayList<>(call.arguments());
        arguments.set(0, new BoundExpression.ColumnRef(0, "value", AtomicType.STRING, true));
        BoundCall onColumn = new BoundCall(call.function(), arguments, call.type(), true, call.origin());
        return KernelCompiler.compile(onColumn)
                .evaluate(
                        new ColumnBatch(INPUT, Arrays.asList(values.build()), records.length),
                        rows,
                        new EvaluationContext(0, ZoneOffset.UTC, true));
    }
}
