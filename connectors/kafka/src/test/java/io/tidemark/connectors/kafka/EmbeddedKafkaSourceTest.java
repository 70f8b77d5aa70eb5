package io.tidemark.connectors.kafka;

import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contracts against a broker in this JVM. */
class EmbeddedKafkaSourceTest {
    @TempDir
    static Path directory;

    private static EmbeddedKafka broker;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedKafka.start(directory.resolve("broker"));
    }

    @AfterAll
    static void stopBroker() {
        broker.stop();
    }

    @Nested
    class Reading extends KafkaReadingContract {
        @Override
        String servers() {
            return broker.bootstrapServers();
        }
    }

    @Nested
    class Loss extends KafkaLossContract {
        @Override
        String servers() {
            return broker.bootstrapServers();
        }
    }

    @Nested
    class Transaction extends KafkaTransactionContract {
        @Override
        String servers() {
            return broker.bootstrapServers();
        }
    }
}
