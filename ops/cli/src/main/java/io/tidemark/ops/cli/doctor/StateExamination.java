package io.tidemark.ops.cli.doctor;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.StagedFiles;
import io.tidemark.checkpoint.format.RepairPlan.SetAside;
import io.tidemark.ops.cli.doctor.CheckpointFiles.Prepared;
import io.tidemark.state.reader.StateHealth;
import io.tidemark.state.reader.StateInventory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** State as the newest commit left it. */
final class StateExamination {
    private final Subject subject;
    private final CheckpointFiles files;

    StateExamination(Subject subject) {
        this.subject = subject;
        this.files = subject.files();
    }

    /** Returns what of the state cannot be trusted. */
    Optional<Finding> finding(CheckpointPosition position) {
        if (position.latestCommit().isEmpty()) {
            return Optional.empty();
        }
        long committed = position.latestCommit().get().batchId();
        Optional<Prepared> prepared = files.prepared(committed);
        List<String> altered = prepared.map(this::altered).orElse(List.of());
        List<StateInventory.Problem> problems = problems(subject.storage(), committed);
        if (altered.isEmpty() && problems.isEmpty()) {
            return Optional.empty();
        }
        List<String> evidence = new ArrayList<>();
        for (String file : altered) {
            evidence.add(files.describe(file));
            prepared.ifPresent(p -> p.batch().stateFiles().stream()
                    .filter(staged -> staged.target().equals(file))
                    .forEach(staged -> evidence.add(p.path() + " announces " + file + " of " + staged.digest())));
        }
        problems.forEach(p -> evidence.add(p.file() + ": " + p.problem()));
        String file = altered.isEmpty() ? problems.get(0).file() : altered.get(0);
        String problem = "State as batch " + committed + " left it cannot be trusted: '" + file
                + "' is missing, damaged or altered.";
        if (isSoundWithout(altered, committed)) {
            return Optional.of(Finding.setAside(
                    ErrorCode.STATE_FILE_CORRUPT,
                    problem,
                    evidence,
                    presentOf(altered, committed),
                    "A sound snapshot of the same version is there, and state loads from it."));
        }
        return Optional.of(
                Finding.incurable(ErrorCode.STATE_FILE_CORRUPT, problem, evidence, subject.ways(committed - 1)));
    }

    /** Returns the files that are not what was announced, if the table took what was announced. */
    private List<String> altered(Prepared prepared) {
        Table table = subject.table();
        boolean delivered = table == null
                || table.ledger()
                        .newest()
                        .filter(held -> held.preparedHash().equals(prepared.hash()))
                        .isPresent();
        if (!delivered) {
            return List.of();
        }
        Checkpoint checkpoint =
                Checkpoint.open(subject.storage(), subject.layout().root());
        try (StagedFiles staged = new StagedFiles(checkpoint, () -> {}, 1)) {
            return staged.altered(prepared.batch().stateFiles());
        }
    }

    private List<StateInventory.Problem> problems(Storage storage, long committed) {
        return new StateHealth(storage, subject.layout().root()).problems(committed);
    }

    /** Changes are not needed where a whole copy of the same version is sound. */
    private boolean isSoundWithout(List<String> altered, long committed) {
        if (altered.isEmpty()) {
            return false;
        }
        OverlayStorage without =
                new OverlayStorage(subject.storage(), subject.layout().root());
        altered.forEach(file -> without.setAside(new SetAside(file)));
        return problems(without, committed).isEmpty();
    }

    /** Returns the altered files that are there, and what announced them. */
    private List<String> presentOf(List<String> altered, long committed) {
        List<String> paths = new ArrayList<>();
        altered.stream()
                .filter(file -> files.read(subject.layout().root() + "/" + file).isPresent())
                .forEach(paths::add);
        paths.addAll(files.preparedOf(committed));
        return paths;
    }
}
