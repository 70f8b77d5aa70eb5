package io.tidemark.runtime.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.runtime.task.Speculation;
import io.tidemark.runtime.watermark.WatermarkTracker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryConfTest {
    @Test
    void defaultsAreSparksOrSaidToDiffer() {
        QueryConf conf = QueryConf.of(Map.of());
        assertThat(conf.ansi()).isTrue();
        assertThat(conf.timeZone()).isEqualTo(ZoneId.systemDefault());
        assertThat(conf.minBatchesToRetain()).isEqualTo(100);
        assertThat(conf.pollingDelay()).isEqualTo(Duration.ofMillis(10));
        assertThat(conf.noDataProgressInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(conf.progressRetained()).isEqualTo(100);
        assertThat(conf.taskMaxFailures()).isEqualTo(4);
        assertThat(conf.speculation()).isEqualTo(Speculation.OFF);
        assertThat(conf.shuffleMemory())
                .isBetween(
                        Runtime.getRuntime().maxMemory() / 6,
                        Runtime.getRuntime().maxMemory() / 4);
        assertThat(conf.localDirectory()).isEqualTo(Path.of(System.getProperty("java.io.tmpdir")));
        assertThat(conf.watermarkPolicy()).isEqualTo(WatermarkTracker.Policy.MIN);
        assertThat(conf.stopTimeout()).isEqualTo(Duration.ofSeconds(30)); // Spark waits for ever
    }

    @Test
    void everyKeyIsReadUnderItsName() {
        QueryConf conf = QueryConf.of(Map.of(
                "spark.sql.ansi.enabled", "false",
                "spark.sql.session.timeZone", "Europe/Berlin",
                "spark.sql.streaming.minBatchesToRetain", "7",
                "spark.sql.streaming.pollingDelay", "50",
                "spark.sql.streaming.noDataProgressEventInterval", "3s",
                "spark.sql.streaming.stopTimeout", "2 minutes",
                "spark.task.maxFailures", "1",
                "tidemark.task.threads", "5",
                "spark.sql.streaming.multipleWatermarkPolicy", "MAX"));
        assertThat(conf.ansi()).isFalse();
        assertThat(conf.timeZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(conf.minBatchesToRetain()).isEqualTo(7);
        assertThat(conf.pollingDelay()).isEqualTo(Duration.ofMillis(50));
        assertThat(conf.noDataProgressInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(conf.stopTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(conf.taskMaxFailures()).isEqualTo(1);
        assertThat(conf.taskThreads()).isEqualTo(5);
        assertThat(conf.watermarkPolicy()).isEqualTo(WatermarkTracker.Policy.MAX);
    }

    @Test
    void aWrongValueNamesTheKeyTheValueAndWhatItTakes() {
        assertThatThrownBy(() -> QueryConf.of(Map.of("spark.task.maxFailures", "0")))
                .hasMessageContaining("spark.task.maxFailures")
                .hasMessageContaining("'0'")
                .hasMessageContaining("at least 1");
        assertThatThrownBy(() -> QueryConf.of(Map.of("spark.sql.session.timeZone", "Middle/Earth")))
                .hasMessageContaining("Middle/Earth");
    }

    @Test
    void aKeyOfOursThatDoesNotExistNamesTheNearestAndSparksAreTaken() {
        assertThatThrownBy(() -> QueryConf.of(Map.of("tidemark.task.thread", "2")))
                .hasMessageContaining("Did you mean 'tidemark.task.threads'?");
        assertThat(QueryConf.of(Map.of("spark.executor.memory", "4g")).all()).containsKey("spark.executor.memory");
    }

    @Test
    void whatTasksMayUseAndWhenTheyAreBegunTwiceIsRead() {
        QueryConf conf = QueryConf.of(Map.of(
                "spark.speculation", "true",
                "spark.speculation.interval", "20ms",
                "spark.speculation.multiplier", "1.5",
                "spark.speculation.quantile", "0.75",
                "spark.speculation.minTaskRuntime", "2s",
                "tidemark.shuffle.memory", "64m",
                "spark.local.dir", "/fast/a,/slow/b"));
        assertThat(conf.speculation())
                .isEqualTo(new Speculation(true, Duration.ofMillis(20), 1.5, 0.75, Duration.ofSeconds(2)));
        assertThat(conf.shuffleMemory()).isEqualTo(64L << 20);
        assertThat(conf.localDirectory()).isEqualTo(Path.of("/fast/a"));
        assertThat(QueryConf.of(Map.of("tidemark.shuffle.memory", "123")).shuffleMemory())
                .isEqualTo(123);
        assertThatThrownBy(() -> QueryConf.of(Map.of("tidemark.shuffle.memory", "much")))
                .hasMessageContaining("'much'")
                .hasMessageContaining("20%");
        assertThatThrownBy(() -> QueryConf.of(Map.of("spark.speculation.quantile", "1.5")))
                .hasMessageContaining("from 0.0 to 1.0");
    }
}
