package io.tidemark.ops.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A piece of YAML that knows where it stands. Scalars are kept as text: what they mean is decided where they are read. */
sealed interface YamlNode {
    Place place();

    /** Returns what a message calls this kind of node. */
    String kind();

    /** Keys with their values, in the order of the file; no key stands twice. */
    record Mapping(List<Entry> entries, Place place) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        Optional<Entry> entry(String key) {
            return entries.stream().filter(e -> e.key().text().equals(key)).findFirst();
        }

        /** Returns a copy in which {@code key} has {@code value}; a new key goes to the end. */
        Mapping with(String key, YamlNode value) {
            List<Entry> changed = new ArrayList<>();
            boolean found = false;
            for (Entry entry : entries) {
                boolean same = entry.key().text().equals(key);
                changed.add(same ? new Entry(entry.key(), value) : entry);
                found |= same;
            }
            if (!found) {
                changed.add(new Entry(Scalar.of(key, value.place()), value));
            }
            return new Mapping(changed, place);
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    record Entry(Scalar key, YamlNode value) {}

    record Sequence(List<YamlNode> items, Place place) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /**
     * One value.
     *
     * @param text after variables were filled in
     * @param written as it stands in the file; this, never {@code text}, is what messages show
     * @param indent the columns that a block scalar's lines are indented by, 0 for other styles
     */
    record Scalar(String text, String written, Style style, int indent, Place place) implements YamlNode {
        static Scalar of(String text, Place place) {
            return new Scalar(text, text, Style.QUOTED, 0, place);
        }

        Scalar withText(String filled) {
            return new Scalar(filled, written, style, indent, place);
        }

        boolean isNull() {
            return style == Style.PLAIN && (written.isEmpty() || written.equals("~") || written.equals("null"));
        }

        @Override
        public String kind() {
            return isNull() ? "empty" : "a single value";
        }
    }

    /** How a scalar is written, as far as it matters for positions in it. */
    enum Style {
        PLAIN,
        QUOTED,
        LITERAL,
        FOLDED
    }

    /** Returns the node as a mapping, or null. */
    default @Nullable Mapping asMapping() {
        return this instanceof Mapping mapping ? mapping : null;
    }
}
