package io.tidemark.ops.drill.mutants;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Uses what the product's classes keep to themselves. */
final class Reach {
    private Reach() {}

    static @Nullable Object field(@Nullable Object object, String name) throws ReflectiveOperationException {
        Field field = Objects.requireNonNull(object).getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    static void set(@Nullable Object object, String name, Object value) throws ReflectiveOperationException {
        Field field = Objects.requireNonNull(object).getClass().getDeclaredField(name);
        field.setAccessible(true);
        field.set(object, value);
    }

    /** Calls the method that has this name and so many parameters, of which there must be one. */
    static @Nullable Object call(@Nullable Object object, String name, @Nullable Object... arguments) throws Exception {
        for (Method method : Objects.requireNonNull(object).getClass().getDeclaredMethods()) {
            if (method.getName().equals(name) && takes(method.getParameterTypes(), arguments)) {
                method.setAccessible(true);
                return invoke(() -> method.invoke(object, arguments));
            }
        }
        throw new NoSuchMethodException(object.getClass() + "." + name);
    }

    /** Makes another object of a record's class. */
    static Object likewise(Object object, @Nullable Object... components) throws Exception {
        Constructor<?> constructor = object.getClass().getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return Objects.requireNonNull(invoke(() -> constructor.newInstance(components)));
    }

    private static boolean takes(Class<?>[] parameters, @Nullable Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            Object argument = arguments[i];
            if (argument != null && !parameters[i].isPrimitive() && !parameters[i].isInstance(argument)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Object invoke(Call call) throws Exception {
        try {
            return call.run();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private interface Call {
        @Nullable
        Object run() throws ReflectiveOperationException;
    }
}
