package io.tidemark.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessSamplerTest {
    @Test
    void thisProcessUsesTimeAndMemory() {
        try (ProcessSampler sampler = new ProcessSampler(ProcessHandle.current().pid())) {
            await().until(() ->
                    sampler.samples().size() >= 3 && !sampler.cpuByThread().isEmpty());
            assertThat(sampler.peakBytes()).isGreaterThan(20_000_000L);
            assertThat(sampler.cpuUntil(Clock.micros())).isPositive();
            assertThat(sampler.cpuUntil(0)).isZero();
            assertThat(sampler.cpuByThread()).containsKey("sampler");
        }
    }
}
