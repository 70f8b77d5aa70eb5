package io.tidemark.runtime.aggregate;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All aggregate functions by name. Immutable once built. */
public final class AggregateRegistry {
    private final TreeMap<String, AggregateDefinition> byName = new TreeMap<>();

    /** @throws IllegalArgumentException if two functions claim one name */
    public AggregateRegistry(List<? extends AggregateDefinition> functions) {
        for (AggregateDefinition function : functions) {
            add(function.name(), function);
            function.aliases().forEach(alias -> add(alias, function));
        }
    }

    private void add(String name, AggregateDefinition function) {
        if (byName.put(name, function) != null) {
            throw new IllegalArgumentException("two aggregate functions are called " + name);
        }
    }

    /** Finds a function without regard to case. */
    public Optional<AggregateDefinition> find(String name) {
        return Optional.ofNullable(byName.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Returns all names, sorted. */
    public Set<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }
}
