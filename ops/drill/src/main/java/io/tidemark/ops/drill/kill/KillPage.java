package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.RecoveryWindow;
import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws where processes died and how long their successors took: a page of HTML with plots as SVG, without scripts. */
final class KillPage {
    private static final int LABEL = 150;
    private static final int WIDTH = 760;
    private static final int ROW = 24;

    private KillPage() {}

    /** A bar: one part after the other, and what stands behind it. */
    private record Bar(String label, int first, int second, String text) {}

    static String of(DrillReport report, Deaths deaths, Recoveries recoveries) {
        return String.format(
                Locale.ROOT,
                """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Kill drill</title>
                <style>
                body { font: 15px/1.5 system-ui, sans-serif; max-width: 820px; margin: 2em auto; padding: 0 1em; color: #1c2733 }
                h1 { font-size: 1.5em } h2 { font-size: 1.1em; margin-top: 2em }
                svg text { font: 13px system-ui, sans-serif; fill: #1c2733 } .quiet { color: #5b6b7a }
                .a { fill: #2f6f9f } .b { fill: #9cc3de } .bad { color: #b3261e }
                .key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 1em }
                td, th { text-align: left; padding: .1em 1.5em .1em 0 }
                </style></head><body>
                <h1>%,d kills: %s</h1>
                <p class="quiet">Seed %d, %.0f seconds. %s</p>
                <h2>Where they died</h2>
                <p class="quiet">How far the batch had come, by the files that were left.
                <span class="key" style="background:#2f6f9f"></span>at a random moment
                <span class="key" style="background:#9cc3de"></span>at a chosen operation</p>
                %s
                <p class="quiet">%,d more died before they had moved anything on.</p>
                <h2>How long until the next commit</h2>
                <p class="quiet">From the start of the next process to its first new commit: half in %,d ms, 99 of 100 in %,d ms,
                the slowest in %,d ms.</p>
                %s
                <h2>What was counted</h2>
                %s
                </body></html>
                """,
                report.cases(),
                report.isClean()
                        ? "nothing lost, nothing doubled"
                        : "<span class=\"bad\">a promise did not hold</span>",
                report.seed(),
                report.seconds(),
                violations(report.violations()),
                plot(windows(deaths)),
                deaths.beforeAnything(),
                recoveries.percentile(0.5),
                recoveries.percentile(0.99),
                recoveries.percentile(1),
                plot(times(recoveries)),
                table(report.details()));
    }

    private static String violations(List<Violation> violations) {
        StringBuilder text = new StringBuilder();
        for (Violation violation : violations) {
            text.append("<br><span class=\"bad\">")
                    .append(escape(violation.promise() + ": " + violation.what()))
                    .append("</span>");
        }
        return text.toString();
    }

    private static List<Bar> windows(Deaths deaths) {
        List<Bar> bars = new ArrayList<>();
        for (RecoveryWindow window : RecoveryWindow.values()) {
            bars.add(new Bar(
                    window + "",
                    deaths.byChance(window),
                    deaths.byForce(window),
                    deaths.seen(window) + "  " + window.meaning()));
        }
        return bars;
    }

    private static List<Bar> times(Recoveries recoveries) {
        List<Bar> bars = new ArrayList<>();
        recoveries.histogram().forEach((name, count) -> bars.add(new Bar(name, count, 0, Integer.toString(count))));
        return bars;
    }

    /** Half of the width is for the longest bar, so that words have room behind it. */
    private static String plot(List<Bar> bars) {
        int most = Math.max(
                1, bars.stream().mapToInt(bar -> bar.first + bar.second).max().orElse(1));
        double unit = (WIDTH - LABEL) * 0.42 / most;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %d %d\" width=\"%1$d\" height=\"%2$d\" role=\"img\">%n",
                WIDTH,
                bars.size() * ROW));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            double first = bar.first * unit;
            double second = bar.second * unit;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                            + "<rect class=\"a\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                            + "<rect class=\"b\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>"
                            + "<text x=\"%.1f\" y=\"%d\">%s</text>%n",
                    LABEL - 10,
                    i * ROW + 16,
                    escape(bar.label),
                    LABEL,
                    i * ROW + 3,
                    first,
                    ROW - 6,
                    LABEL + first,
                    i * ROW + 3,
                    second,
                    ROW - 6,
                    LABEL + first + second + 8,
                    i * ROW + 16,
                    escape(bar.text)));
        }
        return svg.append("</svg>").toString();
    }

    private static String table(Map<String, Object> details) {
        StringBuilder table = new StringBuilder("<table>\n");
        for (String name : List.of("queries", "disturbances")) {
            if (details.get(name) instanceof Map<?, ?> values) {
                values.forEach((key, value) -> table.append("<tr><td>")
                        .append(escape(String.valueOf(key)))
                        .append("</td><td>")
                        .append(escape(String.valueOf(value).replace("{", "").replace("}", "")))
                        .append("</td></tr>\n"));
            }
        }
        return table.append("</table>").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
