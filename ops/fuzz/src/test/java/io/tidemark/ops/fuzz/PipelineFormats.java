package io.tidemark.ops.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.ops.fuzz.Format.Guard;
import io.tidemark.ops.pipeline.PipelineFile;
import io.tidemark.runtime.sql.SqlParser;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;

/** The pipeline file and the SQL in it. */
final class PipelineFormats {
    private static final String PIPELINE =
            """
            name: clicks
            sources:
              clicks:
                format: kafka
                options: { subscribe: "clicks", maxOffsetsPerTrigger: 500000, kafka.x: "${KAFKA:-localhost}" }
            views:
              - name: events
                sql: |
                  SELECT CAST(value AS STRING) AS v, timestamp FROM clicks
                watermark: { column: timestamp, delay: 10 minutes }
                dropDuplicates: [v]
            sql: >
              SELECT window.start, count(*) AS n FROM events
              GROUP BY window(timestamp, '5 minutes')
            sink: &sink
              format: delta
              path: data/clicks
              partitionBy: []
            outputMode: append
            trigger: { processingTime: 30 seconds }
            checkpointLocation: 'data/checkpoints/clicks'
            conf:
              spark.sql.shuffle.partitions: 8
            """;

    private static final String QUERY =
            """
            SELECT d.*, CASE WHEN a IN (1, 2.5e3, 0x1F) THEN 'x\\n' ELSE b[0].c END AS `od``d`, /* no */ -x + ~y
            FROM (SELECT from_json(v, 'a INT') AS d FROM STREAM t WHERE NOT (p <=> NULL OR q BETWEEN 1 AND 2)) s
            GROUP BY window(ts, '5 minutes'), INTERVAL '1' DAY HAVING count(DISTINCT z) > 1L -- end""";

    private PipelineFormats() {}

    static List<Format> all() {
        return List.of(
                new Format("pipeline", Guard.NONE, PipelineFormats::pipeline, PIPELINE.getBytes(UTF_8)),
                new Format(
                        "sql",
                        Guard.NONE,
                        bytes -> SqlParser.parseQuery(text(bytes)).toString(),
                        QUERY.getBytes(UTF_8)),
                new Format(
                        "table-schema",
                        Guard.NONE,
                        bytes -> SqlParser.parseSchema(text(bytes)).toString(),
                        "a BIGINT NOT NULL COMMENT 'x', `b c` ARRAY<STRUCT<x: DECIMAL(10,2), y: MAP<STRING, DATE>>>"
                                .getBytes(UTF_8)));
    }

    private static String pipeline(byte[] content) {
        return PipelineFile.parse("clicks.yaml", text(content), Map.of("KAFKA", "broker"), List.of())
                .toString();
    }

    /** As the file is read: text in another encoding is refused before anything is parsed. */
    private static String text(byte[] content) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw new TidemarkException(
                    ErrorCode.FILE_NOT_READABLE, "The file is not UTF-8 text. Save it as UTF-8.", e);
        }
    }
}
