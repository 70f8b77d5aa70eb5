package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RangeSplitterTest {
    private static final OptionalLong NONE = OptionalLong.empty();

    @Test
    void withoutOptionsEachPartitionIsOneTaskAndEmptyOnesAreNone() {
        assertThat(split(NONE, NONE, range(0, 0, 10), range(1, 5, 5), range(2, 7, 6)))
                .containsExactly("t-0 [0, 10)");
    }

    @Test
    void theRemainderOfADivisionGoesToTheLaterParts() {
        assertThat(split(NONE, OptionalLong.of(4), range(0, 0, 10)))
                .containsExactly("t-0 [0, 3)", "t-0 [3, 6)", "t-0 [6, 10)");
    }

    @Test
    void smallRangesStayWholeAndTheRestIsSplitByWhatRemains() {
        assertThat(split(OptionalLong.of(4), NONE, range(0, 0, 1), range(1, 0, 30)))
                .containsExactly("t-0 [0, 1)", "t-1 [0, 10)", "t-1 [10, 20)", "t-1 [20, 30)");
        assertThat(split(OptionalLong.of(1), NONE, range(0, 0, 1), range(1, 0, 30)))
                .containsExactly("t-0 [0, 1)", "t-1 [0, 30)");
    }

    @Test
    void howeverItIsSplitEveryOffsetIsInExactlyOneTask() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 500; round++) {
            List<KafkaPartition> ranges = new ArrayList<>();
            for (int p = 0; p < 1 + random.nextInt(6); p++) {
                long from = random.nextInt(1000);
                ranges.add(range(p, from, from + random.nextInt(200)));
            }
            OptionalLong min = random.nextBoolean() ? OptionalLong.of(1 + random.nextInt(40)) : NONE;
            OptionalLong max = random.nextBoolean() ? OptionalLong.of(1 + random.nextInt(50)) : NONE;
            List<KafkaPartition> tasks = new RangeSplitter(min, max).split(ranges);
            for (KafkaPartition range : ranges) {
                long at = range.from();
                for (KafkaPartition task : tasks) {
                    if (task.partition().equals(range.partition())) {
                        assertThat(task.from()).isEqualTo(at);
                        assertThat(task.size()).isPositive();
                        if (max.isPresent()) {
                            assertThat(task.size()).isLessThanOrEqualTo(max.getAsLong());
                        }
                        at = task.until();
                    }
                }
                assertThat(at).isEqualTo(range.until());
            }
        }
    }

    private static KafkaPartition range(int partition, long from, long until) {
        return new KafkaPartition(new TopicPartition("t", partition), from, until, -1, null);
    }

    private static List<String> split(OptionalLong min, OptionalLong max, KafkaPartition... ranges) {
        return new RangeSplitter(min, max)
                .split(List.of(ranges)).stream().map(KafkaPartition::describe).toList();
    }
}
