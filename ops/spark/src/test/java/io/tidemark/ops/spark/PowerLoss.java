package io.tidemark.ops.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the loss of power takes from the files that one run wrote, by a trace of its syncs: contents that no {@code fsync}
 * covered, and names in directories that were not synced after they got them.
 */
final class PowerLoss {
    private static final Pattern SYNC = Pattern.compile("(?:fsync|fdatasync)\\(\\d+<([^>]*)>\\)\\s+= 0");
    private static final Pattern NAMING =
            Pattern.compile("(?:rename|renameat2?|link|linkat)\\((?:[^\"]*)\"([^\"]*)\"(?:[^\"]*)\"([^\"]*)\".*= 0");

    private final Set<Path> written;
    private final Set<Path> withBytes = new TreeSet<>();
    private final Set<Path> withNames = new TreeSet<>();

    /**
     * Reads a trace.
     *
     * @param written the files that the run made
     */
    PowerLoss(Collection<Path> written, Path trace) throws IOException {
        this.written = new TreeSet<>(written);
        Set<Path> synced = new HashSet<>();
        List<String> calls = joined(Files.readAllLines(trace));
        Set<Path> pendingNames = new HashSet<>(written);
        for (String line : calls) { // these get their names while we watch
            Matcher naming = NAMING.matcher(line);
            if (naming.find()) {
                pendingNames.remove(Path.of(naming.group(2)));
            }
        }
        for (String line : calls) {
            Matcher sync = SYNC.matcher(line);
            Matcher naming = NAMING.matcher(line);
            if (sync.find()) {
                Path path = Path.of(sync.group(1));
                synced.add(path);
                pendingNames.removeIf(
                        file -> path.equals(file.getParent()) && (withNames.add(file) || withNames.contains(file)));
            } else if (naming.find()) {
                Path source = Path.of(naming.group(1));
                Path target = Path.of(naming.group(2));
                if (synced.contains(source)) {
                    synced.add(target);
                }
                withNames.remove(target);
                pendingNames.add(target);
            }
        }
        for (Path file : this.written) {
            if (synced.contains(file)) {
                withBytes.add(file);
            }
        }
        withNames.retainAll(this.written);
    }

    /** A call that another thread interrupted stands in two lines. */
    private static List<String> joined(List<String> lines) {
        Map<String, String> unfinished = new HashMap<>();
        return lines.stream()
                .map(line -> {
                    String thread = line.replaceFirst(" .*", "");
                    int cut = line.indexOf(" <unfinished ...>");
                    int resumed = line.indexOf(" resumed>");
                    if (cut >= 0) {
                        unfinished.put(thread, line.substring(0, cut));
                        return "";
                    }
                    return resumed >= 0
                            ? unfinished.getOrDefault(thread, "") + line.substring(resumed + " resumed>".length())
                            : line;
                })
                .toList();
    }

    /** Returns the files below a folder with the time of their last change. */
    static Map<Path, Long> files(Path root) throws IOException {
        Map<Path, Long> files = new TreeMap<>();
        if (Files.isDirectory(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path file : walk.filter(Files::isRegularFile).toList()) {
                    files.put(file, Files.getLastModifiedTime(file).toMillis());
                }
            }
        }
        return files;
    }

    /** Returns how many files the run wrote, and how many of them it synced. */
    String summary() {
        return written.size() + " files written, bytes of " + withBytes.size() + " and names of " + withNames.size()
                + " synced";
    }

    /** Names stay, bytes that were not synced are gone: files without content. */
    void loseBytes() throws IOException {
        for (Path file : written) {
            if (!withBytes.contains(file)) {
                Files.write(file, new byte[0]);
            }
        }
    }

    /** Everything below {@code root} that was not synced, bytes and name, is gone. */
    void loseFiles(Path root) throws IOException {
        for (Path file : written) {
            if (file.startsWith(root) && !(withBytes.contains(file) && withNames.contains(file))) {
                Files.deleteIfExists(file);
            }
        }
    }
}
