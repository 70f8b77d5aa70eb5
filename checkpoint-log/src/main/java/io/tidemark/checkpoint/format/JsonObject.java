package io.tidemark.checkpoint.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Typed access to the members of a parsed JSON object; a member of another type is an error that names it. */
final class JsonObject {
    private final Map<?, ?> members;

    private JsonObject(Map<?, ?> members) {
        this.members = members;
    }

    static JsonObject parse(String text) throws MalformedJsonException {
        return of(Json.parse(text), "its content");
    }

    static JsonObject of(@Nullable Object value, String what) throws MalformedJsonException {
        if (value instanceof Map<?, ?> map) {
            return new JsonObject(map);
        }
        throw new MalformedJsonException(what + " is not a JSON object");
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    Set<String> names() {
        Set<String> names = new java.util.LinkedHashSet<>();
        members.keySet().forEach(name -> names.add((String) name));
        return names;
    }

    long number(String name) throws MalformedJsonException {
        Object value = members.get(name);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw wrong(name, "a whole number of at most 64 bits");
    }

    long number(String name, long whenAbsent) throws MalformedJsonException {
        return has(name) ? number(name) : whenAbsent;
    }

    int smallNumber(String name) throws MalformedJsonException {
        long value = number(name);
        if (value != (int) value) {
            throw wrong(name, "a whole number of at most 32 bits");
        }
        return (int) value;
    }

    boolean flag(String name) throws MalformedJsonException {
        if (members.get(name) instanceof Boolean value) {
            return value;
        }
        throw wrong(name, "true or false");
    }

    String text(String name) throws MalformedJsonException {
        if (members.get(name) instanceof String value) {
            return value;
        }
        throw wrong(name, "text");
    }

    @Nullable
    String textOrNull(String name) throws MalformedJsonException {
        return has(name) ? text(name) : null;
    }

    JsonObject object(String name) throws MalformedJsonException {
        if (members.get(name) instanceof Map<?, ?> value) {
            return new JsonObject(value);
        }
        throw wrong(name, "an object");
    }

    List<?> list(String name) throws MalformedJsonException {
        if (members.get(name) instanceof List<?> value) {
            return value;
        }
        throw wrong(name, "an array");
    }

    List<JsonObject> objects(String name) throws MalformedJsonException {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : list(name)) {
            objects.add(of(element, "an element of '" + name + "'"));
        }
        return objects;
    }

    private MalformedJsonException wrong(String name, String wanted) {
        return new MalformedJsonException(
                has(name) ? "its member '" + name + "' is not " + wanted : "it has no member '" + name + "'");
    }
}
