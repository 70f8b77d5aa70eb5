package io.tidemark.connectors.kafka;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Cuts the ranges of a batch into tasks. A function of the ranges and the options alone. */
record RangeSplitter(OptionalLong minPartitions, OptionalLong maxRecordsPerPartition) {
    /** Returns the tasks in the order of {@code ranges}, without empty ones. */
    List<KafkaPartition> split(List<KafkaPartition> ranges) {
        List<KafkaPartition> filled = ranges.stream().filter(r -> r.size() > 0).toList();
        if (maxRecordsPerPartition.isPresent()) {
            long max = maxRecordsPerPartition.getAsLong();
            List<KafkaPartition> parts = new ArrayList<>();
            for (KafkaPartition range : filled) {
                parts.addAll(divide(range, (range.size() + max - 1) / max));
            }
            filled = parts;
        }
        if (minPartitions.isPresent() && filled.size() < minPartitions.getAsLong()) {
            return spread(filled, minPartitions.getAsLong());
        }
        return filled;
    }

    /** Small ranges stay whole and are left out of the sum by which the others are weighed. */
    private static List<KafkaPartition> spread(List<KafkaPartition> ranges, long wanted) {
        long total = ranges.stream().mapToLong(KafkaPartition::size).sum();
        Set<TopicPartition> whole = new HashSet<>();
        long wholeCount = 0;
        long wholeSize = 0;
        for (KafkaPartition range : ranges) {
            if (parts(range.size(), total, wanted) == 1) {
                whole.add(range.partition());
                wholeCount++;
                wholeSize += range.size();
            }
        }
        long budget = Math.max(wanted - wholeCount, 1);
        List<KafkaPartition> result = new ArrayList<>();
        for (KafkaPartition range : ranges) {
            if (whole.contains(range.partition())) {
                result.add(range);
            } else {
                result.addAll(divide(range, parts(range.size(), total - wholeSize, budget)));
            }
        }
        return result;
    }

    private static long parts(long size, long total, long wanted) {
        return Math.max(1, Math.round((double) size / total * wanted));
    }

    /** Equal parts; what does not divide goes to the later ones. */
    private static List<KafkaPartition> divide(KafkaPartition range, long parts) {
        List<KafkaPartition> result = new ArrayList<>();
        long from = range.from();
        for (long left = parts; left > 0; left--) {
            long until = from + (range.until() - from) / left;
            if (until > from) {
                result.add(range.range(from, until));
            }
            from = until;
        }
        return result;
    }
}
