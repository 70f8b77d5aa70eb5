package io.tidemark.ops.drill.retention;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The matrix as a page: a row for each event, a column for each setting and phase, a colour for how it ended. */
final class MatrixPage {
    private static final String STYLE =
            """
            body{font:14px/1.4 system-ui,sans-serif;margin:24px;color:#1c2430}
            table{border-collapse:collapse;margin:12px 0 24px}
            th,td{border:1px solid #d4d9e0;padding:4px 6px;text-align:center}
            th{background:#f2f4f7;font-weight:600} th.e{text-align:left;font-weight:400}
            td{min-width:2.2em} .loss{background:#cfe5ff} .same{background:#d5f2d8} .stop{background:#ffe9bf}
            .bad{background:#f6b3b3;font-weight:700} .no{background:#eceef1;color:#98a1ad}
            .k{display:inline-block;padding:2px 8px;margin-right:8px;border:1px solid #d4d9e0}
            li{margin:2px 0} code{background:#f2f4f7;padding:1px 4px}
            """;

    private MatrixPage() {}

    static String html(RetentionDrill.Played played) {
        Map<String, List<CellResult>> results = new TreeMap<>();
        played.results().forEach(r -> results.computeIfAbsent(r.cell(), c -> new ArrayList<>())
                .add(r));
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.append("<title>Source loss</title><style>").append(STYLE).append("</style></head><body>");
        page.append(String.format(
                Locale.ROOT,
                "<h1>Source loss</h1><p>%,d cells played in %.0f s from seed %d, %d of them not as they should be. %d"
                        + " cells of the matrix cannot exist.</p>",
                played.results().size(),
                played.report().seconds(),
                played.report().seed(),
                played.results().stream().filter(r -> !r.isAsExpected()).count(),
                played.impossible().size()));
        page.append("<p><span class=\"k same\">goes on, nothing lost</span><span class=\"k loss\">goes on, loss in the"
                + " ledger</span><span class=\"k stop\">refuses</span><span class=\"k bad\">not as it should be</span>"
                + "<span class=\"k no\">cannot exist</span></p>");
        matrix(page, results);
        violations(page, played);
        return page.append("</body></html>\n").toString();
    }

    private static void matrix(StringBuilder page, Map<String, List<CellResult>> results) {
        page.append("<table><tr><th rowspan=\"3\">event</th>");
        for (String fail : List.of("true", "false")) {
            page.append("<th colspan=\"10\">failOnDataLoss=").append(fail).append("</th>");
        }
        page.append("</tr><tr>");
        for (int i = 0; i < 2; i++) {
            page.append("<th colspan=\"5\">read_uncommitted</th><th colspan=\"5\">read_committed</th>");
        }
        page.append("</tr><tr>");
        for (int i = 0; i < 4; i++) {
            for (Phase phase : Phase.values()) {
                page.append("<th title=\"")
                        .append(phase.words())
                        .append("\">")
                        .append(phase)
                        .append("</th>");
            }
        }
        page.append("</tr>");
        for (boolean retention : new boolean[] {false, true}) {
            for (LossEvent event : LossEvent.values()) {
                if (retention && Cell.byRetention().stream().noneMatch(c -> c.event() == event)) {
                    continue;
                }
                page.append("<tr><th class=\"e\">")
                        .append(escape(event.words()))
                        .append(retention ? ", by <code>retention.ms</code>" : "")
                        .append("</th>");
                for (boolean fail : new boolean[] {true, false}) {
                    for (boolean committed : new boolean[] {false, true}) {
                        for (Phase phase : Phase.values()) {
                            String cell = new Cell(event, fail, committed, phase, retention).text();
                            page.append(cell(event.impossible(phase).orElse(""), results.get(cell), cell));
                        }
                    }
                }
                page.append("</tr>");
            }
        }
        page.append("</table><table><tr><th>no loss, and never taken for one</th><th></th></tr>");
        for (NotLoss other : NotLoss.values()) {
            page.append("<tr><th class=\"e\">").append(escape(other.words())).append("</th>");
            page.append(cell("", results.get(other.text()), other.text())).append("</tr>");
        }
        page.append("</table>");
    }

    private static String cell(
            String impossible, @org.jspecify.annotations.Nullable List<CellResult> results, String cell) {
        if (!impossible.isEmpty()) {
            return "<td class=\"no\" title=\"" + escape(impossible) + "\">–</td>";
        }
        if (results == null) {
            return "<td title=\"not played\"></td>";
        }
        long good = results.stream().filter(CellResult::isAsExpected).count();
        String expected = results.get(0).expected();
        String style = good < results.size()
                ? "bad"
                : expected.contains("ledger") ? "loss" : expected.startsWith("every") ? "same" : "stop";
        String count = results.size() == 1 ? (good == 1 ? "✓" : "✗") : good + "/" + results.size();
        return "<td class=\"" + style + "\" title=\"" + escape(cell + ": " + expected) + "\">" + count + "</td>";
    }

    private static void violations(StringBuilder page, RetentionDrill.Played played) {
        if (played.report().violations().isEmpty()) {
            return;
        }
        page.append("<h2>Not as they should be</h2><ul>");
        played.report().violations().forEach(v -> page.append("<li>")
                .append(escape(v.what()))
                .append("<br><code>ops/tidemark drill ")
                .append(escape(v.replay()))
                .append("</code></li>"));
        page.append("</ul>");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
