package io.tidemark.ops.drill.mutants;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.tidemark.ops.drill.mutants.Change.Around;
import io.tidemark.ops.drill.mutants.Change.Without;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.loading.ClassReloadingStrategy;
import net.bytebuddy.dynamic.scaffold.TypeValidation;

/** Puts changes into the classes of this process, and takes them back. One at a time. */
final class Surgery implements AutoCloseable {
    private final List<Class<?>> changed = new ArrayList<>();
    private final ClassReloadingStrategy strategy;

    private Surgery() {
        ByteBuddyAgent.install();
        this.strategy = ClassReloadingStrategy.fromInstalledAgent();
    }

    /**
     * Makes the changes; closing takes them back.
     *
     * @throws IllegalArgumentException if a class or method to be changed does not exist
     */
    static Surgery on(List<Change> changes) {
        Surgery surgery = new Surgery();
        try {
            Map<String, List<Change>> byType = new TreeMap<>();
            changes.forEach(change -> byType.computeIfAbsent(change.type(), type -> new ArrayList<>())
                    .add(change));
            byType.forEach(surgery::change);
            return surgery;
        } catch (RuntimeException e) {
            surgery.close();
            throw e;
        }
    }

    private void change(String name, List<Change> changes) {
        Class<?> type = load(name);
        DynamicType.Builder<?> builder =
                new ByteBuddy().with(TypeValidation.DISABLED).redefine(type, locator(type));
        for (Change change : changes) {
            if (List.of(type.getDeclaredMethods()).stream()
                    .noneMatch(method -> method.getName().equals(change.method()))) {
                throw new IllegalArgumentException("there is no method " + name + "." + change.method());
            }
            builder = builder.visit(visitor(change));
            if (change instanceof Around around) {
                Switchboard.connect(name + "." + change.method(), around.interceptor());
            }
        }
        try (DynamicType.Unloaded<?> made = builder.make()) {
            made.load(type.getClassLoader(), strategy);
        }
        changed.add(type);
    }

    private static AsmVisitorWrapper visitor(Change change) {
        if (change instanceof Without without) {
            return MemberSubstitution.relaxed()
                    .method(named(without.callee()))
                    .stub()
                    .on(named(without.method()));
        }
        Around around = (Around) change;
        return Advice.to(AroundAdvice.class).on(named(around.method()).and(takesArguments(around.parameters())));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("there is no class " + name, e);
        }
    }

    private static ClassFileLocator locator(Class<?> type) {
        return ClassFileLocator.ForClassLoader.of(type.getClassLoader());
    }

    @Override
    public void close() {
        for (Class<?> type : changed) {
            try {
                strategy.reset(locator(type), type);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException("the class " + type.getName() + " stays changed", e);
            }
        }
        Switchboard.disconnectAll();
    }
}
