package io.tidemark.ops.bench;

import io.tidemark.ops.bench.Statistics.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A picture of a report as SVG: for each workload the metrics that matter most, a bar for each peer as long as its median,
 * with a line from the least to the most.
 */
final class Plot {
    private static final int WIDTH = 900;
    private static final int LABELS = 150;
    private static final int BAR = 18;
    private static final int GAP = 6;
    private static final int FIGURES = 160;
    private static final String OURS = "#0b6e99";
    private static final String CEILING = "#9a9a9a";
    private static final String THEIRS = "#d98324";
    private static final Map<Workload, List<Metric>> SHOWN = Map.of(
            Workload.W4,
            List.of(Metric.LATENCY_P50, Metric.LATENCY_P99),
            Workload.W5,
            List.of(Metric.RESTART),
            Workload.W6,
            List.of(Metric.FIRST_COMMIT),
            Workload.W7,
            List.of(Metric.CPU_SHARE, Metric.MEMORY),
            Workload.W9,
            List.of(Metric.COMMIT_P50, Metric.COMMIT_P99),
            Workload.W10,
            List.of(Metric.EARLY_P50, Metric.LATE_P50, Metric.EARLY_P99, Metric.LATE_P99));
    private static final List<Metric> SHOWN_ELSE =
            List.of(Metric.ROWS_PER_SECOND, Metric.ROWS_PER_SECOND_FROM_START, Metric.PEAK_MEMORY);

    private final StringBuilder body = new StringBuilder();
    private int y = GAP;

    private Plot() {}

    /** Returns the picture as the text of an SVG file. */
    static String of(Report report) {
        Plot plot = new Plot();
        for (Workload workload : report.workloads()) {
            plot.text(GAP, workload.label() + ", " + workload.title(), "bold 15px sans-serif");
            for (Metric metric : SHOWN.getOrDefault(workload, SHOWN_ELSE)) {
                plot.bars(report, workload, metric);
            }
            plot.y += 2 * GAP;
        }
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n%s</svg>\n",
                WIDTH,
                plot.y,
                WIDTH,
                plot.y,
                plot.body);
    }

    private record Bar(String peer, Spread spread) {}

    private void bars(Report report, Workload workload, Metric metric) {
        List<Bar> bars = new ArrayList<>();
        for (String peer : report.peers(workload)) {
            report.spread(workload, peer, metric).ifPresent(spread -> bars.add(new Bar(peer, spread)));
        }
        double most = bars.stream().mapToDouble(b -> b.spread().max()).max().orElse(0);
        if (most <= 0) {
            return;
        }
        text(GAP, metric.title(), "italic 13px sans-serif");
        for (Bar bar : bars) {
            bar(bar, (WIDTH - LABELS - FIGURES) / most);
        }
        y += GAP;
    }

    private void bar(Bar bar, double scale) {
        Spread spread = bar.spread();
        int middle = y + BAR / 2;
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" font-family=\"sans-serif\" font-size=\"13\">%s</text>\n",
                LABELS - GAP, middle + 4, bar.peer());
        add(
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                LABELS, y, spread.median() * scale, BAR - 2, color(bar.peer()));
        if (spread.max() > spread.min()) {
            add(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"black\"/>\n",
                    LABELS + spread.min() * scale, LABELS + spread.max() * scale, middle, middle);
        }
        add(
                "<text x=\"%.1f\" y=\"%d\" font-family=\"sans-serif\" font-size=\"13\">%s</text>\n",
                LABELS + spread.max() * scale + GAP, middle + 4, Report.number(spread.median()));
        y += BAR;
    }

    private static String color(String peer) {
        return peer.equals(Report.OURS) ? OURS : peer.startsWith("ceiling") ? CEILING : THEIRS;
    }

    private void text(int x, String text, String font) {
        y += BAR;
        add("<text x=\"%d\" y=\"%d\" style=\"font: %s\">%s</text>\n", x, y - GAP + 2, font, escaped(text));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values));
    }
}
