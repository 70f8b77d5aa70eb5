package io.tidemark.ops.drill;

import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A broker with a door of each kind: {@code SCRAM} asks for a user and password over TLS, {@code MTLS} for a client's
 * certificate; {@code EXPIRED} and {@code ELSEWHERE} show a certificate that no client should take. The plain door is
 * the administrator's.
 */
final class SecuredBroker implements AutoCloseable {
    static final String USER = "reader";

    private static final String SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    private final EmbeddedKafka broker;
    private final Admin admin;
    private final Path trust;
    private final Path strangersTrust;
    private final Path client;

    private SecuredBroker(EmbeddedKafka broker, Path trust, Path strangersTrust, Path client) {
        this.broker = broker;
        this.admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        this.trust = trust;
        this.strangersTrust = strangersTrust;
        this.client = client;
    }

    /** @param reauthenticateMillis after how long a client that stays has to show its password again */
    static SecuredBroker start(Path directory, long reauthenticateMillis) throws Exception {
        Certificates ours = Certificates.authority(directory.resolve("ours"));
        Path server = ours.sign("server", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "10");
        Path expired = ours.sign("expired", "-ext", "san=dns:localhost", "-startdate", "-3d", "-validity", "1");
        Path elsewhere = ours.sign("elsewhere", "-ext", "san=dns:kafka.example", "-validity", "10");
        Path client = ours.sign("client", "-validity", "10");
        Certificates strangers = Certificates.authority(directory.resolve("strangers"));

        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-256");
        settings.put("listener.name.scram.scram-sha-256.sasl.jaas.config", SCRAM_MODULE + ";");
        settings.put(
                "listener.name.scram.scram-sha-256.connections.max.reauth.ms", Long.toString(reauthenticateMillis));
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS");
        settings.put("allow.everyone.if.no.acl.found", "true");
        Map.of("scram", server, "mtls", server, "expired", expired, "elsewhere", elsewhere)
                .forEach((listener, store) -> {
                    String prefix = "listener.name." + listener + ".ssl.";
                    settings.put(prefix + "keystore.location", store.toString());
                    settings.put(prefix + "keystore.type", "PKCS12");
                    settings.put(prefix + "keystore.password", Certificates.PASSWORD);
                    settings.put(prefix + "key.password", Certificates.PASSWORD);
                });
        settings.put("listener.name.mtls.ssl.client.auth", "required");
        settings.put("listener.name.mtls.ssl.truststore.location", ours.trust().toString());
        settings.put("listener.name.mtls.ssl.truststore.type", "PKCS12");
        settings.put("listener.name.mtls.ssl.truststore.password", Certificates.PASSWORD);
        return new SecuredBroker(
                EmbeddedKafka.start(
                        directory.resolve("data"),
                        0,
                        settings,
                        new TreeMap<>(
                                Map.of("SCRAM", "SASL_SSL", "MTLS", "SSL", "EXPIRED", "SSL", "ELSEWHERE", "SSL"))),
                ours.trust(),
                strangers.trust(),
                client);
    }

    EmbeddedKafka broker() {
        return broker;
    }

    String door(String listener) {
        return broker.bootstrapServers(listener);
    }

    /** Sets the password of {@link #USER}; a client that is connected keeps what it has until it has to show it again. */
    void setPassword(String password) throws ExecutionException, InterruptedException {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), password)))
                .all()
                .get();
    }

    /** Forbids {@link #USER} everything with a topic. */
    void forbid(String topic) throws ExecutionException, InterruptedException {
        admin.createAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                        new AccessControlEntry("User:" + USER, "*", AclOperation.ALL, AclPermissionType.DENY))))
                .all()
                .get();
    }

    void forbidNothing() throws ExecutionException, InterruptedException {
        admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
    }

    /** Options that trust our authority and nothing else. */
    Map<String, String> tls() {
        return tls(trust);
    }

    /** Options that trust an authority that has signed nothing here. */
    Map<String, String> strangersTls() {
        return tls(strangersTrust);
    }

    private static Map<String, String> tls(Path trust) {
        Map<String, String> options = new TreeMap<>();
        options.put("tidemark.kafka.connectTimeoutMs", "4000");
        options.put("kafka.security.protocol", "SSL");
        options.put("kafka.ssl.truststore.location", trust.toString());
        options.put("kafka.ssl.truststore.type", "PKCS12");
        options.put("kafka.ssl.truststore.password", Certificates.PASSWORD);
        return options;
    }

    /** Options that show the client's certificate. */
    Map<String, String> mutualTls() {
        Map<String, String> options = tls();
        options.put("kafka.ssl.keystore.location", client.toString());
        options.put("kafka.ssl.keystore.type", "PKCS12");
        options.put("kafka.ssl.keystore.password", Certificates.PASSWORD);
        options.put("kafka.ssl.key.password", Certificates.PASSWORD);
        return options;
    }

    /** Options that show user and password, the latter from the variable {@code KAFKA_PASSWORD}. */
    Map<String, String> scram() {
        Map<String, String> options = tls();
        options.put("kafka.security.protocol", "SASL_SSL");
        options.put("kafka.sasl.mechanism", "SCRAM-SHA-256");
        options.put(
                "kafka.sasl.jaas.config",
                "'" + SCRAM_MODULE + " username=\"" + USER + "\" password=\"${KAFKA_PASSWORD}\";'");
        return options;
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }
}
