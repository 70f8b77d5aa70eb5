package io.tidemark.ops.drill.crash;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;

/** The rows of Parquet files as text, read by Parquet's own library; equal files are read once. */
final class ParquetRows {
    private final Map<ByteBuffer, List<String>> known = new ConcurrentHashMap<>();

    /** Returns the rows of a file, columns parted by bars. */
    List<String> of(byte[] file) throws IOException {
        ByteBuffer key = ByteBuffer.wrap(file);
        List<String> rows = known.get(key);
        if (rows == null) {
            rows = read(file);
            known.put(key, rows);
        }
        return rows;
    }

    private static List<String> read(byte[] file) throws IOException {
        List<String> rows = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(
                new InMemoryFile(file),
                HadoopReadOptions.builder(new org.apache.hadoop.conf.Configuration(false))
                        .build())) {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                RecordReader<Group> records = new ColumnIOFactory()
                        .getColumnIO(schema)
                        .getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    rows.add(text(records.read(), schema));
                }
            }
        }
        return List.copyOf(rows);
    }

    private static String text(Group row, MessageType schema) {
        return schema.getFields().stream()
                .map(field -> row.getFieldRepetitionCount(field.getName()) == 0
                        ? "null"
                        : row.getValueToString(schema.getFieldIndex(field.getName()), 0))
                .collect(Collectors.joining("|"));
    }

    private record InMemoryFile(byte[] bytes) implements InputFile {
        @Override
        public long getLength() {
            return bytes.length;
        }

        @Override
        public SeekableInputStream newStream() {
            Bytes stream = new Bytes(bytes);
            return new DelegatingSeekableInputStream(stream) {
                @Override
                public long getPos() {
                    return stream.position();
                }

                @Override
                public void seek(long position) throws EOFException {
                    stream.seek(position);
                }
            };
        }
    }

    private static final class Bytes extends java.io.ByteArrayInputStream {
        Bytes(byte[] bytes) {
            super(bytes);
        }

        long position() {
            return pos;
        }

        void seek(long position) throws EOFException {
            if (position > count) {
                throw new EOFException("position " + position + " of " + count);
            }
            pos = (int) position;
        }
    }
}
