package io.tidemark.ops.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.fuzz.Format.Guard;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every file is cut at every byte and has every bit flipped, one after the other: it then means what it meant, or an error
 * names what is wrong. Where the format has no checksum it may mean something else that is sound; the tests of the
 * checkpoint's start hold the same damage against the files that vouch for it.
 */
class MalformedFilesTest {
    /** Cuts and flips reach so far into a file. */
    private static final int FIRST_BYTES = 4096;

    /** A table takes milliseconds to read: some damage each time, all of it in the full run. */
    private static final Set<String> SLOW =
            Set.of("delta-commit", "delta-first-commit", "delta-last-checkpoint", "delta-checkpoint");

    private static final int SOME = 50;

    @TestFactory
    Stream<DynamicTest> everyCutAndEveryFlip() {
        return Formats.all().stream().map(format -> DynamicTest.dynamicTest(format.name(), () -> damage(format)));
    }

    private static void damage(Format format) {
        Tally tally = new Tally();
        long seed = Long.getLong("tidemark.fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        int damages = format.samples().stream()
                .mapToInt(sample -> 9 * Math.min(sample.length, FIRST_BYTES))
                .sum();
        boolean all = !SLOW.contains(format.name()) || Boolean.getBoolean("tidemark.full");
        if (!all) {
            System.out.println(format + ": some of " + damages + " kinds of damage, -Dtidemark.fuzz.seed=" + seed);
        }
        BooleanSupplier tried = () -> all || random.nextInt(damages) < SOME;
        for (byte[] sample : format.samples()) {
            Trial sound = Trial.of(format, sample);
            assertThat(sound.refusal()).as("the sample itself").isNull();
            for (int length = 0; length < Math.min(sample.length, FIRST_BYTES); length++) {
                if (tried.getAsBoolean()) {
                    tally.add(format, sound, Arrays.copyOf(sample, length), "cut to " + length + " bytes");
                }
            }
            for (int bit = 0; bit < 8 * Math.min(sample.length, FIRST_BYTES); bit++) {
                if (tried.getAsBoolean()) {
                    byte[] flipped = sample.clone();
                    flipped[bit / 8] ^= (byte) (1 << bit % 8);
                    tally.add(format, sound, flipped, "bit " + bit % 8 + " of byte " + bit / 8 + " flipped");
                }
            }
        }
        System.out.println(format + ": " + tally); // what was tried
        if (format.guard() == Guard.CHECKSUM) {
            assertThat(tally.refused).isPositive();
        }
    }

    private static final class Tally {
        private int same;
        private int other;
        private int refused;
        private long mostBytes;
        private long longestNanos;

        void add(Format format, Trial sound, byte[] damaged, String what) {
            Trial trial;
            try {
                trial = Trial.of(format, damaged);
            } catch (AssertionError e) {
                throw new AssertionError(what + ": " + e.getMessage(), e);
            }
            mostBytes = Math.max(mostBytes, trial.allocatedBytes());
            longestNanos = Math.max(longestNanos, trial.cpu().toNanos());
            if (trial.refusal() != null) {
                refused++;
            } else if (String.valueOf(trial.meaning()).equals(sound.meaning())) {
                same++;
            } else {
                other++;
                assertThat(format.guard())
                        .as("%s %s now means %s, it meant %s", format, what, trial.meaning(), sound.meaning())
                        .isEqualTo(Guard.NONE);
            }
        }

        @Override
        public String toString() {
            return refused + " refused, " + same + " as before, " + other + " with another meaning; at most "
                    + (mostBytes >> 10) + " KiB, " + longestNanos / 1_000_000 + " ms";
        }
    }
}
