package io.tidemark.runtime.expression.json;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.StructVector;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * Writes rows as JSON objects, in the forms of Spark's {@code Dataset.toJSON}: fields that are null are left out,
 * timestamps stand in a zone with milliseconds, binaries in base64. One thread.
 */
public final class RowJson {
    private final StructType schema;
    private final ValueWriter writer;
    private final JsonOutput out = new JsonOutput();

    /** @param zone in which timestamps are shown */
    public RowJson(StructType schema, ZoneId zone) {
        this.schema = schema;
        this.writer = ValueWriter.of(schema, ValueWriter.Style.of(new ReadOptions(Map.of(), Origin.NONE), zone));
    }

    /**
     * Appends objects to {@code into}, one an element.
     *
     * @param columns one for each field, all of {@code count} rows
     */
    public void write(List<ColumnVector> columns, int count, List<String> into) {
        StructVector rows = new StructVector(schema, count, columns, null);
        for (int row = 0; row < count; row++) {
            out.clear();
            writer.write(rows, row, out);
            into.add(new String(out.data(), 0, out.size(), StandardCharsets.UTF_8));
        }
    }
}
