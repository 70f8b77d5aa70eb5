package io.tidemark.runtime.expression;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All functions by name. Immutable once built. */
public final class FunctionRegistry {
    private final TreeMap<String, FunctionDefinition> byName = new TreeMap<>();

    /** @throws IllegalArgumentException if two functions claim one name */
    public FunctionRegistry(List<FunctionDefinition> functions) {
        for (FunctionDefinition function : functions) {
            add(function.name(), function);
            function.aliases().forEach(alias -> add(alias, function));
        }
    }

    private void add(String name, FunctionDefinition function) {
        if (!name.equals(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("function names are lower case: " + name);
        }
        if (byName.put(name, function) != null) {
            throw new IllegalArgumentException("two functions are called " + name);
        }
    }

    /** Finds a function without regard to case. */
    public Optional<FunctionDefinition> find(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Returns the function called {@code name}, which must exist. */
    public FunctionDefinition builtin(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("no builtin function " + name));
    }

    /** Returns all names, sorted. */
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }
}
