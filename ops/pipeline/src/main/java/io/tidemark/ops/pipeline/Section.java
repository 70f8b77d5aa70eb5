package io.tidemark.ops.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a pipeline file under reading: typed access, and errors with place and cure.
 *
 * @param name what messages call it; empty for the whole file
 */
record Section(String name, YamlNode.Mapping mapping) {
    /** Opens {@code node}, which has to be a mapping with no keys but {@code known}. */
    static Section of(String name, YamlNode node, List<String> known) {
        Section section = anyKeys(name, node);
        for (YamlNode.Entry entry : section.mapping.entries()) {
            if (!known.contains(entry.key().text())) {
                throw PipelineErrors.unknownKey(
                        entry.key().place(), name, entry.key().text(), known);
            }
        }
        return section;
    }

    static Section anyKeys(String name, YamlNode node) {
        YamlNode.Mapping mapping = node.asMapping();
        if (mapping == null) {
            String what = name.isEmpty() ? "The file" : "'" + name + "'";
            throw PipelineErrors.wrongValue(
                    node.place(), what + " must be a mapping of keys to values, but it is " + node.kind() + ".");
        }
        return new Section(name, mapping);
    }

    Place place() {
        return mapping.place();
    }

    String pathTo(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    /** Returns the value of a key, or null if the key is absent or has no value. */
    @Nullable
    YamlNode find(String key) {
        YamlNode value = mapping.entry(key).map(YamlNode.Entry::value).orElse(null);
        return value instanceof YamlNode.Scalar scalar && scalar.isNull() ? null : value;
    }

    YamlNode require(String key, String cure) {
        YamlNode value = find(key);
        if (value == null) {
            Place where = mapping.entry(key).map(e -> e.key().place()).orElse(place());
            throw PipelineErrors.missingKey(where, "'" + pathTo(key) + "' is missing. " + cure);
        }
        return value;
    }

    YamlNode.Scalar requireScalar(String key, String cure) {
        return scalar(pathTo(key), require(key, cure));
    }

    Optional<YamlNode.Scalar> findScalar(String key) {
        return Optional.ofNullable(find(key)).map(node -> scalar(pathTo(key), node));
    }

    @Nullable
    String text(String key) {
        return findScalar(key).map(YamlNode.Scalar::text).orElse(null);
    }

    /** Returns the values of a key that holds a mapping of texts; empty if it is absent. */
    SortedMap<String, String> texts(String key) {
        SortedMap<String, String> values = new TreeMap<>();
        YamlNode node = find(key);
        if (node == null) {
            return values;
        }
        for (YamlNode.Entry entry : anyKeys(pathTo(key), node).mapping.entries()) {
            String path = pathTo(key) + "." + entry.key().text();
            YamlNode.Scalar value = scalar(path, entry.value());
            if (value.isNull()) {
                throw PipelineErrors.wrongValue(
                        entry.key().place(), "'" + path + "' has no value. Give it one, or remove the key.");
            }
            values.put(entry.key().text(), value.text());
        }
        return values;
    }

    /** Returns a list of texts; empty if the key is absent. */
    List<String> list(String key) {
        List<String> values = new ArrayList<>();
        YamlNode node = find(key);
        if (node == null) {
            return values;
        }
        if (!(node instanceof YamlNode.Sequence sequence)) {
            throw PipelineErrors.wrongValue(
                    node.place(), "'" + pathTo(key) + "' must be a list, but it is " + node.kind() + ". Write [a, b].");
        }
        for (YamlNode item : sequence.items()) {
            values.add(scalar(pathTo(key), item).text());
        }
        return values;
    }

    private static YamlNode.Scalar scalar(String path, YamlNode node) {
        if (node instanceof YamlNode.Scalar scalar) {
            return scalar;
        }
        throw PipelineErrors.wrongValue(
                node.place(),
                "'" + path + "' must be a single value, but it is " + node.kind()
                        + ". Put it in quotes if it is JSON.");
    }
}
