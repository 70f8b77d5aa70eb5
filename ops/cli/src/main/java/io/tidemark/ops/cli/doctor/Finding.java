package io.tidemark.ops.cli.doctor;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.checkpoint.format.RepairPlan.SetAside;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import java.util.List;

/**
 * One thing that keeps a query from starting, or that a start would stumble over.
 *
 * @param code with which a start refuses
 * @param problem what is wrong, as a sentence
 * @param evidence what shows it: files with length and checksum, what vouches for them, what the table holds
 * @param repair the safe repair, step by step; empty if there is none
 * @param effect why the repair is safe and what it costs, as a sentence; empty without a repair
 * @param ways what else can be done and what each costs, a sentence each; for what has no safe repair
 */
public record Finding(
        ErrorCode code, String problem, List<String> evidence, List<Step> repair, String effect, List<String> ways) {
    public Finding {
        evidence = List.copyOf(evidence);
        repair = List.copyOf(repair);
        ways = List.copyOf(ways);
    }

    /** What is wrong, and the files whose setting aside mends it. */
    static Finding setAside(ErrorCode code, String problem, List<String> evidence, List<String> paths, String effect) {
        List<Step> repair = paths.stream().<Step>map(SetAside::new).toList();
        return new Finding(code, problem, evidence, repair, effect, List.of());
    }

    /** What is wrong, where no repair is safe. */
    static Finding incurable(ErrorCode code, String problem, List<String> evidence, List<String> ways) {
        return new Finding(code, problem, evidence, List.of(), "", ways);
    }

    /** Returns whether there is a safe repair. */
    public boolean isCurable() {
        return !repair.isEmpty();
    }
}
