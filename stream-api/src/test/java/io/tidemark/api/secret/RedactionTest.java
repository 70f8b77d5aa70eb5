package io.tidemark.api.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.error.TidemarkException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.sasl.jaas.config",
                "kafka.ssl.key.password",
                "kafka.ssl.keystore.key",
                "kafka.ssl.keystore.certificate.chain",
                "kafka.ssl.truststore.password",
                "basic.auth.user.info",
                "spark.hadoop.fs.s3a.secret.key",
                "spark.hadoop.fs.s3a.access.key",
                "spark.hadoop.fs.s3a.session.token",
                "spark.hadoop.fs.s3a.server-side-encryption.key",
                "spark.hadoop.fs.azure.account.key.store.dfs.core.windows.net",
                "spark.hadoop.fs.azure.sas.box.store",
                "PASSWORD"
            })
    void namesOfSecretsAreKnown(String name) {
        assertThat(SettingNames.STANDARD.isSecret(name)).isTrue();
        assertThat(SettingNames.STANDARD.isPrintable(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.ssl.keystore.location",
                "kafka.ssl.truststore.type",
                "kafka.sasl.oauthbearer.token.endpoint.url",
                "kafka.sasl.login.refresh.buffer.seconds",
                "kafka.bootstrap.servers",
                "mergeKeys",
                "spark.sql.session.timeZone"
            })
    void whatSpeaksAboutSecretsIsNone(String name) {
        assertThat(SettingNames.STANDARD.isSecret(name)).isFalse();
    }

    @Test
    void aNameThatNobodyKnowsIsNotPrinted() {
        assertThat(SettingNames.STANDARD.print(
                        Map.of("spark.sql.ansi.enabled", "true", "kafka.our.own.thing", "x4711")))
                .isEqualTo("{kafka.our.own.thing=***, spark.sql.ansi.enabled=true}");
    }

    @Test
    void theUsersExpressionAddsNamesAndTakesNoneAway() {
        SettingNames names = SettingNames.of(Map.of("spark.redaction.regex", "(?i)pin|nothing"));
        assertThat(names.isSecret("our.PIN.code")).isTrue();
        assertThat(names.isSecret("kafka.ssl.key.password")).isTrue();
    }

    @Test
    void anExpressionThatIsNoneOrNeverEndsDoesNotOpenAnything() {
        assertThatThrownBy(() -> SettingNames.of(Map.of("spark.redaction.regex", "(")))
                .hasMessageContaining("spark.redaction.regex");
        SettingNames endless = SettingNames.of(Map.of("spark.redaction.regex", "(a*a*a*a*a*a*)*b"));
        assertThat(endless.isSecret("a".repeat(120))).isTrue();
    }

    @Test
    void everyPartAndFormOfASecretIsBlotted() {
        Redaction.remember(
                Map.of(
                        "kafka.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"reader-of-it\""
                                + " password=\"pa\\\"ss+word-1\";",
                        "url",
                        "jdbc:db://me:hidden-in-url@host/db"),
                SettingNames.STANDARD);

        assertThat(Redaction.blot("login of reader-of-it with pa\"ss+word-1 failed"))
                .isEqualTo("login of reader-of-it with *** failed");
        assertThat(Redaction.blot("{\"p\":\"pa\\\"ss+word-1\"} p=pa%22ss%2Bword-1 cGEic3Mrd29yZC0x"))
                .isEqualTo("{\"p\":\"***\"} p=*** ***");
        assertThat(Redaction.blot("//me:hidden-in-url@host")).isEqualTo("//me:***@host");
    }

    @Test
    void valuesThatGuardNothingAreNotBlotted() {
        Redaction.remember(Map.of("a.password", "abc", "b.token", "true", "c.secret", "8080"), SettingNames.STANDARD);
        assertThat(Redaction.blot("abc true 8080")).isEqualTo("abc true 8080");
    }

    @Test
    void noPartOfAnErrorQuotesASecretThatIsKnown() {
        Redaction.remember(new Secret("canary-in-a-cause"));
        IOException cause = new IOException("denied for canary-in-a-cause", new IOException("key canary-in-a-cause"));
        cause.addSuppressed(new IOException("again canary-in-a-cause"));
        TidemarkException error =
                new TidemarkException(ErrorCode.STORAGE_FAILED, "Cannot write as canary-in-a-cause: x.", cause);

        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));

        assertThat(trace.toString()).doesNotContain("canary").contains("denied for ***", "key ***", "again ***");
        assertThat(error.getCause().getStackTrace()).isEqualTo(cause.getStackTrace());
    }

    @Test
    void aLogHoldsNeitherValuesOfRowsNorForgedLines() {
        EvaluationException row = new EvaluationException("CAST_INVALID_INPUT", "The value 'card 4111' is no INT.");
        RuntimeException seen = new TidemarkException(
                ErrorCode.EVALUATION_FAILED,
                "Query q terminated: " + row.at("batch 3").getMessage() + "\n2026 ERROR forged",
                row.at("batch 3"));

        LoggedFailure logged = LoggedFailure.of(seen);

        StringWriter trace = new StringWriter();
        logged.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
                .doesNotContain("4111", "\n2026")
                .contains(
                        "[CAST_INVALID_INPUT] (text withheld", "Met in batch 3.", "terminated: ", " 2026 ERROR forged")
                .contains("at io.tidemark.api.secret.RedactionTest");
        assertThat(seen.getMessage()).contains("card 4111"); // who runs the query sees what Spark shows
        assertThat(LoggedFailure.oneLine("a\r\n\u001b[2Jb\u2028")).isEqualTo("a\\r\\n\\u001b[2Jb\\u2028");
    }
}
