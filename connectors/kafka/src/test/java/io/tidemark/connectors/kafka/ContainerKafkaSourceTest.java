package io.tidemark.connectors.kafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The contracts against the broker's published container image, where there is a Docker engine. */
class ContainerKafkaSourceTest {
    private static KafkaContainer broker;

    @BeforeAll
    static void startBroker() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            String why = "There is no Docker engine here; the same tests ran against a broker in this JVM.";
            System.out.println("ContainerKafkaSourceTest skipped: " + why); // the report of a skipped class hides it
            Assumptions.abort(why);
        }
        broker = new KafkaContainer("apache/kafka-native:4.3.1");
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        if (broker != null) {
            broker.stop();
        }
    }

    @Nested
    class Reading extends KafkaReadingContract {
        @Override
        String servers() {
            return broker.getBootstrapServers();
        }
    }

    @Nested
    class Loss extends KafkaLossContract {
        @Override
        String servers() {
            return broker.getBootstrapServers();
        }
    }

    @Nested
    class Transaction extends KafkaTransactionContract {
        @Override
        String servers() {
            return broker.getBootstrapServers();
        }
    }
}
