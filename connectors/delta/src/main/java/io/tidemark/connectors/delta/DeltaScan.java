package io.tidemark.connectors.delta;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.data.GenericRow;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads rows of one version of a table: some columns, some files. One thread. */
final class DeltaScan {
    private final Engine engine;
    private final String tablePath;
    private final StructType schema;
    private final ScanImpl scan;
    private final Row state;
    private final io.delta.kernel.types.StructType physical;

    /**
     * @param schema the columns to read, under the table's names
     * @param where what the rows looked for fulfil: files without any may be left out
     */
    DeltaScan(Engine engine, Snapshot table, String tablePath, StructType schema, Optional<Predicate> where) {
        this.engine = engine;
        this.tablePath = tablePath;
        this.schema = schema;
        var builder = table.getScanBuilder().withReadSchema(KernelTypes.toKernel(schema));
        Scan built = where.map(builder::withFilter).orElse(builder).build();
        this.scan = (ScanImpl) built;
        this.state = scan.getScanState(engine);
        this.physical = ScanStateRow.getPhysicalDataReadSchema(state);
    }

    /** Takes rows, with the place of the batch's first row among those of its file that are left of deletions. */
    interface RowVisitor {
        void visit(ColumnBatch rows, long firstRow) throws IOException;
    }

    /** Returns the files of the version that may hold rows looked for. */
    List<AddFile> files() throws IOException {
        List<AddFile> files = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        files.add(new AddFile(rows.next().getStruct(0)));
                    }
                }
            }
        }
        return files;
    }

    /** Reads a file of the version. */
    void read(AddFile file, RowVisitor visitor) throws IOException {
        read(file.toRow(), visitor);
    }

    /** Reads a file that is staged for the table, and in no version of it yet. */
    void read(StagedFile file, RowVisitor visitor) throws IOException {
        io.delta.kernel.types.StructType add = AddFile.FULL_SCHEMA;
        Map<Integer, Object> values = new HashMap<>();
        values.put(add.indexOf("path"), PartitionValues.toUri(file.path()));
        values.put(add.indexOf("partitionValues"), VectorUtils.stringStringMapValue(file.partitionValues()));
        values.put(add.indexOf("size"), file.size());
        values.put(add.indexOf("modificationTime"), file.modificationTime());
        values.put(add.indexOf("dataChange"), true);
        read(new GenericRow(add, values), visitor);
    }

    private void read(Row add, RowVisitor visitor) throws IOException {
        Row scanFile = new GenericRow(InternalScanFileUtils.SCAN_FILE_SCHEMA, Map.of(0, add, 1, tablePath));
        FileStatus status = InternalScanFileUtils.getAddFileStatus(scanFile);
        long first = 0;
        try (CloseableIterator<FileReadResult> read = engine.getParquetHandler()
                        .readParquetFiles(Utils.singletonCloseableIterator(status), physical, Optional.empty());
                CloseableIterator<ColumnarBatch> data = read.map(FileReadResult::getData);
                CloseableIterator<FilteredColumnarBatch> rows =
                        Scan.transformPhysicalData(engine, state, scanFile, data)) {
            while (rows.hasNext()) {
                ColumnBatch batch = KernelColumns.copy(rows.next(), schema);
                visitor.visit(batch, first);
                first += batch.rowCount();
            }
        }
    }
}
