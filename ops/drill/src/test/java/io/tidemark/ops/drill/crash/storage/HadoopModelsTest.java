package io.tidemark.ops.drill.crash.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.Storage.IfExists;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.storage.StorageOutput;
import io.tidemark.api.storage.UnknownOutcomeException;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.ClaimRequest;
import io.tidemark.ops.drill.crash.storage.SimulatedObjectStore.Conditions;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Call;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.CrashImage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Fault;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage.Moment;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.protocol.AlreadyBeingCreatedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the product's storage on HDFS and S3 promises holds where answers get lost and bytes are not where names are. */
class HadoopModelsTest {
    private static final byte[] OLD = "0123456789".getBytes(UTF_8);
    private static final byte[] LATER = "abcdefghijklmno".getBytes(UTF_8);

    private static Storage open(SimulatedStorage storage) {
        return storage.provider().openCheckpoint(storage.checkpoint(), new TreeMap<>());
    }

    @Test
    void anUploadThatArrivesLateMeetsWhatTheNextLifeHasDone() throws IOException {
        SimulatedStorage storage = StorageModel.OBJECT_STORE.create();
        String file = storage.checkpoint() + "/offsets/0";
        open(storage).createExclusive(file, OLD);
        Call upload = storage.journal().get(storage.journal().size() - 1);
        assertThat(storage.moments(upload)).containsExactly(Moment.BEFORE, Moment.AFTER, Moment.LATE);

        CrashImage arrivesAtOnce = storage.crash(upload.index(), Moment.LATE, 0);
        SimulatedStorage early = storage.restart(arrivesAtOnce);
        assertThat(open(early).read(file)).isEmpty();
        assertThatThrownBy(() -> open(early).createExclusive(file, LATER))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(open(early).read(file)).contains(OLD);

        CrashImage arrivesAfterwards = storage.crash(upload.index(), Moment.LATE, 39 * 8);
        assertThat(arrivesAfterwards.digest()).isNotEqualTo(arrivesAtOnce.digest());
        SimulatedStorage late = storage.restart(arrivesAfterwards);
        open(late).createExclusive(file, LATER);
        assertThat(open(late.restart(late.stop(0))).read(file)).contains(LATER);

        SimulatedStorage unmoved = storage.restart(arrivesAfterwards);
        assertThat(open(unmoved.restart(unmoved.stop(0))).read(file)).contains(OLD);
    }

    @Test
    void theCallsAreThoseOfEachStore() throws IOException {
        assertThat(calls(StorageModel.HDFS))
                .containsExactly(
                        "create checkpoint/_tidemark/tmp/.N.U.tmp",
                        "write checkpoint/_tidemark/tmp/.N.U.tmp",
                        "hsync checkpoint/_tidemark/tmp/.N.U.tmp",
                        "complete checkpoint/_tidemark/tmp/.N.U.tmp",
                        "mkdirs checkpoint/offsets",
                        "rename checkpoint/offsets/N");
        assertThat(calls(StorageModel.OBJECT_STORE))
                .containsExactly("put checkpoint/_tidemark/probe", "put checkpoint/offsets/N");
    }

    private static List<String> calls(StorageModel model) throws IOException {
        SimulatedStorage storage = model.create();
        open(storage).createExclusive(storage.checkpoint() + "/offsets/0", OLD);
        return storage.journal().stream().map(Call::site).toList();
    }

    @Test
    void whatIsClosedOnHdfsAndWasNeverSyncedGoesWithThePower() throws IOException {
        HdfsStorage storage = HdfsStorage.empty();
        Path path = new Path("hdfs://simulated/table/careless");
        try (FSDataOutputStream stream = hdfs(storage).create(path, false)) {
            stream.write(OLD);
        }
        assertThat(lengthAfter(storage, path, 0)).isEqualTo(10);
        assertThat(lengthAfter(storage, path, 2)).isZero();
    }

    @Test
    void anOpenFileOnHdfsIsSeenAndHeldByItsDeadWriter() throws IOException {
        HdfsStorage storage = HdfsStorage.empty();
        Path path = new Path("hdfs://simulated/table/open");
        FSDataOutputStream stream = hdfs(storage).create(path, false);
        stream.write(OLD);
        assertThat(hdfs(storage).getFileStatus(path).getLen()).isZero();
        assertThatThrownBy(() -> hdfs(storage).create(path, true)).isInstanceOf(AlreadyBeingCreatedException.class);
        assertThat(lengthAfter(storage, path, 0)).isZero();
        assertThat(lengthAfter(storage, path, 1)).as("its lease is recovered").isEqualTo(10);
        stream.hsync();
        assertThat(lengthAfter(storage, path, 0)).isEqualTo(10);
        assertThat(hdfs(storage).open(path).readAllBytes()).isEqualTo(OLD);
    }

    private static long lengthAfter(HdfsStorage storage, Path path, long seed) throws IOException {
        HdfsStorage after = (HdfsStorage) storage.restart(storage.stop(seed));
        return hdfs(after).open(path).readAllBytes().length;
    }

    private static FileSystem hdfs(HdfsStorage storage) throws IOException {
        Configuration conf = new Configuration();
        storage.settings().forEach(conf::set);
        return new Path("hdfs://simulated/").getFileSystem(conf);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aRenameWhoseAnswerIsLostIsSeenToBeDone(int occurrence) throws IOException {
        SimulatedStorage storage = StorageModel.HDFS.create();
        storage.arm(new Fault("rename checkpoint/offsets/N", occurrence, Fault.Kind.APPLIED_BUT_FAILED));
        open(storage).createExclusive(storage.checkpoint() + "/offsets/0", OLD);
        open(storage).createExclusive(storage.checkpoint() + "/offsets/1", OLD);
        assertThat(storage.faultMet()).isTrue();
        assertThat(open(storage).read(storage.checkpoint() + "/offsets/" + occurrence))
                .contains(OLD);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void anUploadWhoseAnswerIsLostIsKnownByItsAttempt(int occurrence) throws IOException {
        SimulatedStorage storage = StorageModel.OBJECT_STORE.create();
        storage.arm(new Fault("put checkpoint/offsets/N", occurrence, Fault.Kind.APPLIED_BUT_FAILED));
        open(storage).createExclusive(storage.checkpoint() + "/offsets/0", OLD);
        open(storage).createExclusive(storage.checkpoint() + "/offsets/1", OLD);
        assertThat(storage.faultMet()).isTrue();
        assertThatThrownBy(() -> open(storage).createExclusive(storage.checkpoint() + "/offsets/1", OLD))
                .as("equal bytes are no proof")
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @ParameterizedTest
    @EnumSource(Fault.Kind.class)
    void anUploadThatFailsHasNoKnownOutcomeUnlessItIsThere(Fault.Kind kind) throws IOException {
        SimulatedStorage storage = StorageModel.OBJECT_STORE.create();
        storage.arm(new Fault("put checkpoint/offsets/N", 0, kind));
        String file = storage.checkpoint() + "/offsets/0";
        Throwable failure = catchThrowable(() -> open(storage).createExclusive(file, OLD));
        if (kind == Fault.Kind.APPLIED_BUT_FAILED) {
            assertThat(failure).isNull();
        } else {
            assertThat(failure).isInstanceOf(UnknownOutcomeException.class);
        }
        assertThat(open(storage).read(file).isPresent()).isEqualTo(kind == Fault.Kind.APPLIED_BUT_FAILED);
    }

    @Test
    void aFullHdfsSaysSo() {
        SimulatedStorage storage = StorageModel.HDFS.create();
        storage.arm(new Fault("write checkpoint/_tidemark/tmp/.N.U.tmp", 0, Fault.Kind.DISK_FULL));
        assertThatThrownBy(() -> open(storage).createExclusive(storage.checkpoint() + "/offsets/0", OLD))
                .isInstanceOf(StorageFullException.class);
    }

    @Test
    void anUploadInPartsIsInvisibleUntilItsLastCall() throws IOException {
        SimulatedStorage storage = StorageModel.OBJECT_STORE.create();
        byte[] large = new byte[600_000];
        String file = storage.table() + "/part-0";
        try (StorageOutput output = open(storage).create(file, IfExists.FAIL)) {
            output.write(large);
            output.publish();
        }
        List<Call> journal = storage.journal();
        assertThat(journal)
                .extracting(Call::site)
                .containsExactly(
                        "put checkpoint/_tidemark/probe",
                        "upload-part table/part-N",
                        "upload-part table/part-N",
                        "upload-part table/part-N",
                        "complete-upload table/part-N");
        Set<String> before = new HashSet<>();
        for (Call part : journal.subList(1, 4)) {
            before.add(storage.crash(part.index(), Moment.AFTER, 0).digest());
        }
        assertThat(before).hasSize(1).doesNotContain(storage.stop(0).digest());
        assertThat(open(storage).status(file)).map(FileStatus::length).contains(600_000L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Conditions.class,
            names = {"IGNORED", "UNKNOWN"})
    void aStoreWithoutConditionalUploadsIsRefusedAtTheStart(Conditions conditions) {
        SimulatedStorage storage = ObjectStorage.empty(conditions);
        Checkpoint checkpoint = Checkpoint.open(open(storage), storage.checkpoint());
        assertThatThrownBy(() -> checkpoint.claim(new ClaimRequest("host-1", 1, 0, "first", false)))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNSUPPORTED));
        assertThat(storage.journal())
                .extracting(Call::site)
                .allMatch(Set.of("put checkpoint/_tidemark/", "put checkpoint/_tidemark/probe")::contains);
    }

    @Test
    void theProbeIsAskedForOnceInALife() throws IOException {
        SimulatedStorage first = StorageModel.OBJECT_STORE.create();
        open(first).createExclusive(first.checkpoint() + "/offsets/0", OLD);
        SimulatedStorage second = first.restart(first.stop(0));
        open(second).createExclusive(first.checkpoint() + "/offsets/1", OLD);
        assertThat(second.journal()).extracting(Call::site).containsExactly("put checkpoint/offsets/N");
    }

    @Test
    void anObjectStoreHasNoRename() throws IOException {
        ObjectStorage storage = ObjectStorage.empty(Conditions.KEPT);
        Configuration conf = new Configuration();
        storage.settings().forEach(conf::set);
        FileSystem files = new Path("s3a://simulated/").getFileSystem(conf);
        assertThatThrownBy(() -> files.rename(new Path("/a"), new Path("/b"))).isInstanceOf(AssertionError.class);
    }

    @Test
    void equalImagesHaveEqualDigests() throws IOException {
        for (StorageModel model : List.of(StorageModel.HDFS, StorageModel.OBJECT_STORE)) {
            SimulatedStorage storage = model.create();
            open(storage).createExclusive(storage.checkpoint() + "/offsets/0", OLD);
            assertThat(storage.restart(storage.stop(0)).stop(0).digest())
                    .isEqualTo(storage.stop(0).digest())
                    .isNotEqualTo(model.create().stop(0).digest());
        }
    }
}
