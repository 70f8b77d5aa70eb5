package io.tidemark.ops.drill.mutants;

import org.jspecify.annotations.Nullable;

/** How the bytecode of a method is changed. */
sealed interface Change {
    /** Returns the name of the class that has the method. */
    String type();

    /** Returns the name of the method; all that are called so are changed. */
    String method();

    /** The method lacks each call of {@code callee}; what such a call would return is null or zero. */
    record Without(String type, String method, String callee) implements Change {}

    /**
     * Something happens before the method, instead of it or after it.
     *
     * @param parameters how many the method has, to tell it from others of its name
     */
    record Around(String type, String method, int parameters, Interceptor interceptor) implements Change {}

    /** What happens around a method. Called by any thread. */
    interface Interceptor {
        /**
         * Called first.
         *
         * @return {@link Skip} to leave the method out; null to call it with {@code arguments} as they are by then
         */
        default @Nullable Skip before(@Nullable Object self, @Nullable Object[] arguments) throws Exception {
            return null;
        }

        /** Returns what the method is to return; called if it was not left out and did not throw. */
        default @Nullable Object after(@Nullable Object self, @Nullable Object[] arguments, @Nullable Object returned)
                throws Exception {
            return returned;
        }
    }

    /** Leaves a method out; it returns {@code value}. */
    record Skip(@Nullable Object value) {
        static final Skip VOID = new Skip(null);
    }
}
