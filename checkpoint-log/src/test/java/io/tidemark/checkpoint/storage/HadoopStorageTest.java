package io.tidemark.checkpoint.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.ClaimRequest;
import io.tidemark.checkpoint.Ownership;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopStorageTest extends StorageContract {
    @TempDir
    static Path disks;

    private static MiniDFSCluster cluster;
    private static int tests;

    private Storage storage;
    private String root;

    @BeforeAll
    static void startHdfs() throws IOException {
        Configuration conf = new Configuration();
        conf.set("hdfs.minidfs.basedir", disks.toString());
        cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
        cluster.waitActive();
    }

    @AfterAll
    static void stopHdfs() {
        if (cluster != null) {
            cluster.shutdown();
        }
    }

    @BeforeEach
    void openStorage() {
        tests++;
        root = "hdfs://localhost:" + cluster.getNameNodePort() + "/test " + tests + "/chk %@#é z";
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5");
        conf.put("dfs.client.block.write.locateFollowingBlock.retries", "12"); // the delay doubles: 20 s in all
        storage = new StorageProviders().openCheckpoint(root, conf);
    }

    @Override
    protected Storage storage() {
        return storage;
    }

    @Override
    protected String root() {
        return root;
    }

    @Override
    protected int racedFiles() {
        return 25;
    }

    @Test
    void thereAreNoLocksSoTheLaterClaimFencesTheEarlier() {
        Checkpoint checkpoint = Checkpoint.open(storage, root);
        Ownership first = checkpoint.claim(new ClaimRequest("host-1", 1, 0, "first", false));
        checkpoint.metadataOrCreate(UUID::randomUUID);
        first.verify();
        Ownership second = Checkpoint.open(storage, root).claim(new ClaimRequest("host-2", 2, 0, "second", false));
        second.verify();
        assertThatThrownBy(first::verify)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRITER_FENCED))
                .hasMessageContaining("process 2 on host host-2");
        assertThat(Checkpoint.open(storage, root).position().nextBatchId()).isZero();
    }

    @Test
    void anExhaustedQuotaIsFullStorage() throws IOException {
        storage.makeDirectories(root);
        DistributedFileSystem hdfs = cluster.getFileSystem();
        hdfs.setQuota(new org.apache.hadoop.fs.Path(root), 3, Long.MAX_VALUE - 1);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 5; i++) {
                        storage.createExclusive(root + "/offsets/" + i, bytes("x"));
                    }
                })
                .isInstanceOf(StorageFullException.class);
    }

    @Test
    void aSchemeWithoutExclusiveCreationIsRefused() {
        assertThatThrownBy(() -> new StorageProviders().open("wasb://box/ck", new TreeMap<>()))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNSUPPORTED))
                .hasMessageContaining("wasb");
        assertThatThrownBy(() -> new StorageProviders().open("s3a://box/ck", new TreeMap<>()))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNSUPPORTED));
    }
}
