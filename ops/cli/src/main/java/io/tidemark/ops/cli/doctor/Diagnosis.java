package io.tidemark.ops.cli.doctor;

import io.tidemark.checkpoint.format.RepairPlan.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor found.
 *
 * @param root of the checkpoint
 * @param query id, newest plan and newest commit in words
 * @param plan what the newest sealed plan says the query is; a line each
 * @param table what the table holds, or why it was not asked
 * @param findings in the order in which a start meets them; the last may have no repair, and hides what comes after it
 * @param start what a start does once all repairs are done; null if there is a finding without one
 */
public record Diagnosis(
        String root, String query, List<String> plan, String table, List<Finding> findings, @Nullable String start) {
    public Diagnosis {
        plan = List.copyOf(plan);
        findings = List.copyOf(findings);
    }

    public boolean isHealthy() {
        return findings.isEmpty();
    }

    /** Returns whether everything found can be repaired safely. */
    public boolean isCurable() {
        return findings.stream().allMatch(Finding::isCurable);
    }

    /** Returns the steps of all repairs, in order. */
    public List<Step> steps() {
        return findings.stream().flatMap(f -> f.repair().stream()).toList();
    }
}
