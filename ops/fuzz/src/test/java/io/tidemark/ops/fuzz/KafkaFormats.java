package io.tidemark.ops.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.connectors.kafka.KafkaReading;
import io.tidemark.ops.fuzz.Format.Guard;
import java.util.List;

/** What a Kafka source keeps in a checkpoint. */
final class KafkaFormats {
    private KafkaFormats() {}

    static List<Format> all() {
        return List.of(
                new Format(
                        "initial-offset",
                        Guard.NONE,
                        bytes -> KafkaReading.initialOffset(
                                new FilesInMemory().with("/sources/0/0", bytes), "/sources/0"),
                        "\0v1\n{\"clicks\":{\"1\":110,\"0\":100}}".getBytes(UTF_8)),
                new Format(
                        "kafka-offset",
                        Guard.NONE,
                        bytes -> KafkaReading.offset(line(bytes)),
                        "{\"clicks\":{\"1\":110,\"0\":100},\"views\":{\"0\":0}}".getBytes(UTF_8)),
                new Format(
                        "kafka-seal",
                        Guard.NONE,
                        bytes -> KafkaReading.seal(line(bytes)),
                        ("{\"topicIds\":{\"clicks\":\"AAAAAAAAAAAAAAAAAAAAAQ\"},\"leaderEpochs\":{\"clicks\":{\"0\":3}},"
                                        + "\"left\":{\"gone\":{\"0\":7}}}")
                                .getBytes(UTF_8)));
    }

    /** Offsets get here as a line of a text file. */
    private static String line(byte[] bytes) {
        return "x"
                .concat(new String(bytes, UTF_8))
                .lines()
                .findFirst()
                .orElse("")
                .substring(1)
                .concat(" ");
    }
}
