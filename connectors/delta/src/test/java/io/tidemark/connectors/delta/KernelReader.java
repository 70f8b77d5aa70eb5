package io.tidemark.connectors.delta;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a table through Kernel and its default Parquet reader. */
final class KernelReader {
    private KernelReader() {}

    static List<List<@Nullable Object>> read(Path table) throws IOException {
        Engine engine = new StorageEngine(new StorageFileIO(LocalStorage.create(), table.toString(), Set.of()));
        Snapshot snapshot = TableManager.loadSnapshot(table.toString()).build(engine);
        Scan scan = snapshot.getScanBuilder().build();
        Row state = scan.getScanState(engine);
        StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
            while (files.hasNext()) {
                try (CloseableIterator<Row> file = files.next().getRows()) {
                    while (file.hasNext()) {
                        readFile(engine, state, physical, file.next(), rows);
                    }
                }
            }
        }
        return rows;
    }

    private static void readFile(
            Engine engine, Row state, StructType physical, Row scanFile, List<List<@Nullable Object>> rows)
            throws IOException {
        FileStatus file = InternalScanFileUtils.getAddFileStatus(scanFile);
        CloseableIterator<ColumnarBatch> data = engine.getParquetHandler()
                .readParquetFiles(Utils.singletonCloseableIterator(file), physical, Optional.empty())
                .map(FileReadResult::getData);
        try (CloseableIterator<FilteredColumnarBatch> logical =
                Scan.transformPhysicalData(engine, state, scanFile, data)) {
            while (logical.hasNext()) {
                ColumnarBatch batch = logical.next().getData();
                for (int row = 0; row < batch.getSize(); row++) {
                    List<@Nullable Object> values = new ArrayList<>();
                    for (int c = 0; c < batch.getSchema().length(); c++) {
                        values.add(value(batch.getColumnVector(c), row));
                    }
                    rows.add(values);
                }
            }
        }
    }

    private static @Nullable Object value(ColumnVector vector, int row) {
        if (vector.isNullAt(row)) {
            return null;
        }
        DataType type = vector.getDataType();
        if (type instanceof BooleanType) {
            return vector.getBoolean(row);
        } else if (type instanceof ByteType) {
            return vector.getByte(row);
        } else if (type instanceof ShortType) {
            return vector.getShort(row);
        } else if (type instanceof IntegerType) {
            return vector.getInt(row);
        } else if (type instanceof LongType) {
            return vector.getLong(row);
        } else if (type instanceof FloatType) {
            return vector.getFloat(row);
        } else if (type instanceof DoubleType) {
            return vector.getDouble(row);
        } else if (type instanceof StringType) {
            return vector.getString(row);
        } else if (type instanceof BinaryType) {
            return vector.getBinary(row);
        } else if (type instanceof DecimalType) {
            return vector.getDecimal(row);
        } else if (type instanceof DateType) {
            return LocalDate.ofEpochDay(vector.getInt(row));
        } else if (type instanceof TimestampType) {
            return Instant.EPOCH.plus(vector.getLong(row), ChronoUnit.MICROS);
        } else if (type instanceof ArrayType) {
            ArrayValue array = vector.getArray(row);
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < array.getSize(); i++) {
                list.add(value(array.getElements(), i));
            }
            return list;
        } else if (type instanceof MapType) {
            MapValue map = vector.getMap(row);
            Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
            for (int i = 0; i < map.getSize(); i++) {
                entries.put(value(map.getKeys(), i), value(map.getValues(), i));
            }
            return entries;
        } else if (type instanceof StructType struct) {
            List<@Nullable Object> values = new ArrayList<>();
            for (int i = 0; i < struct.length(); i++) {
                values.add(value(vector.getChild(i), row));
            }
            return values;
        }
        return LocalDateTime.ofInstant(Instant.EPOCH.plus(vector.getLong(row), ChronoUnit.MICROS), ZoneOffset.UTC);
    }
}
