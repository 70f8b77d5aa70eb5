package io.tidemark.runtime.aggregate;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How many different values a set of HyperLogLog registers has seen, by the estimate of HyperLogLog++ (Heule, Nunkesser, Hall:
 * HyperLogLog in Practice, 2013) in the form that Spark gives it: linear counting below a threshold or below 2.5 registers'
 * worth, else the raw estimate less the mean bias of the six nearest points of the paper's appendix.
 */
final class HyperLogLogEstimate {
    private static final int LEAST_PRECISION = 4;
    private static final int MOST_CORRECTED_PRECISION = 18;
    private static final int NEIGHBOURS = 6;
    private static final double[] THRESHOLDS = {
        10, 20, 40, 80, 220, 400, 900, 1800, 3100, 6500, 15500, 20000, 50000, 120000, 350000
    };

    private final int registers;
    private final double alpha;
    private final double threshold;
    private final double[] estimates;
    private final double[] biases;

    /** @param precision the number of bits that choose a register, at least 4 */
    HyperLogLogEstimate(int precision) {
        registers = 1 << precision;
        double constant =
                switch (precision) {
                    case 4 -> 0.673;
                    case 5 -> 0.697;
                    case 6 -> 0.709;
                    default -> 0.7213 / (1.0 + 1.079 / registers);
                };
        alpha = constant * registers * registers;
        boolean corrected = precision <= MOST_CORRECTED_PRECISION;
        threshold = corrected ? THRESHOLDS[precision - LEAST_PRECISION] : 0;
        estimates = corrected ? Table.LINES.get(2 * (precision - LEAST_PRECISION)) : new double[0];
        biases = corrected ? Table.LINES.get(2 * (precision - LEAST_PRECISION) + 1) : new double[0];
    }

    /**
     * Returns the estimate.
     *
     * @param inverse the sum of 2 to the power of minus each register's value
     * @param zeros how many registers are 0
     */
    long count(double inverse, int zeros) {
        double raw = alpha / inverse;
        if (zeros > 0) {
            double linear = registers * Math.log(registers / (double) zeros);
            if (linear <= threshold || raw <= 2.5 * registers) {
                return Math.round(linear);
            }
        }
        return Math.round(estimates.length > 0 && raw < 5.0 * registers ? raw - bias(raw) : raw);
    }

    private double bias(double raw) {
        int found = Arrays.binarySearch(estimates, raw);
        int nearest = found < 0 ? -(found + 1) : found;
        int low = Math.max(nearest - NEIGHBOURS + 1, 0);
        int high = Math.min(low + NEIGHBOURS, estimates.length);
        while (high < estimates.length && distance(raw, high) < distance(raw, low)) {
            low++;
            high++;
        }
        double sum = 0;
        for (int i = low; i < high; i++) {
            sum += biases[i];
        }
        return sum / (high - low);
    }

    private double distance(double raw, int point) {
        double difference = raw - estimates[point];
        return difference * difference;
    }

    /** The appendix of the paper, read on first use. */
    private static final class Table {
        static final List<double[]> LINES = read();

        private Table() {}

        private static List<double[]> read() {
            try (InputStream in =
                    requireNonNull(HyperLogLogEstimate.class.getResourceAsStream("hyperloglog-bias.txt"))) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> Arrays.stream(line.split(" ", -1))
                                .mapToDouble(Double::parseDouble)
                                .toArray())
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
