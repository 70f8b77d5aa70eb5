package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.StructType;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Format {@code rate}: counts upwards with the clock, columns {@code timestamp} and {@code value}. Options: {@code
 * rowsPerSecond} (1), {@code rampUpTime} (0s) until that rate is reached, {@code numPartitions} (1).
 */
public final class RateSourceProvider implements SourceProvider {
    private static final OptionNames NAMES = new OptionNames("rate", "rowsPerSecond", "rampUpTime", "numPartitions");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,12})\\s*([a-z]*)");

    @Override
    public String format() {
        return "rate";
    }

    @Override
    public StructType schema(Options options, @Nullable StructType declared) {
        NAMES.check(options);
        refuseDeclared("rate", declared);
        speed(options);
        partitions(options);
        return CountingReader.SCHEMA;
    }

    @Override
    public Source open(SourceContext context) {
        return new RateSource(speed(context.options()), partitions(context.options()), context);
    }

    static void refuseDeclared(String format, @Nullable StructType declared) {
        if (declared != null && !declared.equals(CountingReader.SCHEMA)) {
            throw new TidemarkException(
                    ErrorCode.INVALID_OPTION,
                    "Format '" + format + "' has the columns " + CountingReader.SCHEMA.toDdl()
                            + " and takes no others. Remove schema(…).");
        }
    }

    static int partitions(Options options) {
        return (int) Math.min(options.wholeNumber("numPartitions", 1).orElse(1), 10_000);
    }

    private static RateSource.Speed speed(Options options) {
        long rowsPerSecond = options.wholeNumber("rowsPerSecond", 1).orElse(1);
        long rampUpSeconds =
                options.get("rampUpTime").map(RateSourceProvider::seconds).orElse(0L);
        return new RateSource.Speed(rowsPerSecond, rampUpSeconds);
    }

    private static long seconds(String text) {
        Matcher matcher = TIME.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw Options.invalid("rampUpTime", text, "Use a time such as 30s or 5m.");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> amount / 1_000_000;
            case "ms" -> amount / 1_000;
            case "", "s" -> amount;
            case "m", "min" -> amount * 60;
            case "h" -> amount * 3_600;
            case "d" -> amount * 86_400;
            default -> throw Options.invalid("rampUpTime", text, "Units are us, ms, s, m, h and d.");
        };
    }
}
