package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.StructType;
import java.time.Duration;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaOptionsTest {
    @Test
    void theProviderIsFoundByItsFormat() {
        assertThat(ServiceLoader.load(SourceProvider.class))
                .extracting(SourceProvider::format)
                .contains("kafka");
    }

    @Test
    void theDefaultsAreSparks() {
        KafkaSourceConfig config = parse();
        assertThat(config.start()).isEqualTo(new StartingPosition.Latest());
        assertThat(config.failOnDataLoss()).isTrue();
        assertThat(config.maxOffsetsPerTrigger()).isEmpty();
        assertThat(config.minOffsetsPerTrigger()).isEmpty();
        assertThat(config.maxTriggerDelay()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.includeHeaders()).isFalse();
        assertThat(config.pollTimeout()).isEqualTo(Duration.ofSeconds(120));
        assertThat(config.fetchAttempts()).isEqualTo(3);
        assertThat(config.fetchRetryInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.deadline()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.slowCall()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.readCommitted()).isFalse();
    }

    @Test
    void namesAreReadWithoutRegardToCaseAndClientSettingsInLowerCase() {
        KafkaSourceConfig config = parse(
                "STARTINGOFFSETS", "Earliest",
                "maxtriggerdelay", "90s",
                "Kafka.Isolation.Level", "read_committed",
                "kafka.request.timeout.ms", "5000",
                "groupIdPrefix", "mine");
        assertThat(config.start()).isEqualTo(new StartingPosition.Earliest());
        assertThat(config.maxTriggerDelay()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.readCommitted()).isTrue();
        assertThat(config.deadline()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.revealed())
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("group.id", "mine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "kafka.auto.offset.reset|earliest|INVALID_OPTION|Kafka option 'auto.offset.reset' is not"
                        + " supported.|startingOffsets",
                "kafka.key.deserializer|x|INVALID_OPTION|Kafka option 'key.deserializer' is not supported as keys are"
                        + " deserialized as byte arrays with ByteArrayDeserializer|key",
                "kafka.VALUE.deserializer|x|INVALID_OPTION|Kafka option 'value.deserializer' is not supported as"
                        + " values are deserialized as byte arrays with ByteArrayDeserializer|value",
                "kafka.enable.auto.commit|true|INVALID_OPTION|Kafka option 'enable.auto.commit' is not"
                        + " supported|checkpoint",
                "kafka.interceptor.classes|x|INVALID_OPTION|Kafka option 'interceptor.classes' is not supported|rows",
                "endingOffsets|latest|INVALID_OPTION|ending offset not valid in streaming queries|endingOffsets",
                "endingOffsetsByTimestamp|{}|INVALID_OPTION|ending timestamp not valid in streaming"
                        + " queries|endingOffsetsByTimestamp",
                "assign|{\"t\":[0]}|INVALID_OPTION|Only one of the following options can be specified|subscribe,"
                        + " assign",
                "startingOffset|earliest|UNKNOWN_OPTION|no option 'startingOffset'|Did you mean 'startingOffsets'?",
                "maxOffsetPerTrigger|5|UNKNOWN_OPTION|no option|'maxOffsetsPerTrigger'",
                "bootstrap.servers|x|UNKNOWN_OPTION|no option 'bootstrap.servers'|'kafka.bootstrap.servers'",
                "startingOffsets|first|INVALID_OPTION|'startingOffsets' cannot be 'first'|earliest, latest",
                "startingOffsets|{\"t\":{\"0\":-3}}|INVALID_OPTION|startingOffsets|-2 for earliest",
                "startingOffsetsByTimestamp|{\"t\":{\"0\":-3}}|INVALID_OPTION|startingOffsetsByTimestamp|milliseconds",
                "startingOffsetsByTimestampStrategy|fail|INVALID_OPTION|startingOffsetsByTimestampStrategy|error or"
                        + " latest",
                "failOnDataLoss|maybe|INVALID_OPTION|failOnDataLoss|true or false",
                "maxOffsetsPerTrigger|0|INVALID_OPTION|maxOffsetsPerTrigger|at least 1",
                "minPartitions|x|INVALID_OPTION|minPartitions|at least 1",
                "maxTriggerDelay|soon|INVALID_OPTION|maxTriggerDelay|15m",
                "includeHeaders|1|INVALID_OPTION|includeHeaders|true or false",
                "subscribe|,|INVALID_OPTION|subscribe|Name one topic",
            })
    void aWrongOptionIsRefusedWithTheReason(String name, String value, ErrorCode code, String words, String more) {
        assertThatThrownBy(() -> parse(name, value))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words, more);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> new KafkaOptionParser(new Options(Map.of("subscribe", "t")), Map.of()).parse())
                .hasMessageContaining("Option 'kafka.bootstrap.servers' must be specified");
        assertThatThrownBy(() ->
                        new KafkaOptionParser(new Options(Map.of("kafka.bootstrap.servers", "h:1")), Map.of()).parse())
                .hasMessageContaining("One of the following options must be specified for Kafka source: subscribe,");
        assertThatThrownBy(() -> parse("minOffsetsPerTrigger", "10", "maxOffsetsPerTrigger", "5"))
                .hasMessageContaining("must not be above maxOffsetsPerTrigger (5)");
        assertThatThrownBy(() -> new KafkaSourceProvider().schema(new Options(options()), StructType.EMPTY))
                .hasMessageContaining("fixed schema");
    }

    @Test
    void secretsStandInNoText() {
        KafkaSourceConfig config = parse(
                "kafka.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required password=\"hunter2\";",
                "kafka.ssl.keystore.password", "s3cret");
        assertThat(config.toString()).doesNotContain("hunter2").doesNotContain("s3cret");
        TidemarkException e = new KafkaErrors(config)
                .translate("connect", new IllegalStateException("bad password s3cret in keystore"));
        assertThat(e).hasMessageContaining("bad password *** in keystore");
        assertThat(e.getCause()).hasMessage("bad password *** in keystore");
        assertThat(config.clientSettings().toString()).contains("ssl.keystore.password=***");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "kafka.sasl.jaas.config|com.sun.security.auth.module.JndiLoginModule required"
                        + " user.provider.url=\"ldap://x\";|JndiLoginModule",
                "kafka.sasl.jaas.config|com.sun.security.auth.module.LdapLoginModule"
                        + " required;|-Dorg.apache.kafka.allowed.login.modules",
                "kafka.sasl.oauthbearer.token.endpoint.url|https://elsewhere/token|org.apache.kafka.sasl.oauthbearer.allowed.urls",
                "kafka.ssl.engine.factory.class|some.Factory|check of certificates",
                "kafka.security.providers|some.Provider|whole process",
                "kafka.config.providers|file|${NAME}",
                "kafka.config.providers.file.class|some.Provider|${NAME}",
                "subscribePattern|(|no regular expression",
            })
    void whatWouldRunOrAskSomethingElseIsRefused(String name, String value, String words) {
        Map<String, String> options = options(name, value);
        if (name.equals("subscribePattern")) {
            options.remove("subscribe");
        }
        assertThatThrownBy(() -> new KafkaOptionParser(new Options(options), Map.of()).parse())
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_OPTION))
                .hasMessageContaining(words);
    }

    @Test
    void kafkasClientIsToldWhichLoginModulesItMayLoad() {
        ClientRules.install();
        assertThat(System.getProperty("org.apache.kafka.allowed.login.modules"))
                .contains("scram.ScramLoginModule")
                .doesNotContain("Jndi");
    }

    @Test
    void aPatternThatNeverEndsIsAnErrorThatNamesIt() {
        Subscription.Matching endless = new Subscription.Matching(java.util.regex.Pattern.compile("(a*a*a*a*a*a*)*b"));
        assertThatThrownBy(() -> endless.means("a".repeat(120)))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_OPTION))
                .hasMessageContainingAll("subscribePattern", "(a*a*a*a*a*a*)*b", "needs more than 100 ms");
    }

    private static KafkaSourceConfig parse(String... more) {
        return new KafkaOptionParser(new Options(options(more)), Map.of()).parse();
    }

    private static Map<String, String> options(String... more) {
        Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        options.put("kafka.bootstrap.servers", "localhost:9092");
        options.put("subscribe", "t");
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return options;
    }
}
