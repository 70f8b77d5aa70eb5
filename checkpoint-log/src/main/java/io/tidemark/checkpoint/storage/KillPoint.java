package io.tidemark.checkpoint.storage;

import io.tidemark.checkpoint.storage.LocalDisk.LocalFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process, as {@code kill -9} would, at one chosen storage operation, or stops it there, as {@code kill -STOP}
 * would. Part of the release so that a drill can crash the real program, and can take over from it. Set by the system
 * property {@code tidemark.killAt} or the environment variable {@code TIDEMARK_KILL_AT}, and the exit code is 137; or by
 * {@code tidemark.stopAt} or {@code TIDEMARK_STOP_AT}, and {@code kill -CONT} lets it go on where it stood.
 *
 * <pre>
 * spec      = phase ":" operation ":" glob [ ":" nth ]
 * phase     = "before"   nothing of the operation has happened
 *           | "during"   createExclusive, publish, replace, link, move: the target has its name, the temporary name
 *                        still stands, the directory is not synced; other operations and storages: as after
 *           | "torn"     createExclusive, publish, replace: half of the content stands in the temporary file, under no
 *                        other name; other operations and storages: as before. Not to stop at
 *           | "after"    the operation is done and durable, its caller has not heard of it
 * operation = "createExclusive" | "replace" | "publish" | "link" | "move" | "delete" | "deleteRecursively"
 *           | "makeDirectories" | "lock" | "any"
 * glob      = what the whole path must match: "*" any characters but "/", "**" any characters, "?" one but "/"
 * nth       = which match, from 1, counted over the life of the process; 1 if it is left out
 * </pre>
 *
 * {@code publish} is the last step of a streamed file ({@link io.tidemark.api.storage.StorageOutput#publish}); {@code
 * move} is matched by its target. Example: {@code during:createExclusive:**}{@code /offsets/*:3}.
 */
public final class KillPoint {
    /** The system property that sets a kill point. */
    public static final String PROPERTY = "tidemark.killAt";

    /** The environment variable that sets a kill point, if the property does not. */
    public static final String VARIABLE = "TIDEMARK_KILL_AT";

    /** The system property that sets a point to stop at. */
    public static final String STOP_PROPERTY = "tidemark.stopAt";

    /** The environment variable that sets a point to stop at, if the property does not. */
    public static final String STOP_VARIABLE = "TIDEMARK_STOP_AT";

    private static final int EXIT_CODE = 137;

    private final Action action;
    private final Phase phase;
    private final @Nullable StorageOperation operation; // null: any
    private final Pattern path;
    private final long nth;
    private final AtomicLong matches = new AtomicLong();
    private final ThreadLocal<Boolean> armed = ThreadLocal.withInitial(() -> false);

    private KillPoint(Action action, Phase phase, @Nullable StorageOperation operation, Pattern path, long nth) {
        this.action = action;
        this.phase = phase;
        this.operation = operation;
        this.path = path;
        this.nth = nth;
    }

    /** Returns the point that is set for this process, if any; one to end it goes before one to stop it. */
    public static Optional<KillPoint> ofProcess() {
        String kill = System.getProperty(PROPERTY, System.getenv().getOrDefault(VARIABLE, ""));
        if (!kill.isBlank()) {
            return Optional.of(parse(kill));
        }
        String stop = System.getProperty(STOP_PROPERTY, System.getenv().getOrDefault(STOP_VARIABLE, ""));
        return stop.isBlank() ? Optional.empty() : Optional.of(parseStop(stop));
    }

    /**
     * Parses a point to stop at.
     *
     * @throws IllegalArgumentException if {@code spec} does not follow the grammar, or tears a file
     */
    public static KillPoint parseStop(String spec) {
        KillPoint point = parse(spec, KillPoint::stop);
        if (point.phase == Phase.TORN) {
            throw new IllegalArgumentException("a process that goes on tears nothing: '" + spec + "'");
        }
        return point;
    }

    /**
     * Parses a kill point.
     *
     * @throws IllegalArgumentException if {@code spec} does not follow the grammar
     */
    public static KillPoint parse(String spec) {
        return parse(spec, KillPoint::halt);
    }

    /** As {@link #parse(String)}, with what is to happen there. */
    static KillPoint parse(String spec, Action action) {
        int first = spec.indexOf(':');
        int second = spec.indexOf(':', first + 1);
        if (first < 0 || second < 0) {
            throw new IllegalArgumentException("a kill point is phase:operation:glob[:nth], not '" + spec + "'");
        }
        String glob = spec.substring(second + 1);
        long nth = 1;
        int last = glob.lastIndexOf(':');
        if (last >= 0 && glob.substring(last + 1).matches("[1-9][0-9]{0,17}")) {
            nth = Long.parseLong(glob.substring(last + 1));
            glob = glob.substring(0, last);
        }
        String operation = spec.substring(first + 1, second);
        return new KillPoint(
                action,
                Phase.parse(spec.substring(0, first)),
                operation.equals("any") ? null : StorageOperation.parse(operation),
                pattern(glob),
                nth);
    }

    /** Called at the start of an operation. */
    void enter(StorageOperation now, String target) {
        armed.set(false);
        if ((operation != null && operation != now) || !path.matcher(target).matches()) {
            return;
        }
        if (matches.incrementAndGet() == nth) {
            boolean hasInside = now == StorageOperation.CREATE_EXCLUSIVE
                    || now == StorageOperation.REPLACE
                    || now == StorageOperation.PUBLISH;
            if (phase == Phase.BEFORE || (phase == Phase.TORN && !hasInside)) {
                action.run();
                return; // a process that goes on has been there
            }
            armed.set(true);
        }
    }

    /** Called at the end of an operation that did not fail. */
    void leave() {
        if (armed.get()) {
            armed.set(false);
            action.run();
        }
    }

    /** Returns what the local storage calls from the inside of an operation. */
    PublishHook hook() {
        return new PublishHook() {
            @Override
            public void written(StorageOperation now, String target, LocalFile temporary, long length)
                    throws IOException {
                if (phase == Phase.TORN && armed.get()) {
                    temporary.truncate(length / 2);
                    action.run();
                }
            }

            @Override
            public void named(StorageOperation now, String target) {
                if (phase == Phase.DURING && armed.get()) {
                    armed.set(false);
                    action.run();
                }
            }
        };
    }

    private static void halt() {
        Runtime.getRuntime().halt(EXIT_CODE); // no shutdown hooks, no flush: what a kill leaves
    }

    /** Returns once another process has let this one go on. */
    private static void stop() {
        String self = Long.toString(ProcessHandle.current().pid());
        try {
            new ProcessBuilder("kill", "-STOP", self).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("process " + self + " cannot be stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What happens at the point. */
    interface Action {
        void run();
    }

    static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*' && i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private enum Phase {
        BEFORE,
        DURING,
        TORN,
        AFTER;

        static Phase parse(String text) {
            for (Phase phase : values()) {
                if (phase.name().equalsIgnoreCase(text)) {
                    return phase;
                }
            }
            throw new IllegalArgumentException("no phase of a kill point is called '" + text + "'");
        }
    }
}
