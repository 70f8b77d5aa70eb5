package io.tidemark.state.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys are sorted as RocksDB orders them. */
class KeyOrderTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void sortsAsTheSlowWayDoes(long seed) {
        Random random = new Random(seed);
        int count = random.nextInt(2000);
        int alphabet = 1 + random.nextInt(3);
        int shared = random.nextInt(20);
        int longest = random.nextInt(30);
        boolean sameLength = random.nextBoolean();
        List<byte[]> keys = new ArrayList<>();
        int total = 0;
        for (int i = 0; i < count; i++) {
            byte[] key = new byte[shared + (sameLength ? longest : random.nextInt(longest + 1))];
            for (int at = shared; at < key.length; at++) {
                key[at] = (byte) (random.nextInt(alphabet) * 127);
            }
            keys.add(key);
            total += key.length;
        }
        byte[] data = new byte[total];
        int[] starts = new int[count];
        int[] lengths = new int[count];
        for (int i = 0, at = 0; i < count; i++) {
            starts[i] = at;
            lengths[i] = keys.get(i).length;
            System.arraycopy(keys.get(i), 0, data, at, lengths[i]);
            at += lengths[i];
        }
        int[] order = new KeyOrder().sort(data, starts, lengths, count);
        List<byte[]> sorted = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sorted.add(keys.get(order[i]));
        }
        keys.sort(Arrays::compareUnsigned);
        assertThat(Arrays.stream(order, 0, count).distinct().count()).isEqualTo(count);
        assertThat(sorted)
                .as("seed %d", seed)
                .usingElementComparator(Arrays::compareUnsigned)
                .isEqualTo(keys);
    }
}
