package io.tidemark.checkpoint.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.UnknownOutcomeException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class BoundedStorageTest {
    @TempDir
    Path directory;

    private final CountDownLatch never = new CountDownLatch(1);

    /** Local storage that does not answer calls of one name until it is interrupted. */
    private Storage hanging(String method) {
        Storage real = LocalStorage.create();
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, call, in) -> {
                    if (call.getName().equals(method)) {
                        never.await();
                    }
                    try {
                        return call.invoke(real, in);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Storage bounded(Storage storage) {
        return new BoundedStorage(storage, Duration.ofMillis(200), Duration.ofMillis(100));
    }

    @Test
    void aReadThatHangsFails() {
        Storage storage = bounded(hanging("read"));

        assertThatThrownBy(() -> storage.read(directory + "/a"))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("did not read")
                .hasMessageContaining("200 ms (tidemark.storage.deadlineMs)");
    }

    @Test
    void nobodyKnowsOfAWriteThatHangs() {
        Storage storage = bounded(hanging("createExclusive"));

        assertThatThrownBy(() -> storage.createExclusive(directory + "/a", new byte[1]))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("did not create");
    }

    @Test
    void whatAnswersInTimeIsAsItWas() throws IOException {
        Storage storage = bounded(LocalStorage.create());
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        storage.createExclusive(directory + "/a", content);

        assertThat(storage.read(directory + "/a")).hasValue(content);
        assertThat(storage.list(directory.toString())).hasSize(1);
        assertThatThrownBy(() -> storage.createExclusive(directory + "/a", content))
                .isInstanceOf(FileAlreadyExistsException.class);
        byte[] part = new byte[4];
        try (var input = storage.open(directory + "/a")) {
            input.readFully(3, part, 0, 4);
        }
        assertThat(part).asString(StandardCharsets.UTF_8).isEqualTo("tent");
    }

    @Test
    void anInterruptDoesNotCutACallOff() throws IOException {
        Storage storage = bounded(LocalStorage.create());

        Thread.currentThread().interrupt();
        storage.createExclusive(directory + "/a", new byte[1]);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(storage.read(directory + "/a")).isPresent();
    }

    @Test
    void theDeadlineIsASetting() {
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put(BoundedStorage.DEADLINE, "50");
        Storage storage = BoundedStorage.of(hanging("list"), conf);

        assertThatThrownBy(() -> storage.list(directory.toString())).hasMessageContaining("within 50 ms");
        conf.put(BoundedStorage.DEADLINE, "0");
        Storage unbounded = LocalStorage.create();
        assertThat(BoundedStorage.of(unbounded, conf)).isSameAs(unbounded);

        conf.put(BoundedStorage.DEADLINE, "soon");
        assertThatThrownBy(() -> BoundedStorage.of(LocalStorage.create(), conf)).hasMessageContaining("not 'soon'");
    }
}
