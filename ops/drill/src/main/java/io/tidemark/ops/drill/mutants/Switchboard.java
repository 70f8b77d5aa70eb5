package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.mutants.Change.Interceptor;
import io.tidemark.ops.drill.mutants.Change.Skip;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where changed methods ask what to do. Public because their classes call it. */
public final class Switchboard {
    private static final Map<String, Interceptor> INTERCEPTORS = new ConcurrentHashMap<>();

    private Switchboard() {}

    static void connect(String method, Interceptor interceptor) {
        INTERCEPTORS.put(method, interceptor);
    }

    static void disconnectAll() {
        INTERCEPTORS.clear();
    }

    /** Called at the beginning of a changed method. */
    public static @Nullable Object enter(String method, @Nullable Object self, @Nullable Object[] arguments)
            throws Exception {
        Interceptor interceptor = INTERCEPTORS.get(method);
        Skip skip = interceptor == null ? null : interceptor.before(self, arguments);
        return skip == null ? null : new Skipped(skip.value());
    }

    /** Called at the end of a changed method. */
    public static @Nullable Object exit(
            String method,
            @Nullable Object self,
            @Nullable Object[] arguments,
            @Nullable Object entered,
            @Nullable Object returned)
            throws Exception {
        if (entered instanceof Skipped skipped) {
            return skipped.value();
        }
        Interceptor interceptor = INTERCEPTORS.get(method);
        return interceptor == null ? returned : interceptor.after(self, arguments, returned);
    }

    /** Says that the method's own code is left out. */
    public record Skipped(@Nullable Object value) {}
}
