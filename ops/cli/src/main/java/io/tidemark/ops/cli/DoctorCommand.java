package io.tidemark.ops.cli;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.checkpoint.format.RepairPlan;
import io.tidemark.checkpoint.format.RepairPlan.Step;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.ops.cli.doctor.Diagnosis;
import io.tidemark.ops.cli.doctor.Doctor;
import io.tidemark.ops.cli.doctor.Doctor.Treatment;
import io.tidemark.ops.cli.doctor.Finding;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark checkpoint doctor}. */
@Command(
        name = "doctor",
        description = {
            "Say why a query cannot start, show the evidence, and propose the safe repair.",
            "Exit code 0 if nothing is wrong, 1 if something is; 3 while a query runs on it."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "A checkpointLocation.")
    private String directory = "";

    @Mixin
    private TableOption table = new TableOption();

    @Option(names = "--apply", description = "Do the repair; what it replaces is kept in _tidemark/undo.")
    private boolean apply;

    @Option(names = "--undo", paramLabel = "N", description = "Take back repair N.")
    private @Nullable Long undo;

    @Option(names = "--json", description = "The findings, as one line of JSON.")
    private boolean json;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Doctor doctor = new Doctor(new StorageProviders(), directory, table.record());
        if (undo != null) {
            RepairPlan plan = doctor.undo(undo);
            plan.steps().forEach(this::step);
            field("undone", "repair " + undo + "; repair " + plan.number() + " undoes that");
            return 0;
        } else if (apply) {
            return apply(doctor);
        }
        Diagnosis diagnosis = doctor.examine();
        print(diagnosis, null);
        return diagnosis.isHealthy() ? 0 : 1;
    }

    private int apply(Doctor doctor) {
        Treatment treatment = doctor.treat();
        Diagnosis before = treatment.before();
        RepairPlan done = treatment.plan();
        if (before != null) {
            print(before, done);
        } else if (done != null) {
            done.steps().forEach(this::step);
        }
        if (done == null) {
            return before != null && before.isHealthy() ? 0 : 1;
        }
        if (!json) {
            field(
                    "done",
                    "repair " + done.number() + (before == null ? ", which was begun before" : "")
                            + "; what it replaced is kept in _tidemark/undo/" + done.number());
        }
        return 0;
    }

    private void print(Diagnosis diagnosis, @Nullable RepairPlan done) {
        if (json) {
            terminal.out().println(DoctorJson.of(diagnosis, done));
            return;
        }
        field("checkpoint", diagnosis.root());
        field("query", diagnosis.query());
        diagnosis.plan().forEach(line -> field("  it", line));
        field("table", diagnosis.table());
        for (Finding finding : diagnosis.findings()) {
            print(finding);
        }
        String start = diagnosis.start();
        if (diagnosis.isHealthy()) {
            field("doctor", "nothing to do: a start " + start);
        } else if (start == null) {
            field("doctor", "no safe repair; the ways above are yours to choose from");
        } else if (done == null) {
            field("then", "a start " + start);
            field("to do it", "tidemark checkpoint doctor " + diagnosis.root() + table.text() + " --apply");
        } else {
            field("now", "a start " + start);
        }
    }

    private void print(Finding finding) {
        ErrorCode code = finding.code();
        field("a start", "refuses with " + code.label());
        field("because", finding.problem());
        finding.evidence().forEach(line -> field("  evidence", line));
        finding.repair().forEach(this::step);
        if (!finding.effect().isEmpty()) {
            field("  effect", finding.effect());
        }
        finding.ways().forEach(way -> field("  a way", way));
    }

    private void step(Step step) {
        if (!json) {
            field("  repair", step.text());
        }
    }

    private void field(String name, String value) {
        terminal.out().println(String.format(Locale.ROOT, "%-12s %s", name, value));
    }
}
