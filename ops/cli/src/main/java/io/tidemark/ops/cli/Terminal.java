package io.tidemark.ops.cli;

import java.io.PrintStream;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a command sees of its surroundings, so that a test can own them.
 *
 * @param interactive whether a person looks at {@code err} on a terminal that can rewrite a line
 */
record Terminal(PrintStream out, PrintStream err, SortedMap<String, String> environment, boolean interactive) {
    Terminal {
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    static Terminal ofProcess() {
        Map<String, String> environment = System.getenv();
        boolean interactive = System.console() != null && !"dumb".equals(environment.get("TERM"));
        return new Terminal(System.out, System.err, new TreeMap<>(environment), interactive);
    }
}
