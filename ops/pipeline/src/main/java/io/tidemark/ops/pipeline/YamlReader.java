package io.tidemark.ops.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds the tree of one YAML document (JSON included) from parser events. Nothing in it recurses, and depth, size and
 * what aliases expand to are bounded, so that no input can exhaust stack or heap.
 */
final class YamlReader {
    static final int MAX_CHARACTERS = 1 << 20;
    static final int MAX_DEPTH = 64;
    static final int MAX_NODES = 20_000;

    private final String origin;
    private final String[] lines;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private int nodes;
    private @Nullable YamlNode root;

    private YamlReader(String origin, String text) {
        this.origin = origin;
        this.lines = text.split("\r\n|\r|\n", -1);
    }

    /** @throws io.tidemark.api.error.TidemarkException with line and column if this is not one YAML document */
    static YamlNode read(String origin, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw PipelineErrors.syntax(
                    Place.named(origin), "The file is larger than " + MAX_CHARACTERS + " characters. Make it smaller.");
        }
        YamlReader reader = new YamlReader(origin, text);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(origin)
                .setCodePointLimit(MAX_CHARACTERS)
                .build();
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                reader.accept(event);
            }
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            String problem = e.getProblem() == null ? "this is not YAML" : e.getProblem();
            String context = e.getContext() == null ? "" : " " + e.getContext();
            throw PipelineErrors.syntax(
                    mark.map(reader::place).orElse(Place.named(origin)),
                    "Bad YAML" + oneLine(context) + ": " + oneLine(problem) + ". Correct the text at this place.");
        } catch (YamlEngineException e) {
            throw PipelineErrors.syntax(
                    Place.named(origin),
                    "Bad YAML: " + oneLine(String.valueOf(e.getMessage())) + ". Correct the file.");
        }
        if (reader.root == null) {
            throw PipelineErrors.syntax(Place.named(origin), "The file is empty. Describe a pipeline in it.");
        }
        return reader.root;
    }

    private void accept(Event event) {
        switch (event.getEventId()) {
            case MappingStart, SequenceStart -> {
                Place place = placeOf(event);
                if (open.size() >= MAX_DEPTH) {
                    throw PipelineErrors.syntax(place, "Nested deeper than " + MAX_DEPTH + " levels. Flatten it.");
                }
                refuseTag(event, place);
                open.push(new Open(event.getEventId() == Event.ID.MappingStart, anchorOf(event), place, nodes));
            }
            case MappingEnd, SequenceEnd -> {
                Open done = open.pop();
                add(done.finish(), done.anchor, nodes - done.nodesBefore, done.place);
            }
            case Scalar -> add(scalar((ScalarEvent) event), anchorOf(event), 0, placeOf(event));
            case Alias -> {
                Place place = placeOf(event);
                Anchored target = anchors.get(((AliasEvent) event).getAlias());
                if (target == null) {
                    throw PipelineErrors.syntax(
                            place, "Alias '*" + ((AliasEvent) event).getAlias() + "' names nothing that ended before.");
                }
                count(target.nodes, place);
                add(target.node, Optional.empty(), target.nodes, place);
            }
            case DocumentStart -> {
                if (root != null) {
                    throw PipelineErrors.syntax(
                            placeOf(event), "A second document starts here. Put each pipeline into a file of its own.");
                }
            }
            case DocumentEnd, StreamStart, StreamEnd, Comment -> {}
        }
    }

    private void add(YamlNode node, Optional<Anchor> anchor, int nodesInside, Place place) {
        count(1, place);
        anchor.ifPresent(name -> anchors.put(name, new Anchored(node, nodesInside + 1)));
        if (open.isEmpty()) {
            root = node;
        } else {
            open.element().add(node);
        }
    }

    private void count(int more, Place place) {
        nodes += more;
        if (nodes > MAX_NODES) {
            throw PipelineErrors.syntax(
                    place,
                    "More than " + MAX_NODES + " values, aliases counted as what they stand for. Make it smaller.");
        }
    }

    private YamlNode.Scalar scalar(ScalarEvent event) {
        Place place = placeOf(event);
        refuseTag(event, place);
        YamlNode.Style style =
                switch (event.getScalarStyle()) {
                    case PLAIN -> YamlNode.Style.PLAIN;
                    case LITERAL -> YamlNode.Style.LITERAL;
                    case FOLDED -> YamlNode.Style.FOLDED;
                    default -> YamlNode.Style.QUOTED;
                };
        boolean block = event.getScalarStyle() == ScalarStyle.LITERAL;
        boolean severalLines = !event.getStartMark()
                .map(Mark::getLine)
                .equals(event.getEndMark().map(Mark::getLine));
        if (severalLines && !block) {
            style = YamlNode.Style.FOLDED; // its line breaks are not those of the value
        }
        return new YamlNode.Scalar(event.getValue(), event.getValue(), style, block ? indentBelow(place) : 0, place);
    }

    /** Returns the indentation of the first line with text after {@code place}. */
    private int indentBelow(Place place) {
        for (int i = place.line(); i < lines.length; i++) {
            String line = lines[i];
            if (!line.isBlank()) {
                return line.length() - line.stripLeading().length();
            }
        }
        return 0;
    }

    private static void refuseTag(Event event, Place place) {
        Optional<String> tag =
                switch (event.getEventId()) {
                    case Scalar -> ((ScalarEvent) event).getTag();
                    case MappingStart, SequenceStart ->
                        ((org.snakeyaml.engine.v2.events.CollectionStartEvent) event).getTag();
                    default -> Optional.empty();
                };
        if (tag.isPresent()) {
            throw PipelineErrors.syntax(
                    place, "YAML tags such as '" + tag.get() + "' have no meaning here. Remove the tag.");
        }
    }

    private static Optional<Anchor> anchorOf(Event event) {
        return event instanceof NodeEvent node ? node.getAnchor() : Optional.empty();
    }

    private Place placeOf(Event event) {
        return event.getStartMark().map(this::place).orElse(Place.named(origin));
    }

    private Place place(Mark mark) {
        return new Place(origin, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("\\.$", "");
    }

    private record Anchored(YamlNode node, int nodes) {}

    /** A mapping or sequence whose end has not come yet. */
    private static final class Open {
        private final boolean mapping;
        private final Optional<Anchor> anchor;
        private final Place place;
        private final int nodesBefore;
        private final List<YamlNode> items = new ArrayList<>();
        private final List<YamlNode.Entry> entries = new ArrayList<>();
        private final Set<String> keys = new HashSet<>();
        private YamlNode.@Nullable Scalar key;

        Open(boolean mapping, Optional<Anchor> anchor, Place place, int nodesBefore) {
            this.mapping = mapping;
            this.anchor = anchor;
            this.place = place;
            this.nodesBefore = nodesBefore;
        }

        void add(YamlNode node) {
            if (!mapping) {
                items.add(node);
            } else if (key != null) {
                entries.add(new YamlNode.Entry(key, node));
                key = null;
            } else if (node instanceof YamlNode.Scalar scalar) {
                if (!keys.add(scalar.text())) {
                    throw PipelineErrors.syntax(
                            scalar.place(), "Key '" + scalar.text() + "' stands here twice. Remove one.");
                }
                key = scalar;
            } else {
                throw PipelineErrors.syntax(node.place(), "A key must be a single value. Write it as text.");
            }
        }

        YamlNode finish() {
            return mapping ? new YamlNode.Mapping(entries, place) : new YamlNode.Sequence(items, place);
        }
    }
}
