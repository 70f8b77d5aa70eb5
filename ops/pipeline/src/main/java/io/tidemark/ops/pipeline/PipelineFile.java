package io.tidemark.ops.pipeline;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.SettingNames;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.streaming.Trigger;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline: what to read, how to transform it, where to write it. Checked in form; whether its SQL and options make
 * sense shows when it is built.
 *
 * @param origin the file's name as the user gave it
 * @param name the query's name
 * @param views in the order in which they are defined
 * @param checkpointLocation as written, or null where the sink can do without one
 * @param conf session settings
 */
public record PipelineFile(
        String origin,
        String name,
        List<Source> sources,
        List<View> views,
        SqlText sql,
        Sink sink,
        OutputMode outputMode,
        Trigger trigger,
        @Nullable String checkpointLocation,
        SortedMap<String, String> conf) {
    public PipelineFile {
        sources = List.copyOf(sources);
        views = List.copyOf(views);
        conf = Collections.unmodifiableSortedMap(new TreeMap<>(conf));
    }

    /** Shows the values of settings only that are known to be no secrets. */
    @Override
    public String toString() {
        return "PipelineFile[" + origin + ", " + name + ", " + sources + ", " + sink + ", conf "
                + SettingNames.STANDARD.print(conf) + "]";
    }

    /**
     * A stream to read, which becomes a view.
     *
     * @param schema a table definition for formats that need one, or null
     * @param path where to read for formats that have a path, or null
     */
    public record Source(
            String name,
            String format,
            @Nullable String schema,
            @Nullable String path,
            SortedMap<String, String> options,
            Place place) {
        public Source {
            options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        }

        /** Names the options only: their values may be secrets. */
        @Override
        public String toString() {
            return "Source[" + name + ", " + format + ", options " + options.keySet() + "]";
        }
    }

    /**
     * A named query over sources and earlier views.
     *
     * @param watermark declared on its rows, or null
     * @param deduplication what is kept of the rows after that, or null for all
     */
    public record View(
            String name, SqlText sql, @Nullable Watermark watermark, @Nullable Deduplication deduplication) {}

    /**
     * Keeps the first of the rows that are equal in some columns.
     *
     * @param columns all columns if empty
     * @param withinWatermark whether a row is forgotten once the watermark has passed it by the delay
     */
    public record Deduplication(List<String> columns, boolean withinWatermark, Place place) {
        public Deduplication {
            columns = List.copyOf(columns);
        }
    }

    /** How long late rows of a view are waited for. */
    public record Watermark(String column, String delay, Place place) {}

    /** Where the rows go. */
    public record Sink(
            String format,
            @Nullable String path,
            List<String> partitionBy,
            List<String> mergeKeys,
            SortedMap<String, String> options,
            Place place) {
        public Sink {
            partitionBy = List.copyOf(partitionBy);
            mergeKeys = List.copyOf(mergeKeys);
            options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        }

        /** Names the options only: their values may be secrets. */
        @Override
        public String toString() {
            return "Sink[" + format + ", " + path + ", options " + options.keySet() + "]";
        }
    }

    /**
     * Reads a file.
     *
     * @param environment where variables are looked up
     * @param settings {@code path.to.key=value}, applied in order over the file
     * @throws TidemarkException with file, line, column, and what to write instead
     */
    public static PipelineFile read(String file, Map<String, String> environment, List<String> settings) {
        String text;
        try {
            text = Files.readString(Path.of(file));
        } catch (CharacterCodingException e) {
            throw new TidemarkException(
                    ErrorCode.FILE_NOT_READABLE, file + ": The file is not UTF-8 text. Save it as UTF-8.", e);
        } catch (IOException | InvalidPathException e) {
            String why = e instanceof NoSuchFileException
                    ? "There is no such file"
                    : isFolder(file)
                            ? "This is a folder"
                            : "The file cannot be read (" + e.getClass().getSimpleName() + ")";
            throw new TidemarkException(
                    ErrorCode.FILE_NOT_READABLE, file + ": " + why + ". Give the path of a pipeline file.", e);
        }
        return parse(file, text, environment, settings);
    }

    private static boolean isFolder(String file) {
        try {
            return Files.isDirectory(Path.of(file));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** As {@link #read}, for text that is at hand; {@code origin} names it in messages. */
    public static PipelineFile parse(
            String origin, String text, Map<String, String> environment, List<String> settings) {
        YamlNode changed = Overrides.apply(YamlReader.read(origin, text), settings);
        return new PipelineParser(origin).parse(new Variables(environment).fill(changed));
    }

    /** Returns this pipeline with another trigger. */
    public PipelineFile withTrigger(Trigger other) {
        return new PipelineFile(origin, name, sources, views, sql, sink, outputMode, other, checkpointLocation, conf);
    }

    /**
     * Reads a trigger as the command line spells it: {@code available-now}, {@code once} or an interval.
     *
     * @throws TidemarkException if it is none of them
     */
    public static Trigger triggerOf(String text) {
        return switch (text) {
            case "available-now" -> Trigger.AvailableNow();
            case "once" -> Trigger.Once();
            default -> {
                try {
                    yield Trigger.ProcessingTime(text);
                } catch (RuntimeException e) {
                    throw new TidemarkException(
                            ErrorCode.COMMAND_LINE,
                            "--trigger cannot be '" + text
                                    + "'. Use available-now, once, or an interval such as \"30 seconds\".",
                            e);
                }
            }
        };
    }
}
