package io.tidemark.api.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.storage.Storage.IfExists;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardingStorageTest {
    /** A storage that notes which of its methods are called, and with what. */
    private static final class Noted {
        final List<List<Object>> calls = new ArrayList<>();
        final Storage storage = (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, in) -> {
                    calls.add(call(method, in));
                    return method.getReturnType() == Optional.class ? Optional.empty() : null;
                });

        static List<Object> call(Method method, Object[] in) {
            List<Object> call = new ArrayList<>(List.of(method.getName()));
            call.addAll(Arrays.asList(in));
            return call;
        }
    }

    static Stream<Method> methods() {
        return Arrays.stream(Storage.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic());
    }

    /** Made up, another one for each parameter. */
    private static Object[] argumentsOf(Method method) {
        Class<?>[] types = method.getParameterTypes();
        Object[] in = new Object[types.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = types[i] == String.class
                    ? "/path/" + i
                    : types[i] == byte[].class ? new byte[] {(byte) i} : IfExists.REPLACE;
        }
        return in;
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyCallIsHandedOn(Method method) throws ReflectiveOperationException {
        Noted noted = new Noted();
        Object[] in = argumentsOf(method);

        method.invoke(new ForwardingStorage(noted.storage) {}, in);

        assertThat(noted.calls).containsExactly(Noted.call(method, in));
    }

    @Test
    void nothingThatWritesIsHandedOnToReadOnlyStorage() throws ReflectiveOperationException {
        Noted noted = new Noted();
        SortedSet<String> refused = new TreeSet<>();
        for (Method method : methods().toList()) {
            try {
                method.invoke(new ReadOnlyStorage(noted.storage), argumentsOf(method));
            } catch (InvocationTargetException e) {
                assertThat(e.getCause())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("whoever only reads writes nothing: /path/");
                refused.add(method.getName());
            }
        }

        assertThat(noted.calls)
                .extracting(call -> call.get(0))
                .containsExactlyInAnyOrder("qualify", "read", "open", "status", "list");
        assertThat(refused)
                .containsExactly(
                        "create",
                        "createExclusive",
                        "delete",
                        "deleteRecursively",
                        "link",
                        "makeDirectories",
                        "move",
                        "replace",
                        "tryLock");
    }

    @Test
    void whatIsWrittenIsHandedOn() throws IOException {
        List<String> calls = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StorageOutput behind = new StorageOutput() {
            @Override
            public long position() {
                return bytes.size();
            }

            @Override
            public void write(int b) {
                calls.add("write a byte");
                bytes.write(b);
            }

            @Override
            public void write(byte[] from, int offset, int length) {
                calls.add("write");
                bytes.write(from, offset, length);
            }

            @Override
            public void flush() {
                calls.add("flush");
            }

            @Override
            public void publish() {
                calls.add("publish");
            }

            @Override
            public void close() {
                calls.add("close");
            }
        };

        try (StorageOutput output = new ForwardingOutput(behind) {}) {
            output.write(1);
            output.write(new byte[] {2, 3, 4, 5}, 1, 2);
            output.flush();
            assertThat(output.position()).isEqualTo(3);
            output.publish();
        }

        assertThat(bytes.toByteArray()).containsExactly(1, 3, 4);
        assertThat(calls).containsExactly("write a byte", "write", "flush", "publish", "close");
    }

    @Test
    void bytesCanBeReadAsAFile() throws IOException {
        try (StorageInput input = StorageInput.of("/path/a", new byte[] {1, 2, 3})) {
            byte[] target = new byte[4];
            input.readFully(1, target, 2, 2);

            assertThat(input.length()).isEqualTo(3);
            assertThat(target).containsExactly(0, 0, 2, 3);
            assertThatThrownBy(() -> input.readFully(2, target, 0, 2))
                    .isInstanceOf(java.io.EOFException.class)
                    .hasMessage("'/path/a' ends at byte 3, wanted 2 bytes from 2");
        }
    }
}
