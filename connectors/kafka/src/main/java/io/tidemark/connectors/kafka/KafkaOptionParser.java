package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.Options;
import io.tidemark.api.error.EditDistance;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.TopicPartition;

/** Reads the options of a Kafka source: Spark's names and defaults, and Spark's refusals. */
final class KafkaOptionParser {
    static final String DEADLINE = "tidemark.kafka.connectTimeoutMs";
    static final String POLL_TIMEOUT = "kafkaConsumer.pollTimeoutMs";
    static final String SLOW_CALL = "tidemark.kafka.slowCallMs";

    private static final String PREFIX = "kafka.";
    private static final List<String> STRATEGIES = List.of("subscribe", "subscribePattern", "assign");
    private static final List<String> KNOWN = List.of(
            "subscribe",
            "subscribePattern",
            "assign",
            "startingOffsets",
            "startingOffsetsByTimestamp",
            "startingTimestamp",
            "startingOffsetsByTimestampStrategy",
            "failOnDataLoss",
            "allowRewind",
            "onBadRecord",
            "maxOffsetsPerTrigger",
            "minOffsetsPerTrigger",
            "maxTriggerDelay",
            "minPartitions",
            "maxRecordsPerPartition",
            "includeHeaders",
            POLL_TIMEOUT,
            "fetchOffset.numRetries",
            "fetchOffset.retryIntervalMs",
            "groupIdPrefix",
            DEADLINE,
            SLOW_CALL);
    private static final Pattern TIME = Pattern.compile("(\\d+)\\s*([a-z]*)");

    private final Options options;
    private final Map<String, String> conf;

    /** @param conf the session's settings; may be empty */
    KafkaOptionParser(Options options, Map<String, String> conf) {
        this.options = options;
        this.conf = conf;
    }

    /** @throws TidemarkException if an option is unknown, missing, forbidden or wrong */
    KafkaSourceConfig parse() {
        refuseEnds();
        refuseUnknown();
        SortedMap<String, Secret> client = clientSettings();
        OptionalLong max = options.wholeNumber("maxOffsetsPerTrigger", 1);
        OptionalLong min = options.wholeNumber("minOffsetsPerTrigger", 0);
        if (max.isPresent() && min.isPresent() && min.getAsLong() > max.getAsLong()) {
            throw Options.invalid(
                    "minOffsetsPerTrigger",
                    Long.toString(min.getAsLong()),
                    "It must not be above maxOffsetsPerTrigger (" + max.getAsLong() + ").");
        }
        return new KafkaSourceConfig(
                subscription(),
                start(),
                noRecordStrategy(),
                options.flag("failOnDataLoss", true),
                options.flag("allowRewind", false),
                dropsBadRecords(),
                max,
                min,
                time("maxTriggerDelay", options.get("maxTriggerDelay").orElse("15m"), "ms"),
                options.wholeNumber("minPartitions", 1),
                options.wholeNumber("maxRecordsPerPartition", 1),
                options.flag("includeHeaders", false),
                pollTimeout(),
                (int) Math.min(
                        Integer.MAX_VALUE,
                        options.wholeNumber("fetchOffset.numRetries", 1).orElse(3)),
                Duration.ofMillis(
                        options.wholeNumber("fetchOffset.retryIntervalMs", 0).orElse(1000)),
                deadline(client),
                Duration.ofMillis(millis(SLOW_CALL, 5_000)),
                client);
    }

    private void refuseEnds() {
        for (String name : List.of("endingOffsets", "endingOffsetsByTimestamp", "endingTimestamp")) {
            if (options.get(name).isPresent()) {
                String what = name.equals("endingOffsets") ? "ending offset" : "ending timestamp";
                throw refused(what + " not valid in streaming queries. Remove the option '" + name + "'.");
            }
        }
    }

    private void refuseUnknown() {
        for (String name : options.asMap().keySet()) {
            boolean known = KNOWN.stream().anyMatch(name::equalsIgnoreCase)
                    || name.toLowerCase(Locale.ROOT).startsWith(PREFIX);
            if (!known) {
                throw new TidemarkException(
                        ErrorCode.UNKNOWN_OPTION,
                        "The Kafka source has no option '" + name + "'. Did you mean '" + nearest(name)
                                + "'? Settings of the Kafka client itself start with 'kafka.'.");
            }
        }
    }

    private static String nearest(String name) {
        return name.toLowerCase(Locale.ROOT).contains("bootstrap")
                ? "kafka.bootstrap.servers"
                : EditDistance.nearest(name, KNOWN);
    }

    private SortedMap<String, Secret> clientSettings() {
        SortedMap<String, String> settings = new TreeMap<>();
        options.asMap().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(PREFIX)) {
                settings.put(lower.substring(PREFIX.length()), value);
            }
        });
        refuseForbidden(settings);
        if (settings.getOrDefault("bootstrap.servers", "").isBlank()) {
            throw new TidemarkException(
                    ErrorCode.MISSING_OPTION,
                    "Option 'kafka.bootstrap.servers' must be specified for configuring Kafka consumer. Set it to"
                            + " host:port of one broker or more.");
        }
        options.get("groupIdPrefix").ifPresent(prefix -> settings.putIfAbsent("group.id", prefix));
        return Collections.unmodifiableSortedMap(ClientRules.check(settings));
    }

    private static void refuseForbidden(Map<String, String> settings) {
        if (settings.containsKey("auto.offset.reset")) {
            throw refused("Kafka option 'auto.offset.reset' is not supported. Set the source option 'startingOffsets'"
                    + " to 'earliest' or 'latest' instead: it says where a new query starts; from then on the"
                    + " checkpoint does, not the consumer.");
        }
        for (String part : List.of("key", "value")) {
            if (settings.containsKey(part + ".deserializer")) {
                throw refused("Kafka option '" + part + ".deserializer' is not supported as " + part
                        + "s are deserialized as byte arrays with ByteArrayDeserializer. Convert the column '" + part
                        + "' in the query instead.");
            }
        }
        if (settings.containsKey("enable.auto.commit")) {
            throw refused(
                    "Kafka option 'enable.auto.commit' is not supported. Remove 'kafka.enable.auto.commit': offsets"
                            + " belong to the checkpoint, and rows to the query.");
        }
    }

    private static TidemarkException refused(String message) {
        return new TidemarkException(ErrorCode.INVALID_OPTION, message);
    }

    private Subscription subscription() {
        List<String> given =
                STRATEGIES.stream().filter(s -> options.get(s).isPresent()).toList();
        if (given.size() != 1) {
            throw new TidemarkException(
                    given.isEmpty() ? ErrorCode.MISSING_OPTION : ErrorCode.INVALID_OPTION,
                    (given.isEmpty() ? "One" : "Only one")
                            + " of the following options " + (given.isEmpty() ? "must" : "can")
                            + " be specified for Kafka source: subscribe, subscribePattern, assign."
                            + (given.isEmpty() ? "" : " Given: " + String.join(", ", given) + "."));
        }
        String name = given.get(0);
        String value = options.get(name).orElseThrow();
        return switch (name) {
            case "subscribe" -> topics(value);
            case "subscribePattern" -> pattern(value);
            default -> assigned(value);
        };
    }

    private static Subscription topics(String value) {
        List<String> names = Arrays.stream(value.split(","))
                .map(String::trim)
                .filter(t -> !t.isEmpty())
                .distinct()
                .toList();
        if (names.isEmpty()) {
            throw Options.invalid("subscribe", value, "Name one topic or more, separated by commas.");
        }
        return new Subscription.Topics(names);
    }

    private static Subscription pattern(String value) {
        if (value.isBlank()) {
            throw Options.invalid("subscribePattern", value, "Use a Java regular expression.");
        }
        try {
            return new Subscription.Matching(Pattern.compile(value.trim()));
        } catch (PatternSyntaxException e) {
            throw Options.invalid(
                    "subscribePattern", value, "It is no regular expression: " + e.getDescription() + ".");
        }
    }

    private static Subscription assigned(String value) {
        String cure = "Use a map from topic to partitions, for instance {\"topicA\":[0,1]}.";
        try {
            List<TopicPartition> partitions = KafkaOffsets.readPartitions(value);
            if (partitions.isEmpty()) {
                throw Options.invalid("assign", value, cure);
            }
            return new Subscription.Assigned(partitions);
        } catch (IllegalArgumentException e) {
            throw Options.invalid("assign", value, e.getMessage() + ". " + cure);
        }
    }

    /** One timestamp for all beats one a partition, and that beats offsets. */
    private StartingPosition start() {
        OptionalLong timestamp = options.wholeNumber("startingTimestamp", 0);
        if (timestamp.isPresent()) {
            return new StartingPosition.Timestamp(timestamp.getAsLong());
        }
        if (options.get("startingOffsetsByTimestamp").isPresent()) {
            String text = options.get("startingOffsetsByTimestamp").orElseThrow();
            SortedMap<TopicPartition, Long> times =
                    numbers("startingOffsetsByTimestamp", text, "{\"topicA\":{\"0\":1700000000000}}");
            if (times.values().stream().anyMatch(t -> t < 0)) {
                throw Options.invalid(
                        "startingOffsetsByTimestamp", text, "Times are milliseconds since the epoch, 0 or more.");
            }
            return new StartingPosition.Timestamps(times);
        }
        String text = options.get("startingOffsets").orElse("latest").trim();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "latest" -> new StartingPosition.Latest();
            case "earliest" -> new StartingPosition.Earliest();
            default -> {
                SortedMap<TopicPartition, Long> offsets =
                        numbers("startingOffsets", text, "earliest, latest or {\"topicA\":{\"0\":23,\"1\":-2}}");
                if (offsets.values().stream().anyMatch(o -> o < StartingPosition.EARLIEST)) {
                    throw Options.invalid(
                            "startingOffsets", text, "Use offsets of at least 0, -1 for latest, -2 for earliest.");
                }
                yield new StartingPosition.Offsets(offsets);
            }
        };
    }

    private static SortedMap<TopicPartition, Long> numbers(String name, String text, String example) {
        try {
            return Collections.unmodifiableSortedMap(KafkaOffsets.read(text));
        } catch (IllegalArgumentException e) {
            throw Options.invalid(name, text, "It is " + e.getMessage() + ". Use " + example + ".");
        }
    }

    private StartingPosition.NoRecord noRecordStrategy() {
        String text = options.get("startingOffsetsByTimestampStrategy").orElse("error");
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "error" -> StartingPosition.NoRecord.FAIL;
            case "latest" -> StartingPosition.NoRecord.TAKE_LATEST;
            default -> throw Options.invalid("startingOffsetsByTimestampStrategy", text, "Use error or latest.");
        };
    }

    private boolean dropsBadRecords() {
        String text = options.get("onBadRecord").orElse("fail");
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "fail" -> false;
            case "drop" -> true;
            default ->
                throw Options.invalid(
                        "onBadRecord",
                        text,
                        "Use fail, or drop: what is dropped stands with topic, partition and offset in the checkpoint's"
                                + " ledger of losses, by which another query can read it again.");
        };
    }

    private Duration pollTimeout() {
        OptionalLong own = options.wholeNumber(POLL_TIMEOUT, 1);
        return own.isPresent()
                ? Duration.ofMillis(own.getAsLong())
                : time("spark.network.timeout", conf.getOrDefault("spark.network.timeout", "120s"), "s");
    }

    /** Our own limit, or the client's where that is lower. */
    private Duration deadline(Map<String, Secret> client) {
        long millis = millis(DEADLINE, 30_000);
        for (String name : List.of("default.api.timeout.ms", "request.timeout.ms")) {
            Secret typed = client.get(name);
            if (typed != null) {
                String text = typed.reveal();
                millis = Math.min(
                        millis,
                        new Options(Map.of(PREFIX + name, text))
                                .wholeNumber(PREFIX + name, 1)
                                .orElse(millis));
            }
        }
        return Duration.ofMillis(millis);
    }

    /** Of the source, or else of the session. */
    private long millis(String name, long standard) {
        return options.wholeNumber(name, 1)
                .orElseGet(() -> new Options(conf).wholeNumber(name, 1).orElse(standard));
    }

    private static Duration time(String name, String text, String unitIfNone) {
        Matcher m = TIME.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (m.matches()) {
            try {
                long count = Long.parseLong(m.group(1));
                return switch (m.group(2).isEmpty() ? unitIfNone : m.group(2)) {
                    case "us" -> Duration.ofMillis(count / 1000);
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m", "min" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    case "d" -> Duration.ofDays(count);
                    default -> throw Options.invalid(name, text, "Use a time such as 500ms, 30s, 15m or 1h.");
                };
            } catch (NumberFormatException | ArithmeticException e) {
                throw Options.invalid(name, text, "It is too long.");
            }
        }
        throw Options.invalid(name, text, "Use a time such as 500ms, 30s, 15m or 1h.");
    }
}
