package io.tidemark.checkpoint.storage;

import io.tidemark.checkpoint.storage.LocalDisk.LocalFile;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process, as {@code kill -9} would, at one chosen storage operation. Part of the release so that a drill can
 * crash the real program. Set by the system property {@code tidemark.killAt} or the environment variable {@code
 * TIDEMARK_KILL_AT}; the exit code is 137.
 *
 * <pre>
 * spec      = phase ":" operation ":" glob [ ":" nth ]
 * phase     = "before"   nothing of the operation has happened
 *           | "during"   createExclusive, publish, replace, link, move: the target has its name, the temporary name
 *                        still stands, the directory is not synced; other operations and storages: as after
 *           | "torn"     createExclusive, publish, replace: half of the content stands in the temporary file, under no
 *                        other name; other operations and storages: as before
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

    private static final int EXIT_CODE = 137;

    private final Phase phase;
    private final @Nullable StorageOperation operation; // null: any
    private final Pattern path;
    private final long nth;
    private final AtomicLong matches = new AtomicLong();
    private final ThreadLocal<Boolean> armed = ThreadLocal.withInitial(() -> false);

    private KillPoint(Phase phase, @Nullable StorageOperation operation, Pattern path, long nth) {
        this.phase = phase;
        this.operation = operation;
        this.path = path;
        this.nth = nth;
    }

    /** Returns the kill point that is set for this process, if any. */
    public static Optional<KillPoint> ofProcess() {
        String spec = System.getProperty(PROPERTY, System.getenv().getOrDefault(VARIABLE, ""));
        return spec.isBlank() ? Optional.empty() : Optional.of(parse(spec));
    }

    /**
     * Parses a kill point.
     *
     * @throws IllegalArgumentException if {@code spec} does not follow the grammar
     */
    public static KillPoint parse(String spec) {
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
                halt();
            }
            armed.set(true);
        }
    }

    /** Called at the end of an operation that did not fail. */
    void leave() {
        if (armed.get()) {
            halt();
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
                    halt();
                }
            }

            @Override
            public void named(StorageOperation now, String target) {
                if (phase == Phase.DURING && armed.get()) {
                    halt();
                }
            }
        };
    }

    private static void halt() {
        Runtime.getRuntime().halt(EXIT_CODE); // no shutdown hooks, no flush: what a kill leaves
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
