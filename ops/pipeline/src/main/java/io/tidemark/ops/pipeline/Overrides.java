package io.tidemark.ops.pipeline;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@code --set path.to.key=value} into the tree of a file. Below {@code options} and {@code conf} the rest of the
 * path is one key, dots included; an item of {@code views} is found by its name.
 */
final class Overrides {
    private static final Set<String> FLAT = Set.of("options", "conf");

    private Overrides() {}

    static YamlNode apply(YamlNode root, List<String> settings) {
        YamlNode changed = root;
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals <= 0) {
                throw new TidemarkException(
                        ErrorCode.COMMAND_LINE,
                        "--set '" + setting.replaceAll("=.*", "") + "' has no value. Write --set path.to.key=value.");
            }
            String path = setting.substring(0, equals);
            Place place = Place.named("--set " + path);
            changed = put(changed, segments(path), value(setting.substring(equals + 1), place), place);
        }
        return changed;
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        String rest = path;
        while (true) {
            int dot = rest.indexOf('.');
            boolean flat = !segments.isEmpty() && FLAT.contains(segments.get(segments.size() - 1));
            if (dot < 0 || flat) {
                segments.add(rest);
                return segments;
            }
            segments.add(rest.substring(0, dot));
            rest = rest.substring(dot + 1);
        }
    }

    private static YamlNode value(String text, Place place) {
        if (text.startsWith("[") || text.startsWith("{")) {
            return YamlReader.read(place.origin(), text);
        }
        return YamlNode.Scalar.of(text, place);
    }

    private static YamlNode put(@Nullable YamlNode node, List<String> path, YamlNode value, Place place) {
        if (path.isEmpty()) {
            return value;
        }
        String head = path.get(0);
        List<String> tail = path.subList(1, path.size());
        if (node instanceof YamlNode.Sequence sequence) {
            List<YamlNode> items = new ArrayList<>();
            boolean found = false;
            for (YamlNode item : sequence.items()) {
                boolean named = item instanceof YamlNode.Mapping mapping && isNamed(mapping, head);
                items.add(named ? put(item, tail, value, place) : item);
                found |= named;
            }
            if (!found) {
                throw PipelineErrors.wrongValue(
                        place, "There is no item named '" + head + "'. Use the name of one that is in the file.");
            }
            return new YamlNode.Sequence(items, sequence.place());
        }
        if (node == null || node instanceof YamlNode.Scalar) {
            return new YamlNode.Mapping(List.of(), place).with(head, put(null, tail, value, place));
        }
        YamlNode.Mapping mapping = (YamlNode.Mapping) node;
        YamlNode old = mapping.entry(head).map(YamlNode.Entry::value).orElse(null);
        return mapping.with(head, put(old, tail, value, place));
    }

    private static boolean isNamed(YamlNode.Mapping mapping, String name) {
        return mapping.entry("name")
                .map(e -> e.value() instanceof YamlNode.Scalar scalar
                        && scalar.text().equals(name))
                .orElse(false);
    }
}
