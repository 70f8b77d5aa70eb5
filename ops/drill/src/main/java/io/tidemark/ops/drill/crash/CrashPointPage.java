package io.tidemark.ops.drill.crash;

import io.tidemark.ops.drill.crash.storage.StorageModel;
import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Draws a report of {@link CrashPointDrill} as one HTML file: shapes against storage models, then what broke. */
public final class CrashPointPage {
    private static final String HEAD =
            """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Crash points</title><style>
            body { font: 15px/1.45 system-ui, sans-serif; color: #1d2733; margin: 2.5rem auto; max-width: 62rem; padding: 0 1rem }
            h1 { font-size: 1.5rem; margin-bottom: .2rem } h2 { font-size: 1.1rem; margin-top: 2rem }
            p.lead { color: #52606d; margin-top: 0 }
            table { border-collapse: separate; border-spacing: 3px; width: 100% }
            th { text-align: left; font-weight: 600; padding: .35rem .6rem } thead th { color: #52606d }
            td { padding: .55rem .6rem; text-align: right; border-radius: 4px; font-variant-numeric: tabular-nums }
            td.held { background: #dff3e4 } td.broke { background: #f9d3d0; font-weight: 600 } td.none { background: #eef1f4; color: #7b8794 }
            code { font-size: .85em; background: #f2f4f7; padding: .1em .3em; border-radius: 3px; word-break: break-all }
            li { margin: .5rem 0 } dl { display: grid; grid-template-columns: max-content auto; gap: .2rem 1rem }
            dt { color: #52606d } dd { margin: 0 }
            </style></head><body>
            """;

    private CrashPointPage() {}

    /** Writes the page to {@code file}, in place of what is there. */
    public static void write(DrillReport report, Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, html(report));
    }

    static String html(DrillReport report) {
        StringBuilder out = new StringBuilder(HEAD).append("<h1>Crash points</h1>");
        out.append(String.format(
                Locale.ROOT,
                "<p class=lead>%,d cases at %,d operations, %,d violations, %d operations never crashed; seed %d, %.0f"
                        + " s</p>",
                report.cases(),
                report.operations(),
                report.violations().size(),
                report.neverCrashed().size(),
                report.seed(),
                report.seconds()));
        matrix(report, out);
        out.append("<h2>Cases by variant</h2><dl>");
        counts(report, "casesByVariant").forEach((variant, count) -> fact(out, variant, count));
        out.append("</dl><h2>Besides</h2><dl>");
        for (String name : new String[] {"casesDisturbedTwice", "casesRun", "distinctImages", "slowestCaseMillis"}) {
            fact(out, name, report.details().getOrDefault(name, 0));
        }
        out.append("</dl>");
        if (!report.neverCrashed().isEmpty()) {
            out.append("<h2>Never crashed</h2><ul>");
            report.neverCrashed()
                    .forEach(site ->
                            out.append("<li><code>").append(escaped(site)).append("</code></li>"));
            out.append("</ul>");
        }
        if (!report.violations().isEmpty()) {
            out.append("<h2>Violations</h2><ol>");
            report.violations().stream().limit(200).forEach(v -> violation(out, v));
            out.append("</ol>");
        }
        return out.append("</body></html>\n").toString();
    }

    private static void matrix(DrillReport report, StringBuilder out) {
        Map<?, ?> cases = counts(report, "casesByShapeAndModel");
        Map<?, ?> broken = counts(report, "violationsByShapeAndModel");
        out.append("<table><thead><tr><th></th>");
        for (StorageModel model : StorageModel.values()) {
            out.append("<th>").append(model.text()).append("</th>");
        }
        out.append("</tr></thead><tbody>");
        for (String shape : CrashPointDrill.shapes()) {
            out.append("<tr><th>").append(shape).append("</th>");
            for (StorageModel model : StorageModel.values()) {
                long count = count(cases, shape, model);
                long violations = count(broken, shape, model);
                out.append(String.format(
                        Locale.ROOT,
                        "<td class=%s>%,d%s</td>",
                        count == 0 ? "none" : violations == 0 ? "held" : "broke",
                        count,
                        violations == 0 ? "" : String.format(Locale.ROOT, "<br>%,d violations", violations)));
            }
            out.append("</tr>");
        }
        out.append("</tbody></table>");
    }

    private static long count(Map<?, ?> matrix, String shape, StorageModel model) {
        return matrix.get(shape) instanceof Map<?, ?> row && row.get(model.text()) instanceof Number count
                ? count.longValue()
                : 0;
    }

    private static Map<?, ?> counts(DrillReport report, String name) {
        return report.details().get(name) instanceof Map<?, ?> counts ? counts : Map.of();
    }

    private static void fact(StringBuilder out, Object name, Object value) {
        out.append("<dt>").append(escaped(String.valueOf(name))).append("</dt><dd>");
        out.append(value instanceof Number n ? String.format(Locale.ROOT, "%,d", n.longValue()) : escaped("" + value));
        out.append("</dd>");
    }

    private static void violation(StringBuilder out, Violation violation) {
        out.append("<li><b>").append(escaped(violation.promise())).append("</b> ");
        out.append(escaped(violation.what())).append("<br><code>ops/tidemark drill ");
        out.append(escaped(violation.replay())).append("</code></li>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
