package io.tidemark.ops.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.api.Row;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.ops.fuzz.Format.Guard;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import io.tidemark.runtime.expression.function.CastFunction;
import io.tidemark.runtime.sql.SqlParser;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a record of a topic meets: every function that takes text or bytes apart, over a column {@code v}. A row that one
 * of them refuses under ANSI rules is an error with a code; that is part of what the record means here.
 */
final class RecordFormats {
    private static final FunctionRegistry FUNCTIONS = BuiltinFunctions.registry();
    private static final ZoneId ZONE = ZoneId.of("America/New_York");
    private static final String SCHEMA =
            "'a BIGINT, b STRING, c DOUBLE, d DECIMAL(20,3), e TIMESTAMP, f DATE, g BOOLEAN,"
                    + " h ARRAY<STRUCT<x: INT, y: MAP<STRING, FLOAT>>>, i BINARY, j STRUCT<k: ARRAY<ARRAY<STRING>>>,"
                    + " l TIMESTAMP_NTZ, m TINYINT'";

    private static final String JSON =
            """
            {"a":12,"b":"x\\u00e9\\n\\ud83d\\ude00","c":1.5e3,"d":123.456,"e":"2026-11-20T12:00:00.5+01:00","f":"2026-11-20",
            "g":true,"h":[{"x":-7,"y":{"p":0.25,"q":null}},{}],"i":"AQID","j":{"k":[["u"],[]]},"l":"2026-11-20 12:00:00",
            "m":5,"unknown":{"deep":[1,[2,{"z":"}"}]]}}""";

    private RecordFormats() {}

    static List<Format> all() {
        return List.of(
                format(
                        "record-json",
                        List.of(
                                "from_json(v, " + SCHEMA + ")",
                                "from_json(v, 'a INT, h ARRAY<STRUCT<x: STRING>>, _corrupt_record STRING')",
                                "from_json(v, 'b STRING, j MAP<STRING, STRING>', map('mode', 'FAILFAST'))",
                                "from_json(v, 'e TIMESTAMP, f DATE', map('timestampFormat', 'yyyy-MM-dd HH:mm',"
                                        + " 'dateFormat', 'd.M.y', 'allowComments', 'true', 'allowSingleQuotes', 'true'))",
                                "get_json_object(v, '$.h[*].y')",
                                "get_json_object(v, '$.j.k[0][0]')",
                                "to_json(from_json(v, " + SCHEMA + "))"),
                        JSON,
                        "{\"a\":9223372036854775808,\"c\":\"NaN\",\"b\":{\"q\":[1e400]},\"e\":1e3}"),
                format(
                        "record-cast",
                        List.of(
                                "CAST(v AS BOOLEAN)",
                                "CAST(v AS TINYINT)",
                                "CAST(v AS INT)",
                                "CAST(v AS BIGINT)",
                                "CAST(v AS FLOAT)",
                                "CAST(v AS DOUBLE)",
                                "CAST(v AS DECIMAL(10, 2))",
                                "CAST(v AS DECIMAL(38, 18))",
                                "CAST(v AS DATE)",
                                "CAST(v AS TIMESTAMP)",
                                "CAST(v AS TIMESTAMP_NTZ)",
                                "CAST(v AS BINARY)",
                                "TRY_CAST(v AS TIMESTAMP)",
                                "TRY_CAST(v AS DECIMAL(5, 1))"),
                        "-12345678901234567890.123456e-7",
                        "2026-11-20 12:34:56.789012 Europe/Berlin",
                        "T12:34:56+01:30:15",
                        "true",
                        "Infinity"),
                format(
                        "record-time",
                        List.of(
                                "to_timestamp(v, 'yyyy-MM-dd HH:mm:ss.SSSSSS')",
                                "to_timestamp(v)",
                                "to_date(v, 'd MMM y')",
                                "to_date(v)",
                                "unix_timestamp(v, 'yyyy-MM-dd''T''HH:mm:ssXXX')",
                                "to_timestamp(v, 'h:m a D G VV')",
                                "from_utc_timestamp(CAST('2026-11-20 12:00:00' AS TIMESTAMP), v)"),
                        "2026-11-20 12:34:56.789012",
                        "20 Nov 2026",
                        "2026-11-20T12:34:56+01:00",
                        "11:5 PM 324 AD Europe/Berlin"),
                format(
                        "record-text",
                        List.of(
                                "decode(CAST(v AS BINARY), 'UTF-16')",
                                "decode(CAST(v AS BINARY), 'UTF-8')",
                                "encode(v, 'UTF-16')",
                                "unbase64(v)",
                                "unhex(v)",
                                "upper(v)",
                                "initcap(v)",
                                "reverse(v)",
                                "substring(v, 3, 5)",
                                "split(v, '[,;]')",
                                "split_part(v, ',', 2)",
                                "regexp_extract(v, '([a-z]+)-([0-9]+)', 2)",
                                "regexp_replace(v, '[0-9]+', '#')",
                                "v LIKE '%a_b%'",
                                "translate(v, 'abc', 'xy')",
                                "substring_index(v, '.', -2)",
                                "length(v)",
                                "ascii(v)",
                                "md5(CAST(v AS BINARY))",
                                "lpad(v, 20, v)",
                                "overlay(v, v, 3, 2)"),
                        "page-17,Zürich;😀.example.org",
                        "QUJDREVGRw==",
                        "4a4B4c"));
    }

    private static Format format(String name, List<String> expressions, String... samples) {
        List<Compiled> compiled = new ArrayList<>();
        for (String sql : expressions) {
            compiled.add(new Compiled(sql, KernelCompiler.compile(bind(SqlParser.parseExpression(sql)))));
        }
        List<byte[]> bytes = new ArrayList<>();
        for (String sample : samples) {
            bytes.add(sample.getBytes(UTF_8));
        }
        return new Format(name, Guard.NONE, record -> meaning(record, compiled), bytes);
    }

    private static String meaning(byte[] record, List<Compiled> expressions) {
        BytesVectorBuilder values = (BytesVectorBuilder) VectorBuilder.of(AtomicType.STRING, 1);
        values.appendBytes(record, 0, record.length);
        List<ColumnVector> columns = List.of(values.build());
        ColumnBatch batch = new ColumnBatch(StructType.EMPTY.add("v", AtomicType.STRING), columns, 1);
        EvaluationContext context = new EvaluationContext(0, ZONE, true);
        StringBuilder meaning = new StringBuilder();
        for (Compiled expression : expressions) {
            try {
                ColumnVector result = expression.kernel().evaluate(batch, Selection.all(1), context);
                meaning.append(result.isNull(0) ? "null" : text(result.value(0)))
                        .append('\n');
            } catch (TidemarkException e) {
                Trial.checkMessage(expression.sql(), e);
                meaning.append(e.code()).append('\n');
            } catch (RuntimeException e) {
                throw new IllegalStateException(expression.sql(), e);
            }
        }
        return meaning.toString();
    }

    private static String text(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        } else if (value instanceof Row row) {
            return text(row.values());
        } else if (value instanceof List<?> list) {
            return list.stream().map(RecordFormats::text).toList().toString();
        } else if (value instanceof Map<?, ?> map) {
            return text(new ArrayList<>(map.keySet())) + text(new ArrayList<>(map.values()));
        }
        return String.valueOf(value);
    }

    private static BoundExpression bind(Expression expression) {
        BindContext context = new BindContext(true, ZONE, expression.origin(), FUNCTIONS);
        if (expression instanceof Expression.Attribute) {
            return new BoundExpression.ColumnRef(0, "v", AtomicType.STRING, true);
        } else if (expression instanceof Expression.Literal literal) {
            return new BoundExpression.Constant(literal.value(), literal.type());
        } else if (expression instanceof Expression.Cast cast) {
            return CastFunction.bind(bind(cast.input()), cast.type(), cast.mode(), context);
        } else if (expression instanceof Expression.Call call) {
            List<BoundExpression> arguments = new ArrayList<>();
            call.arguments().forEach(argument -> arguments.add(bind(argument)));
            return FUNCTIONS.builtin(call.function()).bind(arguments, context);
        }
        throw new IllegalArgumentException("not among what records meet: " + expression);
    }

    private record Compiled(String sql, Kernel kernel) {}
}
