package io.tidemark.connectors.kafka;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.Redaction;
import io.tidemark.api.secret.Secret;
import io.tidemark.api.secret.SettingNames;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

    /** Login modules that ask a server named in the options and trust what it answers (CVE-2023-25194 and its kin). */
    private static final List<String> LOGIN_MODULES = List.of(
            "com.sun.security.auth.module.JndiLoginModule",
            "com.sun.security.auth.module.LdapLoginModule",
            "com.sun.security.auth.module.KeyStoreLoginModule");

    private static final String DISALLOWED_MODULES = "org.apache.kafka.disallowed.login.modules";
    private static final String ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

    private static final Map<String, String> REFUSED = Map.of(
            "ssl.engine.factory.class", "a factory of one's own could leave out the check of certificates",
            "security.providers", "providers are installed for the whole process",
            "config.providers", "use ${NAME} in the pipeline file to take a value from the environment",
            "interceptor.classes", "offsets belong to the checkpoint, and rows to the query");

    private ClientRules() {}

    /** Tells Kafka's client, once for the process; what the operator has set already is added to, never replaced. */
    static void install() {
        Set<String> modules = new LinkedHashSet<>(LOGIN_MODULES);
        String set = System.getProperty(DISALLOWED_MODULES, "");
        List.of(set.split(",")).stream()
                .map(String::strip)
                .filter(m -> !m.isEmpty())
                .forEach(modules::add);
        System.setProperty(DISALLOWED_MODULES, String.join(",", modules));
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
        given.forEach(ClientRules::remember);
        for (String name : given.keySet()) {
            REFUSED.forEach((refused, why) -> {
                if (name.equals(refused) || name.startsWith(refused + ".")) {
                    throw invalid(
                            "Kafka option '" + name + "' is not supported. Remove 'kafka." + name + "': " + why + ".");
                }
            });
        }
        String jaas = given.getOrDefault("sasl.jaas.config", "");
        for (String module : LOGIN_MODULES) {
            if (jaas.contains(module.substring(module.lastIndexOf('.') + 1))) {
                throw invalid("Kafka option 'sasl.jaas.config' names the login module " + module
                        + ", which is not allowed: it would take what a server or a file says for a proof. Use"
                        + " ScramLoginModule, PlainLoginModule, OAuthBearerLoginModule or Krb5LoginModule.");
            }
        }
        for (String name : List.of("sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.jwks.endpoint.url")) {
            String url = given.get(name);
            if (url != null
                    && !List.of(System.getProperty(ALLOWED_URLS, "").split("\\s*,\\s*"))
                            .contains(url)) {
                throw invalid("Kafka option '" + name + "' names an address that this process is not allowed to ask."
                        + " Whoever runs it allows it with the JVM option -D" + ALLOWED_URLS + "=<the same address>.");
            }
        }
        warn(given);
        SortedMap<String, Secret> typed = new TreeMap<>();
        given.forEach((name, value) -> typed.put(name, new Secret(value)));
        return typed;
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
            LOG.warn(
                    "kafka.security.protocol is SASL_PLAINTEXT: credentials and rows can be read on the way. Use SASL_SSL.");
        }
        String check = given.get("ssl.endpoint.identification.algorithm");
        if (check != null && check.isBlank()) {
            LOG.warn(
                    "kafka.ssl.endpoint.identification.algorithm is empty: whoever has any certificate of this authority can"
                            + " pass for the broker.");
        }
    }

    private static TidemarkException invalid(String message) {
        return new TidemarkException(ErrorCode.INVALID_OPTION, message);
    }
}
