package io.tidemark.ops.fuzz;

import static io.tidemark.ops.fuzz.SampleCheckpoint.ROOT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointInspector;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.CheckpointReport;
import io.tidemark.checkpoint.SidecarCheck;
import io.tidemark.checkpoint.format.CommitFile;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.MetadataFile;
import io.tidemark.checkpoint.format.OffsetFile;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SidecarFile;
import io.tidemark.ops.fuzz.Format.Guard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/** The control files of a checkpoint, each alone and, where another file vouches for it, in its checkpoint. */
final class CheckpointFormats {
    private static final String TRAILER = ",\"crc32c\":\"%08x\"}";
    private static final int TRAILER_BYTES = ",\"crc32c\":\"01234567\"}".length();

    private final FilesInMemory files;

    CheckpointFormats(FilesInMemory files) {
        this.files = files;
    }

    List<Format> all() {
        List<Format> formats = new ArrayList<>();
        formats.add(new Format(
                "metadata",
                Guard.NONE,
                bytes -> MetadataFile.decode("/metadata", bytes).toString(),
                file("metadata")));
        formats.add(new Format(
                "offsets",
                Guard.NONE,
                bytes -> OffsetFile.decode("/offsets/7", 7, bytes).toString(),
                file("offsets/2"),
                "v2\n{\"batchWatermarkMs\":5,\"batchTimestampMs\":6,\"conf\":{}}\n0:{\"a\":1}\nb:-".getBytes(UTF_8)));
        formats.add(new Format(
                "commits",
                Guard.NONE,
                bytes -> CommitFile.decode("/commits/7", 7, bytes).toString(),
                file("commits/2"),
                "v1\n{\"nextBatchWatermarkMs\":5}".getBytes(UTF_8)));
        formats.add(sidecar("sealed", "_tidemark/sealed/2", SidecarFile::decodeSealed));
        formats.add(sidecar("prepared", "_tidemark/prepared/1", SidecarFile::decodePrepared));
        formats.add(sidecar("loss", "_tidemark/loss/1", SidecarFile::decodeLoss));
        formats.add(sidecar("epoch", "_tidemark/epoch/1", SidecarFile::decodeEpoch));
        for (Format signed : List.copyOf(formats.subList(3, formats.size()))) {
            formats.add(new Format(
                    signed.name() + "-body",
                    Guard.NONE,
                    bytes -> signed.reader().read(sign(bytes)),
                    unsign(signed.samples().get(0))));
        }
        formats.add(new Format("finish-with-prepared-2", Guard.CHECKSUM, this::finish, file("_tidemark/prepared/2")));
        for (String path : List.of(
                "metadata",
                "offsets/2",
                "offsets/1",
                "commits/2",
                "commits/1",
                "_tidemark/sealed/2",
                "_tidemark/sealed/1")) {
            formats.add(new Format(
                    "start-with-" + path.replace("_tidemark/", "").replace('/', '-'),
                    Guard.CHECKSUM,
                    bytes -> start(path, bytes),
                    file(path)));
        }
        return formats;
    }

    private byte[] file(String path) {
        return files.content(ROOT + "/" + path);
    }

    private Format sidecar(String name, String path, Decoder decoder) {
        return new Format(
                name, Guard.CHECKSUM, bytes -> decoder.decode("/" + path, bytes).toString(), file(path));
    }

    /** What a start reads, and what the command line shows, with one file changed. */
    private String start(String path, byte[] content) {
        FilesInMemory changed = files.with(ROOT + "/" + path, content);
        CheckpointReport report = CheckpointInspector.inspect(changed, ROOT);
        try (Checkpoint checkpoint = Checkpoint.open(changed, ROOT)) {
            CheckpointPosition position = checkpoint.position();
            if (!report.problems().isEmpty()) {
                throw new AssertionError("a start goes on where an inspection finds " + report.problems());
            }
            return checkpoint.metadata() + " " + position + " of "
                    + checkpoint.sidecar().sealed(1) + checkpoint.sidecar().sealed(2);
        }
    }

    /** What a start reads that has to finish the last batch: commits/2 is gone. */
    private String finish(byte[] content) {
        FilesInMemory changed =
                files.with(ROOT + "/_tidemark/prepared/2", content).without(ROOT + "/commits/2");
        try (Checkpoint checkpoint = Checkpoint.open(changed, ROOT)) {
            checkpoint.position();
            SidecarCheck<PreparedBatch> check = checkpoint.sidecar().prepared(2);
            if (check instanceof SidecarCheck.Corrupt<PreparedBatch> corrupt) {
                throw ControlFileException.corrupt(
                        corrupt.path(), corrupt.reason(), "Recovery names it in these words.");
            }
            return check.toString();
        }
    }

    /** Gives the body of a sidecar, with whatever stands in it, a checksum that fits. */
    static byte[] sign(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        String trailer = String.format(Locale.ROOT, TRAILER, (int) crc.getValue());
        return (new String(body, ISO_8859_1) + trailer).getBytes(ISO_8859_1);
    }

    static byte[] unsign(byte[] sidecar) {
        return Arrays.copyOf(sidecar, sidecar.length - TRAILER_BYTES);
    }

    private interface Decoder {
        Object decode(String file, byte[] content);
    }
}
