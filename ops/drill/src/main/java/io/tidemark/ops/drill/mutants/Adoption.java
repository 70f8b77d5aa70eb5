package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.mutants.Change.Interceptor;
import io.tidemark.ops.drill.mutants.Change.Skip;
import org.jspecify.annotations.Nullable;

/** Knows whether this thread is finishing a prepared batch. */
final class Adoption implements Interceptor {
    private final ThreadLocal<Boolean> adopting = ThreadLocal.withInitial(() -> false);

    @Override
    public @Nullable Skip before(@Nullable Object self, @Nullable Object[] arguments) {
        adopting.set(true);
        return null;
    }

    @Override
    public @Nullable Object after(@Nullable Object self, @Nullable Object[] arguments, @Nullable Object returned) {
        adopting.set(false);
        return returned;
    }

    @Nullable
    Skip skipDuring(@Nullable Object self, @Nullable Object[] arguments) {
        return adopting.get() ? Skip.VOID : null;
    }
}
