package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.connector.Options;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who has which consumer; nothing here needs a broker. */
class ConsumerPoolTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    private final Queue<Runnable> background = new ArrayDeque<>();
    private final ConsumerPool pool = new ConsumerPool(
            new KafkaClients(
                    new KafkaOptionParser(
                                    new Options(Map.of("kafka.bootstrap.servers", "127.0.0.1:1", "subscribe", "t")),
                                    Map.of())
                            .parse(),
                    "test"),
            background::add);

    @AfterEach
    void close() {
        pool.close(Duration.ofSeconds(1));
    }

    @Test
    void aConsumerGivenBackTwiceIsLentOnce() throws Exception {
        WarmConsumer consumer = pool.borrow(PARTITION, 5, -1);
        pool.giveBack(consumer);
        pool.giveBack(consumer);
        WarmConsumer first = pool.borrow(PARTITION, 5, -1);
        WarmConsumer second = pool.borrow(PARTITION, 5, -1);
        assertThat(first).isSameAs(consumer);
        assertThat(second).isNotSameAs(first);
        pool.giveBack(first);
        pool.giveBack(second);
    }

    @Test
    void whatAPassDidNotFillIsIdleAgainForTheNextPassAndForOneReader() throws Exception {
        WarmConsumer consumer = pool.borrow(PARTITION, 5, -1);
        pool.giveBack(consumer);
        SortedMap<TopicPartition, Long> start = KafkaOffsets.map();
        start.put(PARTITION, 5L);
        for (int pass = 0; pass < 2; pass++) {
            pool.prefetch(start);
            background.remove().run();
            assertThat(background).isEmpty();
        }
        WarmConsumer first = pool.borrow(PARTITION, 5, -1);
        WarmConsumer second = pool.borrow(PARTITION, 5, -1);
        assertThat(first).isSameAs(consumer);
        assertThat(second).isNotSameAs(first);
        pool.giveBack(first);
        pool.giveBack(second);
    }
}
