package io.tidemark.ops.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.slf4j.LoggerFactory;

/**
 * SIGINT and SIGTERM of this process. The first one goes to whoever was told to stop, and the process has {@link
 * ProcessEnd#LIMIT} from then; the second one ends it at once, which is always safe: a checkpoint is left as by a crash.
 */
final class Signals {
    private static final int INTERRUPTED = 130;
    private static final int TERMINATED = 143;

    private final AtomicBoolean asked = new AtomicBoolean();
    private final IntConsumer limit;
    private volatile IntConsumer onStop;

    /** @param limit gets the exit code of the first signal too, to see to it that the process ends */
    private Signals(IntConsumer onStop, IntConsumer limit) {
        this.limit = limit;
        this.onStop = onStop;
    }

    /** Takes the signals over; until {@link #handOver} names another, {@code onStop} gets the exit code of the first. */
    static Signals install(IntConsumer onStop) {
        Signals signals = new Signals(onStop, ProcessEnd::limit);
        signals.handle("INT", INTERRUPTED);
        signals.handle("TERM", TERMINATED);
        return signals;
    }

    /** For tests: nothing is taken over. */
    static Signals none() {
        return new Signals(code -> {}, code -> {});
    }

    /** From now on {@code stop} hears of the first signal. */
    void handOver(IntConsumer stop) {
        onStop = stop;
    }

    void raise(int exitCode) {
        if (asked.compareAndSet(false, true)) {
            limit.accept(exitCode);
            onStop.accept(exitCode);
        } else {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    /** The JDK's signal class is reached by name: it is supported, but compilers warn of it. */
    private void handle(String name, int exitCode) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler body = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    raise(exitCode);
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "stop on " + name;
            };
            Object stopper = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, body);
            Method handle = signal.getMethod("handle", signal, handler);
            handle.invoke(null, signal.getConstructor(String.class).newInstance(name), stopper);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LoggerFactory.getLogger(Signals.class)
                    .warn("SIG{} cannot be handled; it ends the process at once", name, e);
        }
    }
}
