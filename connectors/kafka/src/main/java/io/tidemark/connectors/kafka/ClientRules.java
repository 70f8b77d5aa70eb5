package io.tidemark.connectors.kafka;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.Redaction;
import io.tidemark.api.secret.Secret;
import io.tidemark.api.secret.SettingNames;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@code kafka.*} option may not say, since it would load code, read files or ask servers that the pipeline's
 * author has no need of; and which of these options are secrets.
 */
final class ClientRules {
    private static final Logger LOG = LoggerFactory.getLogger(ClientRules.class);

    /**
     * The login modules that may be loaded, unless the operator says otherwise. Others would take the word of a server
     * named in the options, or run what it answers (CVE-2023-25194 and its kin).
     */
    private static final List<String> LOGIN_MODULES = List.of(
            "org.apache.kafka.common.security.scram.ScramLoginModule",
            "org.apache.kafka.common.security.plain.PlainLoginModule",
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule",
            "com.sun.security.auth.module.Krb5LoginModule");

    private static final Pattern MODULE =
            Pattern.compile("([A-Za-z_$][A-Za-z0-9_.$]*)\\s+(?i:required|requisite|sufficient|optional)\\b");

    private static final String ALLOWED_MODULES = "org.apache.kafka.allowed.login.modules";
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    private static final Map<String, String> REFUSED = Map.of(
            "ssl.engine.factory.class", "a factory of one's own could leave out the check of certificates",
            "security.providers", "providers are installed for the whole process",
            "config.providers", "use ${NAME} in the pipeline file to take a value from the environment",
            "interceptor.classes", "offsets belong to the checkpoint, and rows to the query");

    private ClientRules() {}

    /** Tells Kafka's client, once for the process; what the operator has set stays. */
    static void install() {
        if (System.getProperty(ALLOWED_MODULES) == null) {
            System.setProperty(ALLOWED_MODULES, String.join(",", LOGIN_MODULES));
        }
        if (System.getProperty(ALLOWED_URLS) == null) {
            System.setProperty(ALLOWED_URLS, "");
        }
    }

    /**
     * Checks the options and takes note of their secrets.
     *
     * @param given names without {@code kafka.}, in lower case
     * @return the options, typed
     * @throws TidemarkException {@code INVALID_OPTION} for what is refused
     */
    static SortedMap<String, Secret> check(SortedMap<String, String> given) {
        install();
        given.forEach(ClientRules::remember);
        for (String name : given.keySet()) {
            REFUSED.forEach((refused, why) -> {
                if (name.equals(refused) || name.startsWith(refused + ".")) {
                    throw invalid(
                            "Kafka option '" + name + "' is not supported. Remove 'kafka." + name + "': " + why + ".");
                }
            });
        }
        Matcher module = MODULE.matcher(given.getOrDefault("sasl.jaas.config", ""));
        while (module.find()) {
            if (!listed(ALLOWED_MODULES, module.group(1))) {
                throw invalid("Kafka option 'sasl.jaas.config' names the login module " + module.group(1)
                        + ", which this process is not allowed to load. Use ScramLoginModule, PlainLoginModule,"
                        + " OAuthBearerLoginModule or Krb5LoginModule of Kafka and Java; whoever runs it allows others"
                        + " with the JVM option -D" + ALLOWED_MODULES + ".");
            }
        }
        for (String name : List.of("sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.jwks.endpoint.url")) {
            String url = given.get(name);
            if (url != null && !listed(ALLOWED_URLS, url)) {
                throw invalid("Kafka option '" + name + "' names an address that this process is not allowed to ask."
                        + " Whoever runs it allows it with the JVM option -D" + ALLOWED_URLS + "=<the same address>.");
            }
        }
        warn(given);
        SortedMap<String, Secret> typed = new TreeMap<>();
        given.forEach((name, value) -> typed.put(name, new Secret(value)));
        return typed;
    }

    private static boolean listed(String property, String value) {
        return List.of(System.getProperty(property, "").strip().split("\\s*,\\s*"))
                .contains(value);
    }

    /** Secret is what Kafka's own definition says is one, what it does not know, and what has a name like one. */
    private static void remember(String name, String value) {
        Redaction.remember(name, value, SettingNames.STANDARD);
        ConfigDef.ConfigKey key = ConsumerConfig.configDef().configKeys().get(name);
        key = key == null ? AdminClientConfig.configDef().configKeys().get(name) : key;
        if (key == null || key.type == ConfigDef.Type.PASSWORD) {
            Redaction.remember(new Secret(value));
        }
    }

    private static void warn(Map<String, String> given) {
        String protocol = given.getOrDefault("security.protocol", "");
        if (protocol.equalsIgnoreCase("SASL_PLAINTEXT")) {
            LOG.warn("kafka.security.protocol is SASL_PLAINTEXT: credentials and rows can be read on the way. Use"
                    + " SASL_SSL.");
        }
        String check = given.get("ssl.endpoint.identification.algorithm");
        if (check != null && check.isBlank()) {
            LOG.warn("kafka.ssl.endpoint.identification.algorithm is empty: whoever has any certificate of this"
                    + " authority can pass for the broker.");
        }
    }

    private static TidemarkException invalid(String message) {
        return new TidemarkException(ErrorCode.INVALID_OPTION, message);
    }
}
