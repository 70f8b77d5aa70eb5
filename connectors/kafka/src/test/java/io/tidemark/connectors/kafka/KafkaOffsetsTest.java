package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaOffsetsTest {
    @Test
    void partitionsWithoutHolesComeOutAscending() {
        for (int n : List.of(1, 5, 12, 13, 24, 100, 1000)) {
            SortedMap<TopicPartition, Long> map = KafkaOffsets.map();
            IntStream.range(0, n).forEach(p -> map.put(new TopicPartition("t", p), 7L * p));
            String expected = IntStream.range(0, n)
                    .mapToObj(p -> "\"" + p + "\":" + 7L * p)
                    .collect(Collectors.joining(",", "{\"t\":{", "}}"));
            assertThat(new KafkaOffsets(map).toOffset().json()).isEqualTo(expected);
        }
    }

    @Test
    void sparsePartitionsComeOutInScalasHashOrder() {
        SortedMap<TopicPartition, Long> map = KafkaOffsets.map();
        for (int p : List.of(20, 3, 5, 21)) {
            map.put(new TopicPartition("t", p), 1L);
        }
        assertThat(new KafkaOffsets(map).toOffset().json()).isEqualTo("{\"t\":{\"3\":1,\"20\":1,\"5\":1,\"21\":1}}");
    }

    @Test
    void topicsComeOutInScalasHashOrder() {
        SortedMap<TopicPartition, Long> map = KafkaOffsets.map();
        for (int p = 0; p < 3; p++) {
            map.put(new TopicPartition("b-topic1", p), 0L);
        }
        for (int p = 0; p < 2; p++) {
            map.put(new TopicPartition("a-topic1", p), 0L);
        }
        assertThat(new KafkaOffsets(map).toOffset().json())
                .isEqualTo("{\"b-topic1\":{\"0\":0,\"1\":0,\"2\":0},\"a-topic1\":{\"0\":0,\"1\":0}}");
    }

    @Test
    void theOrderIsThatOfScalasOwnHashMap() {
        SplittableRandom random = new SplittableRandom(2026);
        for (int round = 0; round < 2_000; round++) {
            int count = random.nextInt(1, 200);
            int bits = random.nextInt(1, 20);
            int spread = 1 << bits;
            List<String> topics = random.ints(count, 0, spread)
                    .sorted()
                    .mapToObj(i -> "topic_" + i + ".v" + spread)
                    .toList();
            assertThat(ScalaHashOrder.of(topics, String::hashCode)).isEqualTo(scalaOrder(topics));
            List<Integer> partitions =
                    random.ints(count, 0, spread).sorted().boxed().toList();
            assertThat(ScalaHashOrder.of(partitions, p -> p)).isEqualTo(scalaOrder(partitions));
        }
    }

    private static <K> List<K> scalaOrder(List<K> puts) {
        scala.collection.mutable.HashMap<K, Object> map = new scala.collection.mutable.HashMap<>();
        puts.forEach(k -> map.put(k, ""));
        List<K> order = new ArrayList<>();
        for (scala.collection.Iterator<K> keys = map.keysIterator(); keys.hasNext(); ) {
            order.add(keys.next());
        }
        return order;
    }

    @Test
    void whateverIsWrittenIsReadBackInAnyOrder() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 300; round++) {
            SortedMap<TopicPartition, Long> map = KafkaOffsets.map();
            int count = random.nextInt(60);
            for (int i = 0; i < count; i++) {
                map.put(
                        new TopicPartition("topic-" + random.nextInt(20), random.nextInt(200)),
                        random.nextLong(Long.MAX_VALUE));
            }
            Offset offset = new KafkaOffsets(map).toOffset();
            assertThat(KafkaOffsets.parse(offset).byPartition()).isEqualTo(map);
        }
        assertThat(KafkaOffsets.parse(new Offset("{\"a\":{\"1\":5,\"0\":4}}")))
                .isEqualTo(KafkaOffsets.parse(new Offset("{ \"a\" : {\"0\":4, \"1\":5}}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "[]",
                "{\"t\":5}",
                "{\"t\":{\"x\":5}}",
                "{\"t\":{\"0\":\"a\"}}",
                "{\"t\":{\"0\":1.5}}",
                "{",
                "{}{}"
            })
    void anythingElseIsRefusedByName(String text) {
        assertThatThrownBy(() -> KafkaOffsets.parse(new Offset(text)))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_OFFSET_INVALID))
                .hasMessageContaining(text);
    }
}
