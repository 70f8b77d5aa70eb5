package io.tidemark.ops.drill.mutants;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** Code that is copied to the beginning and the end of a changed method; never called itself. */
final class AroundAdvice {
    private AroundAdvice() {}

    @Advice.OnMethodEnter(skipOn = Switchboard.Skipped.class)
    static @Nullable Object enter(
            @Advice.Origin("#t.#m") String method,
            @Advice.This(optional = true) @Nullable Object self,
            @Advice.AllArguments(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object[] arguments)
            throws Exception {
        Object[] changed = arguments;
        Object entered = Switchboard.enter(method, self, changed);
        arguments = changed;
        return entered;
    }

    @Advice.OnMethodExit
    static void exit(
            @Advice.Origin("#t.#m") String method,
            @Advice.This(optional = true) @Nullable Object self,
            @Advice.AllArguments Object[] arguments,
            @Advice.Enter @Nullable Object entered,
            @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) @Nullable Object returned)
            throws Exception {
        returned = Switchboard.exit(method, self, arguments, entered, returned);
    }
}
