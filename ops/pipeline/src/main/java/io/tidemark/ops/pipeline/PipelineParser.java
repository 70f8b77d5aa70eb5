package io.tidemark.ops.pipeline;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.streaming.Trigger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the tree of a pipeline file: which keys there are, what each must look like, and what to say if it does not. */
final class PipelineParser {
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}");
    private static final Pattern VIEW_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    private static final List<String> FILE_KEYS =
            List.of("name", "sources", "views", "sql", "sink", "outputMode", "trigger", "checkpointLocation", "conf");
    private static final List<String> SOURCE_KEYS = List.of("format", "options", "path", "schema");
    private static final List<String> VIEW_KEYS =
            List.of("name", "sql", "watermark", "dropDuplicates", "dropDuplicatesWithinWatermark");
    private static final List<String> WATERMARK_KEYS = List.of("column", "delay");
    private static final List<String> SINK_KEYS = List.of("format", "path", "partitionBy", "mergeKeys", "options");
    private static final List<String> TRIGGER_KEYS = List.of("processingTime", "availableNow", "once");

    /** Sinks whose queries may go without a checkpoint that lasts, as in Spark. */
    private static final Set<String> TEMPORARY_CHECKPOINT = Set.of("console", "memory", "noop");

    private static final String DEFAULT_CHECKPOINT_CONF = "spark.sql.streaming.checkpointLocation";

    private final String origin;
    private final Set<String> viewNames = new HashSet<>();

    PipelineParser(String origin) {
        this.origin = origin;
    }

    PipelineFile parse(YamlNode root) {
        Section file = Section.of("", root, FILE_KEYS);
        String name = name(file);
        List<PipelineFile.Source> sources = sources(file);
        List<PipelineFile.View> views = views(file);
        SqlText sql = sql(file, "sql", "the query", "Write the query whose rows go to the sink.");
        PipelineFile.Sink sink = sink(file);
        OutputMode mode = outputMode(file);
        Trigger trigger = trigger(file);
        SortedMap<String, String> conf = file.texts("conf");
        return new PipelineFile(
                origin, name, sources, views, sql, sink, mode, trigger, checkpointLocation(file, sink, conf), conf);
    }

    private static String name(Section file) {
        YamlNode.Scalar name = file.requireScalar("name", "Give the query a name.");
        if (!NAME.matcher(name.text()).matches()) {
            throw PipelineErrors.wrongValue(
                    name.place(),
                    "'name' cannot be '" + name.written() + "'. Use 1 to 64 letters, digits, '.', '_' and '-'.");
        }
        return name.text();
    }

    private List<PipelineFile.Source> sources(Section file) {
        Section all = Section.anyKeys("sources", file.require("sources", "Name at least one source."));
        List<PipelineFile.Source> sources = new ArrayList<>();
        for (YamlNode.Entry entry : all.mapping().entries()) {
            viewName(entry.key());
            Section source = Section.of("sources." + entry.key().text(), entry.value(), SOURCE_KEYS);
            sources.add(new PipelineFile.Source(
                    entry.key().text(),
                    source.requireScalar("format", "Name the connector, for instance kafka.")
                            .text(),
                    source.text("schema"),
                    source.text("path"),
                    source.texts("options"),
                    entry.key().place()));
        }
        if (sources.isEmpty()) {
            throw PipelineErrors.missingKey(all.place(), "'sources' is empty. Name at least one source.");
        }
        return sources;
    }

    private List<PipelineFile.View> views(Section file) {
        List<PipelineFile.View> views = new ArrayList<>();
        YamlNode node = file.find("views");
        if (node == null) {
            return views;
        }
        if (!(node instanceof YamlNode.Sequence sequence)) {
            throw PipelineErrors.wrongValue(
                    node.place(),
                    "'views' must be a list, but it is " + node.kind() + ". Write '- name: …' and 'sql: …' per view.");
        }
        for (YamlNode item : sequence.items()) {
            Section view = Section.of("views[" + views.size() + "]", item, VIEW_KEYS);
            YamlNode.Scalar name = view.requireScalar("name", "Give the view a name.");
            viewName(name);
            Section named = new Section("views." + name.text(), view.mapping());
            SqlText sql = sql(named, "sql", "view '" + name.text() + "'", "Write the view's query.");
            views.add(new PipelineFile.View(name.text(), sql, watermark(named), deduplication(named)));
        }
        return views;
    }

    private void viewName(YamlNode.Scalar name) {
        if (!VIEW_NAME.matcher(name.text()).matches()) {
            throw PipelineErrors.wrongValue(
                    name.place(),
                    "A source or view cannot be named '" + name.written()
                            + "'. Use letters, digits and '_', not a digit first.");
        }
        if (!viewNames.add(name.text().toLowerCase(Locale.ROOT))) {
            throw PipelineErrors.wrongValue(
                    name.place(), "A source or view named '" + name.text() + "' exists. Choose another name.");
        }
    }

    private static PipelineFile.@Nullable Watermark watermark(Section view) {
        YamlNode node = view.find("watermark");
        if (node == null) {
            return null;
        }
        Section watermark = Section.of(view.pathTo("watermark"), node, WATERMARK_KEYS);
        String column =
                watermark.requireScalar("column", "Name the event-time column.").text();
        YamlNode.Scalar delay = watermark.requireScalar("delay", "Say how long late rows are waited for.");
        return new PipelineFile.Watermark(column, delay.text(), delay.place());
    }

    private static PipelineFile.@Nullable Deduplication deduplication(Section view) {
        YamlNode once = view.find("dropDuplicates");
        YamlNode within = view.find("dropDuplicatesWithinWatermark");
        if (once != null && within != null) {
            throw PipelineErrors.wrongValue(
                    within.place(),
                    "'" + view.pathTo("dropDuplicatesWithinWatermark") + "' stands beside 'dropDuplicates'. Keep one.");
        } else if (once != null) {
            return new PipelineFile.Deduplication(view.list("dropDuplicates"), false, once.place());
        }
        return within == null
                ? null
                : new PipelineFile.Deduplication(view.list("dropDuplicatesWithinWatermark"), true, within.place());
    }

    private static SqlText sql(Section section, String key, String what, String cure) {
        YamlNode.Scalar sql = section.requireScalar(key, cure);
        if (sql.text().isBlank()) {
            throw PipelineErrors.missingKey(sql.place(), "'" + section.pathTo(key) + "' is empty. " + cure);
        }
        return SqlText.of(sql, what);
    }

    private static PipelineFile.Sink sink(Section file) {
        YamlNode node = file.require("sink", "Say where the rows go.");
        Section sink = Section.of("sink", node, SINK_KEYS);
        return new PipelineFile.Sink(
                sink.requireScalar("format", "Name the connector, for instance delta.")
                        .text(),
                sink.text("path"),
                sink.list("partitionBy"),
                sink.list("mergeKeys"),
                sink.texts("options"),
                node.place());
    }

    private static OutputMode outputMode(Section file) {
        YamlNode.Scalar mode = file.findScalar("outputMode").orElse(null);
        if (mode == null) {
            return OutputMode.APPEND;
        }
        try {
            return OutputMode.of(mode.text());
        } catch (TidemarkException e) {
            throw PipelineErrors.wrongValue(
                    mode.place(), "'outputMode' cannot be '" + mode.written() + "'. Use append, update or complete.");
        }
    }

    private static Trigger trigger(Section file) {
        YamlNode node = file.find("trigger");
        if (node == null) {
            return Trigger.ProcessingTime(0);
        }
        Section trigger = Section.of("trigger", node, TRIGGER_KEYS);
        if (trigger.mapping().entries().size() != 1) {
            throw PipelineErrors.wrongValue(
                    node.place(), "'trigger' needs exactly one key. Use processingTime, availableNow or once.");
        }
        String key = trigger.mapping().entries().get(0).key().text();
        YamlNode.Scalar value = trigger.requireScalar(key, "Give it a value, or remove 'trigger'.");
        if (key.equals("processingTime")) {
            try {
                return Trigger.ProcessingTime(value.text());
            } catch (IllegalArgumentException | TidemarkException e) {
                throw PipelineErrors.wrongValue(
                        value.place(),
                        "'trigger.processingTime' cannot be '" + value.written()
                                + "'. Write an interval such as 30 seconds.");
            }
        }
        if (!value.text().equals("true")) {
            throw PipelineErrors.wrongValue(
                    value.place(), "'trigger." + key + "' can only be true. Remove 'trigger' if it is not wanted.");
        }
        return key.equals("once") ? Trigger.Once() : Trigger.AvailableNow();
    }

    private @Nullable String checkpointLocation(Section file, PipelineFile.Sink sink, SortedMap<String, String> conf) {
        String location = file.text("checkpointLocation");
        boolean needed = !TEMPORARY_CHECKPOINT.contains(sink.format().toLowerCase(Locale.ROOT));
        if ((location == null || location.isBlank()) && needed && !conf.containsKey(DEFAULT_CHECKPOINT_CONF)) {
            throw new TidemarkException(
                    ErrorCode.MISSING_CHECKPOINT_LOCATION,
                    origin + ": 'checkpointLocation' is missing. Name a directory of this query's own, where it keeps"
                            + " what it has read and committed.");
        }
        return location;
    }
}
