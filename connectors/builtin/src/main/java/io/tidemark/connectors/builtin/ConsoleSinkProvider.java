package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.connector.SinkProvider;
import java.time.DateTimeException;
import java.time.ZoneId;

/**
 * Format {@code console}: prints each batch to standard output in Spark's table layout. Options: {@code numRows} (20) and
 * {@code truncate} (true: cells of more than 20 characters are cut).
 */
public final class ConsoleSinkProvider implements SinkProvider {
    private static final OptionNames NAMES =
            new OptionNames("console", "numRows", "truncate", "checkpointLocation", "queryName");

    @Override
    public String format() {
        return "console";
    }

    @Override
    public boolean allowsTemporaryCheckpoint() {
        return true;
    }

    @Override
    public Sink open(SinkContext context) {
        NAMES.check(context.options());
        int numRows = (int) Math.min(context.options().wholeNumber("numRows", 0).orElse(20), Integer.MAX_VALUE - 1);
        int cellWidth = context.options().flag("truncate", true) ? 20 : 0;
        String zone = context.conf().getOrDefault("spark.sql.session.timeZone", "UTC");
        return new ConsoleSink(new TextTable(context.schema(), numRows, cellWidth, zoneOf(zone)), numRows, System.out);
    }

    private static ZoneId zoneOf(String zone) {
        try {
            return ZoneId.of(zone, ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            throw Options.invalid("spark.sql.session.timeZone", zone, "Use a zone id such as UTC or Europe/Berlin.");
        }
    }
}
