package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads what strace tells of a real run, and finds the operations in it: every call that changes something under a
 * checkpoint or a table, in folders of these names. Made with {@link #STRACE}.
 */
public final class SystemCallTrace {
    /** The command that traces; the name of a file for its output comes next, then what is to be traced. */
    public static final List<String> STRACE = List.of(
            "strace",
            "-f",
            "-y",
            "-s",
            "0",
            "-e",
            "trace=open,openat,creat,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,sync_file_range,link,linkat,"
                    + "symlink,symlinkat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat",
            "-o");

    private static final Pattern CALL = Pattern.compile("^\\d+\\s+(\\w+)\\((.*)$");
    private static final Pattern OF_DESCRIPTOR = Pattern.compile("^\\d+<([^>]*)>.*");
    private static final Pattern NAME = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern FAILED = Pattern.compile(".*\\) += -1 E.*");
    private static final Pattern PLACE = Pattern.compile(".*/(checkpoint|table)(/.*)?");

    private SystemCallTrace() {}

    /** Returns the operations in the lines of a trace, as the drill names those of its simulated storage. */
    public static SortedSet<String> operations(Stream<String> lines) {
        TreeSet<String> operations = new TreeSet<>();
        lines.forEach(line -> operation(line).ifPresent(operations::add));
        return operations;
    }

    private static Optional<String> operation(String line) {
        Matcher call = CALL.matcher(line);
        if (!call.matches() || FAILED.matcher(line).matches()) {
            return Optional.empty();
        }
        String arguments = call.group(2);
        return switch (call.group(1)) {
            case "open", "openat", "creat" ->
                arguments.contains("O_CREAT") || call.group(1).equals("creat")
                        ? site("open", name(arguments, 0))
                        : Optional.empty();
            case "write", "pwrite64", "writev", "pwritev" -> site("write", descriptor(arguments));
            case "ftruncate" -> site("ftruncate", descriptor(arguments));
            case "fsync", "fdatasync", "sync_file_range" -> site("fsync", descriptor(arguments));
            case "link", "linkat" -> site("link", name(arguments, 1));
            case "symlink", "symlinkat" -> site("symlink", name(arguments, 1));
            case "rename", "renameat", "renameat2" -> site("rename", name(arguments, 1));
            case "unlink" -> site("unlink", name(arguments, 0));
            case "unlinkat" -> site(arguments.contains("AT_REMOVEDIR") ? "rmdir" : "unlink", name(arguments, 0));
            case "rmdir" -> site("rmdir", name(arguments, 0));
            case "mkdir", "mkdirat" -> site("mkdir", name(arguments, 0));
            default -> Optional.empty();
        };
    }

    private static Optional<String> site(String call, Optional<String> path) {
        return path.filter(p -> PLACE.matcher(p).matches()).map(p -> new Call(0, call, p, -1).site());
    }

    private static Optional<String> descriptor(String arguments) {
        Matcher descriptor = OF_DESCRIPTOR.matcher(arguments);
        return descriptor.matches() ? Optional.of(descriptor.group(1)) : Optional.empty();
    }

    private static Optional<String> name(String arguments, int index) {
        List<String> names = new ArrayList<>();
        Matcher name = NAME.matcher(arguments);
        while (name.find()) {
            names.add(name.group(1));
        }
        return index < names.size() ? Optional.of(names.get(index)) : Optional.empty();
    }
}
