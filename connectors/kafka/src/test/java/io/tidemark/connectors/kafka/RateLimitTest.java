package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SortedMap;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    @Test
    void sharesAreProportionalAndNobodyStarves() {
        assertThat(ends(10, 0, 90, 0, 9, 0, 1)).isEqualTo(offsets(9, 1, 1));
        assertThat(ends(10, 9, 90, 1, 9, 1, 1)).isEqualTo(offsets(18, 2, 1));
        assertThat(ends(100, 0, 10, 5, 5)).isEqualTo(offsets(10, 5));
        assertThat(ends(Long.MAX_VALUE, 0, Long.MAX_VALUE)).isEqualTo(offsets(Long.MAX_VALUE));
        assertThat(ends(5, 7, 7)).isEqualTo(offsets(7));
    }

    @Test
    void whateverTheSizesTheEndsStayInRangeAndMoveOn() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 500; round++) {
            int n = 1 + random.nextInt(20);
            SortedMap<TopicPartition, Long> begin = KafkaOffsets.map();
            SortedMap<TopicPartition, Long> latest = KafkaOffsets.map();
            long total = 0;
            for (int p = 0; p < n; p++) {
                TopicPartition tp = new TopicPartition("t", p);
                long from = random.nextLong(1_000_000);
                long size = random.nextInt(3) == 0 ? 0 : random.nextLong(1L << random.nextInt(40));
                begin.put(tp, from);
                latest.put(tp, from + size);
                total += size;
            }
            long limit = 1 + random.nextLong(1_000_000);
            long taken = 0;
            for (var e : RateLimit.ends(begin, latest, limit).entrySet()) {
                long from = begin.get(e.getKey());
                assertThat(e.getValue()).isBetween(from, latest.get(e.getKey()));
                if (latest.get(e.getKey()) > from) {
                    assertThat(e.getValue()).isGreaterThan(from);
                }
                taken += e.getValue() - from;
            }
            assertThat(taken).isLessThanOrEqualTo(Math.min(total, limit + n));
        }
    }

    private static SortedMap<TopicPartition, Long> ends(long limit, long... beginAndLatest) {
        SortedMap<TopicPartition, Long> begin = KafkaOffsets.map();
        SortedMap<TopicPartition, Long> latest = KafkaOffsets.map();
        for (int i = 0; i < beginAndLatest.length; i += 2) {
            begin.put(new TopicPartition("t", i / 2), beginAndLatest[i]);
            latest.put(new TopicPartition("t", i / 2), beginAndLatest[i + 1]);
        }
        return RateLimit.ends(begin, latest, limit);
    }

    private static SortedMap<TopicPartition, Long> offsets(long... ends) {
        SortedMap<TopicPartition, Long> map = KafkaOffsets.map();
        for (int i = 0; i < ends.length; i++) {
            map.put(new TopicPartition("t", i), ends[i]);
        }
        return map;
    }
}
