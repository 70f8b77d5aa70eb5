package io.tidemark.ops.drill.crash.storage;

import java.util.regex.Pattern;

/** Takes out of a call what differs between runs. */
final class Sites {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private Sites() {}

    static String of(String call, String path) {
        int checkpoint = path.indexOf("/checkpoint");
        int table = path.indexOf("/table");
        int from = checkpoint >= 0 ? checkpoint : Math.max(table, 0);
        String name = UUID.matcher(path.substring(from)).replaceAll("U");
        return call + " " + NUMBER.matcher(name).replaceAll("N").replaceFirst("^/", "");
    }
}
