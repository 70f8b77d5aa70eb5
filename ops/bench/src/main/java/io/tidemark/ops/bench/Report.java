package io.tidemark.ops.bench;

import io.tidemark.ops.bench.Statistics.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What all runs came to, by workload, metric and peer. */
record Report(List<Outcome> outcomes) {
    static final String OURS = "tidemark";

    Report {
        outcomes = List.copyOf(outcomes);
    }

    List<Workload> workloads() {
        return outcomes.stream().map(Outcome::workload).distinct().toList();
    }

    List<String> peers(Workload workload) {
        return of(workload).map(Outcome::peer).distinct().toList();
    }

    List<Metric> metrics(Workload workload) {
        return of(workload)
                .flatMap(o -> o.figures().keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private Stream<Outcome> of(Workload workload) {
        return outcomes.stream().filter(o -> o.workload() == workload);
    }

    /** Returns the figures of all rounds, or nothing if there is none. */
    Optional<Spread> spread(Workload workload, String peer, Metric metric) {
        return spread(of(workload)
                .filter(o -> o.peer().equals(peer))
                .flatMap(o -> o.figure(metric).stream())
                .toList());
    }

    /** Returns how many times better Tidemark was than {@code peer} in the same round. */
    Optional<Spread> advantage(Workload workload, String peer, Metric metric) {
        List<Double> ratios = new ArrayList<>();
        of(workload).filter(o -> o.peer().equals(OURS)).forEach(ours -> of(workload)
                .filter(o -> o.peer().equals(peer) && o.round() == ours.round())
                .forEach(theirs -> {
                    if (ours.figure(metric).isPresent() && theirs.figure(metric).isPresent()) {
                        ratios.add(metric.advantage(
                                ours.figure(metric).get(), theirs.figure(metric).get()));
                    }
                }));
        return spread(ratios);
    }

    private static Optional<Spread> spread(List<Double> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /** Returns a table in Markdown for each workload: a line for each metric, a column for each peer, then the ratios. */
    String table() {
        StringBuilder text = new StringBuilder();
        for (Workload workload : workloads()) {
            table(text, workload);
        }
        List<String> failures = outcomes.stream()
                .filter(o -> o.failure() != null)
                .map(o -> o.workload().label() + ", round " + o.round() + ": " + Objects.requireNonNull(o.failure()))
                .toList();
        failures.forEach(failure ->
                text.append('\n').append(failure.lines().findFirst().orElse("")).append('\n'));
        if (!verdicts().isEmpty()) {
            text.append('\n');
            verdicts().forEach(verdict -> text.append(verdict).append('\n'));
        }
        return text.toString();
    }

    /** How the figures stand to the goals that they say something about. */
    List<Goal.Verdict> verdicts() {
        return Goal.ALL.stream().flatMap(goal -> goal.judge(this).stream()).toList();
    }

    private void table(StringBuilder text, Workload workload) {
        List<String> peers = peers(workload);
        List<String> others = peers.contains(OURS)
                ? peers.stream().filter(p -> !p.equals(OURS)).toList()
                : List.of();
        text.append("\n## ")
                .append(workload.label())
                .append(", ")
                .append(workload.title())
                .append("\n\n|");
        cell(text, "median (min to max)");
        peers.forEach(peer -> cell(text, peer));
        others.forEach(peer -> cell(text, "times better than " + peer));
        text.append("\n|")
                .append("---|".repeat(1 + peers.size() + others.size()))
                .append('\n');
        for (Metric metric : metrics(workload)) {
            text.append('|');
            cell(text, metric.title());
            peers.forEach(peer -> cell(text, spread(workload, peer, metric)));
            others.forEach(peer -> cell(text, advantage(workload, peer, metric)));
            text.append('\n');
        }
    }

    private static void cell(StringBuilder text, String content) {
        text.append(' ').append(content).append(" |");
    }

    private static void cell(StringBuilder text, Optional<Spread> spread) {
        cell(
                text,
                spread.map(s -> number(s.median()) + (s.min() == s.max() ? "" : range(s)))
                        .orElse("–"));
    }

    private static String range(Spread spread) {
        return " (" + number(spread.min()) + " to " + number(spread.max()) + ")";
    }

    /** Three digits that count, or all before the point. */
    static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
