package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.mutants.Change.Skip;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Keeps the call of a method back, with its only argument, until it is let go on the same thread. */
final class DelayedCall {
    private record Held(Object receiver, @Nullable Object argument) {}

    private final String method;
    private final ThreadLocal<@Nullable Held> held = new ThreadLocal<>();
    private final ThreadLocal<Boolean> releasing = ThreadLocal.withInitial(() -> false);

    DelayedCall(String method) {
        this.method = method;
    }

    /** Returns {@code instead}, or null if the call is the one that was let go. */
    @Nullable
    Skip hold(@Nullable Object receiver, @Nullable Object argument, Skip instead) {
        if (releasing.get()) {
            return null;
        }
        held.set(new Held(Objects.requireNonNull(receiver), argument));
        return instead;
    }

    /** Makes the call that is held, if there is one. */
    void release() throws Exception {
        Held waiting = held.get();
        if (waiting == null) {
            return;
        }
        held.remove();
        releasing.set(true);
        try {
            Reach.call(waiting.receiver, method, waiting.argument);
        } finally {
            releasing.set(false);
        }
    }
}
