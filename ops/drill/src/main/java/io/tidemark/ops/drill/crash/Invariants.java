package io.tidemark.ops.drill.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/** What must hold of a query's files, compared with the input and with an undisturbed run. */
final class Invariants {
    private static final int SPARE_FILES = 12; // a purge that a crash forestalled is made up for one round later

    private Invariants() {}

    /**
     * Returns what does not hold of a run that came to its end.
     *
     * @param expected rows of the table
     */
    static List<Finding> check(Observation seen, List<String> expected) {
        List<Finding> findings = new ArrayList<>();
        rows(seen, expected, findings);
        noHoles(seen, findings);
        rising("offsets", seen.planned(), findings);
        rising("commits", seen.committed(), findings);
        ranges(seen, findings);
        epochs(seen, findings);
        return findings;
    }

    /**
     * Returns what differs though batches had the same input.
     *
     * @param undisturbed what stands after the same input where nothing went wrong
     */
    static List<Finding> compare(Observation seen, Observation undisturbed) {
        List<Finding> findings = new ArrayList<>();
        state(seen, undisturbed, findings);
        watermarks(seen, undisturbed, findings);
        return findings;
    }

    /** Returns which files of crashed lives are still there though later batches had the time to remove them. */
    static List<Finding> remnants(Observation seen) {
        List<Finding> findings = new ArrayList<>();
        if (!seen.remnants().isEmpty()) {
            findings.add(new Finding("I10", "left for ever: " + some(seen.remnants())));
        }
        List<String> strays = new ArrayList<>(seen.table().strays());
        strays.remove(Neighbour.FILE);
        if (!strays.isEmpty()) {
            findings.add(new Finding("I10", "data files that no version names: " + some(strays)));
        }
        return findings;
    }

    /** Returns whether more files are kept than where nothing went wrong, once later batches had the time to remove some. */
    static List<Finding> kept(Observation seen, Observation undisturbed) {
        List<Finding> findings = new ArrayList<>();
        if (seen.fileCount() > undisturbed.fileCount() + SPARE_FILES) {
            findings.add(new Finding(
                    "I10",
                    seen.fileCount() + " files, where an undisturbed run has " + undisturbed.fileCount() + ": "
                            + seen.files() + ", there " + undisturbed.files()));
        }
        return findings;
    }

    private static void rows(Observation seen, List<String> expected, List<Finding> findings) {
        List<String> rows = seen.table().rows();
        if (!rows.equals(expected)) {
            List<String> lost = new ArrayList<>(expected);
            rows.forEach(lost::remove);
            List<String> extra = new ArrayList<>(rows);
            expected.forEach(extra::remove);
            findings.add(new Finding(
                    "I1",
                    lost.size() + " rows lost " + some(lost) + ", " + extra.size() + " rows too many " + some(extra)));
        }
    }

    private static void noHoles(Observation seen, List<Finding> findings) {
        seen.table().problems().forEach(problem -> findings.add(new Finding("I2", problem)));
        List<TableLog.Commit> commits = seen.table().commits();
        TreeSet<String> queries = new TreeSet<>();
        for (int i = 0; i < commits.size(); i++) {
            queries.add(commits.get(i).queryId());
            if (commits.get(i).batchId() != i) {
                findings.add(new Finding(
                        "I2",
                        "the table's commit " + i + " is batch "
                                + commits.get(i).batchId()));
                break;
            }
        }
        if (queries.size() > 1) {
            findings.add(new Finding("I2", "the table has batches of " + queries.size() + " queries"));
        }
        long held = commits.isEmpty() ? -1 : commits.get(commits.size() - 1).batchId();
        if (held != seen.newestCommit()) {
            findings.add(
                    new Finding("I2", "the table holds batch " + held + ", commits/ ends at " + seen.newestCommit()));
        }
        if (!seen.planned().isEmpty() && seen.planned().lastKey() != seen.newestCommit()) {
            findings.add(new Finding(
                    "I2",
                    "offsets/ ends at " + seen.planned().lastKey() + ", commits/ at " + seen.newestCommit()
                            + " though the run came to its end"));
        }
        dense("offsets", seen.planned(), findings);
        dense("commits", seen.committed(), findings);
    }

    private static void dense(String log, SortedMap<Long, Long> entries, List<Finding> findings) {
        if (!entries.isEmpty() && entries.lastKey() - entries.firstKey() + 1 != entries.size()) {
            findings.add(new Finding("I2", log + "/ has a gap: " + entries.keySet()));
        }
    }

    private static void state(Observation seen, Observation undisturbed, List<Finding> findings) {
        long newest = seen.newestCommit() + 1;
        undisturbed.changelogs().forEach((path, checksum) -> {
            Long found = seen.changelogs().get(path);
            if (found != null && !found.equals(checksum)) {
                findings.add(new Finding("I3", path + " differs from an undisturbed run's"));
            } else if (found == null && path.endsWith("/" + newest + ".changelog")) {
                findings.add(new Finding("I3", path + " is missing"));
            }
        });
    }

    private static void watermarks(Observation seen, Observation undisturbed, List<Finding> findings) {
        same("offsets", seen.planned(), undisturbed.planned(), findings);
        same("commits", seen.committed(), undisturbed.committed(), findings);
        if (seen.newestCommit() != undisturbed.newestCommit()) {
            findings.add(new Finding(
                    "I12",
                    "commits/ ends at " + seen.newestCommit() + ", an undisturbed run's at "
                            + undisturbed.newestCommit()));
        }
    }

    private static void rising(String log, SortedMap<Long, Long> watermarks, List<Finding> findings) {
        long before = Long.MIN_VALUE;
        for (Map.Entry<Long, Long> entry : watermarks.entrySet()) {
            if (entry.getValue() < before) {
                findings.add(new Finding("I4", "the watermark goes back in " + log + "/" + entry.getKey()));
            }
            before = entry.getValue();
        }
    }

    private static void same(
            String log, SortedMap<Long, Long> seen, SortedMap<Long, Long> undisturbed, List<Finding> findings) {
        seen.forEach((batch, watermark) -> {
            Long other = undisturbed.get(batch);
            if (other != null && !other.equals(watermark)) {
                findings.add(new Finding(
                        "I4",
                        "the watermark of " + log + "/" + batch + " is " + watermark + ", an undisturbed run's "
                                + other));
            }
        });
    }

    private static void ranges(Observation seen, List<Finding> findings) {
        List<TableLog.Commit> commits = seen.table().commits();
        for (int i = 1; i < commits.size(); i++) {
            if (!commits.get(i).start().equals(commits.get(i - 1).end())) {
                findings.add(new Finding(
                        "I5",
                        "batch " + i + " starts at " + commits.get(i).start() + ", the one before ended at "
                                + commits.get(i - 1).end()));
            }
        }
        for (TableLog.Commit commit : commits) {
            String planned = seen.ends().get(commit.batchId());
            if (planned != null && !commit.end().isEmpty() && !planned.equals(commit.end())) {
                findings.add(new Finding(
                        "I5",
                        "batch " + commit.batchId() + " ends at " + commit.end() + " in the table, at " + planned
                                + " in offsets/"));
            }
        }
    }

    private static void epochs(Observation seen, List<Finding> findings) {
        long before = -1;
        for (TableLog.Commit commit : seen.table().commits()) {
            if (commit.epoch() < before) {
                findings.add(new Finding(
                        "I6",
                        "epoch " + commit.epoch() + " wrote batch " + commit.batchId() + " after epoch " + before));
            }
            before = commit.epoch();
        }
        long newest =
                seen.epochs().isEmpty() ? -1 : seen.epochs().get(seen.epochs().size() - 1);
        if (before > newest) {
            findings.add(new Finding("I6", "the table knows epoch " + before + ", the checkpoint only " + newest));
        }
    }

    private static String some(List<String> things) {
        return things.size() <= 3 ? things.toString() : things.subList(0, 3) + " and " + (things.size() - 3) + " more";
    }
}
