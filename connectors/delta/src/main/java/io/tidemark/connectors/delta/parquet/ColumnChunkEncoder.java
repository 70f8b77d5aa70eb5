package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.vector.ColumnVector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * One leaf column of the row group being written: levels and values of the open page, and the finished pages. A
 * subclass holds the values of one physical type.
 *
 * <p>Values go into a dictionary until that stops paying: more than half of the values seen are new, or it grows past a
 * megabyte. Pages written before that keep their ids; later ones are PLAIN. A file is used by one thread.
 */
abstract class ColumnChunkEncoder {
    static final int DICTIONARY_BYTES_MAX = 1 << 20;
    private static final int PAGE_BYTES = 1 << 20;
    private static final int PAGE_SLOTS = 100_000;
    private static final int DICTIONARY_TRIAL = 1024;
    /** Longer bounds stay out of the footer, as in other writers. */
    private static final int BOUND_BYTES_MAX = 2048;

    final ParquetSchema.Node leaf;
    private final Compression compression;

    private int slots;
    private int[] definitions = new int[0];
    private boolean definitionsKept;
    private int[] repetitions = new int[0];

    boolean dictionaryOn;
    int[] ids = new int[0];
    int idCount;

    private final ByteSink page = new ByteSink();
    private final List<byte[]> pages = new ArrayList<>();
    private long compressedBytes;
    private long uncompressedBytes;
    private long chunkSlots;
    private long chunkNulls;
    private long fileNulls;
    private int plainPages;
    private int dictionaryPages;

    ColumnChunkEncoder(ParquetSchema.Node leaf, Compression compression, boolean dictionaryOn) {
        this.leaf = leaf;
        this.compression = compression;
        this.dictionaryOn = dictionaryOn;
    }

    static ColumnChunkEncoder of(ParquetSchema.Node leaf, Compression compression) {
        return switch (ParquetSchema.physicalType(leaf.type())) {
            case BOOLEAN -> new BooleanChunkEncoder(leaf, compression);
            case INT32, INT64, FLOAT, DOUBLE -> new NumberChunkEncoder(leaf, compression);
            case BYTE_ARRAY -> new BytesChunkEncoder(leaf, compression);
            case FIXED_LEN_BYTE_ARRAY -> new DecimalChunkEncoder(leaf, compression);
            default -> throw new IllegalArgumentException("no encoder for " + leaf.type());
        };
    }

    /**
     * Appends {@code count} slots, {@code defined} of which have a value.
     *
     * @param positions where in {@code values} the defined ones stand, or null for 0 to {@code defined - 1}
     * @param repetition a level a slot, or null if all are 0
     * @param definition a level a slot, or null if every slot has a value
     */
    final void append(
            ColumnVector values,
            int @Nullable [] positions,
            int defined,
            byte @Nullable [] repetition,
            byte @Nullable [] definition,
            int count)
            throws IOException {
        appendLevels(repetition, definition, count);
        chunkSlots += count;
        chunkNulls += count - defined;
        if (defined > 0) {
            appendValues(values, positions, defined);
            if (dictionaryOn && dictionaryIsWaste()) {
                idsToPlain();
                dictionaryOn = false;
            }
        }
        if (slots >= PAGE_SLOTS || pageBytes() >= PAGE_BYTES) {
            finishPage();
        }
    }

    private void appendLevels(byte @Nullable [] repetition, byte @Nullable [] definition, int count) {
        if (leaf.repetition() > 0) {
            repetitions = roomFor(repetitions, slots + count);
            for (int i = 0; i < count; i++) {
                repetitions[slots + i] = repetition == null ? 0 : repetition[i];
            }
        }
        if (definition != null || definitionsKept) {
            definitions = roomFor(definitions, slots + count);
            if (!definitionsKept) {
                Arrays.fill(definitions, 0, slots, leaf.definition());
                definitionsKept = true;
            }
            for (int i = 0; i < count; i++) {
                definitions[slots + i] = definition == null ? leaf.definition() : definition[i];
            }
        }
        slots += count;
    }

    static int[] roomFor(int[] array, int length) {
        return length <= array.length ? array : Arrays.copyOf(array, Math.max(length, array.length * 2));
    }

    private boolean dictionaryIsWaste() {
        if (dictionaryBytes() > DICTIONARY_BYTES_MAX) {
            return true;
        }
        return dictionaryPages == 0 && idCount >= DICTIONARY_TRIAL && dictionarySize() * 2 > idCount;
    }

    /** Encodes what the open page holds; nothing happens if that is nothing. */
    private void finishPage() throws IOException {
        if (slots == 0) {
            return;
        }
        page.clear();
        if (leaf.repetition() > 0) {
            levels(repetitions, leaf.repetition());
        }
        if (leaf.definition() > 0) {
            if (definitionsKept) {
                levels(definitions, leaf.definition());
            } else {
                int at = openLevels();
                HybridEncoding.run(leaf.definition(), slots, HybridEncoding.bitWidth(leaf.definition()), page);
                closeLevels(at);
            }
        }
        boolean byDictionary = dictionaryOn && idCount > 0;
        if (byDictionary) {
            int width = HybridEncoding.bitWidth(dictionarySize() - 1);
            page.putByte(width);
            HybridEncoding.encode(ids, idCount, width, page);
            dictionaryPages++;
        } else {
            plainValues(page);
            plainPages++;
        }
        DataPageHeader header = new DataPageHeader(
                slots, byDictionary ? Encoding.PLAIN_DICTIONARY : Encoding.PLAIN, Encoding.RLE, Encoding.RLE);
        addPage(pages.size(), page, PageType.DATA_PAGE, header, null);
        slots = 0;
        definitionsKept = false;
        idCount = 0;
        clearPlainValues();
    }

    private void levels(int[] levels, int max) {
        int at = openLevels();
        HybridEncoding.encode(levels, slots, HybridEncoding.bitWidth(max), page);
        closeLevels(at);
    }

    private int openLevels() {
        int at = page.size();
        page.putInt(0);
        return at;
    }

    private void closeLevels(int at) {
        page.putIntAt(at, page.size() - at - Integer.BYTES);
    }

    private void addPage(
            int index,
            ByteSink content,
            PageType type,
            @Nullable DataPageHeader dataHeader,
            @Nullable DictionaryPageHeader dictionaryHeader)
            throws IOException {
        byte[] body = compression.compress(content.array(), content.size());
        CRC32 crc = new CRC32();
        crc.update(body);
        PageHeader header = new PageHeader(type, content.size(), body.length).setCrc((int) crc.getValue());
        if (dataHeader != null) {
            header.setData_page_header(dataHeader);
        } else {
            header.setDictionary_page_header(dictionaryHeader);
        }
        ByteArrayOutputStream head = new ByteArrayOutputStream(64);
        Util.writePageHeader(header, head);
        pages.add(index, head.toByteArray());
        pages.add(index + 1, body);
        compressedBytes += head.size() + (long) body.length;
        uncompressedBytes += head.size() + (long) content.size();
    }

    /** Returns about how many bytes the row group's share of this column takes in memory. */
    final long bufferedBytes() {
        return compressedBytes + pageBytes();
    }

    /**
     * Writes the chunk and starts the next one.
     *
     * @param position of {@code out} in the file
     */
    final ColumnChunk finishChunk(OutputStream out, long position) throws IOException {
        if (dictionaryOn && dictionaryPages == 0 && dictionaryBytes() + idCount / 2 >= plainBytesOfIds()) {
            idsToPlain();
            dictionaryOn = false;
        }
        finishPage();
        long dictionaryLength = 0;
        List<Encoding> encodings = new ArrayList<>();
        encodings.add(Encoding.RLE);
        List<PageEncodingStats> encodingStats = new ArrayList<>();
        if (dictionaryPages > 0) {
            page.clear();
            dictionaryValues(page);
            addPage(
                    0,
                    page,
                    PageType.DICTIONARY_PAGE,
                    null,
                    new DictionaryPageHeader(dictionarySize(), Encoding.PLAIN_DICTIONARY));
            dictionaryLength = pages.get(0).length + (long) pages.get(1).length;
            encodings.add(Encoding.PLAIN_DICTIONARY);
            encodingStats.add(new PageEncodingStats(PageType.DICTIONARY_PAGE, Encoding.PLAIN_DICTIONARY, 1));
            encodingStats.add(new PageEncodingStats(PageType.DATA_PAGE, Encoding.PLAIN_DICTIONARY, dictionaryPages));
        }
        if (plainPages > 0) {
            encodings.add(Encoding.PLAIN);
            encodingStats.add(new PageEncodingStats(PageType.DATA_PAGE, Encoding.PLAIN, plainPages));
        }
        for (byte[] part : pages) {
            out.write(part);
        }
        ColumnMetaData meta = new ColumnMetaData(
                        ParquetSchema.physicalType(leaf.type()),
                        encodings,
                        leaf.physicalPath(),
                        compression.codec(),
                        chunkSlots,
                        uncompressedBytes,
                        compressedBytes,
                        position + dictionaryLength)
                .setEncoding_stats(encodingStats)
                .setStatistics(footerStatistics());
        if (dictionaryLength > 0) {
            meta.setDictionary_page_offset(position);
        }
        startNextChunk();
        return new ColumnChunk(position).setMeta_data(meta);
    }

    private Statistics footerStatistics() {
        Statistics statistics = new Statistics().setNull_count(chunkNulls);
        byte[] min = chunkMin();
        byte[] max = chunkMax();
        if (min != null && max != null && min.length <= BOUND_BYTES_MAX && max.length <= BOUND_BYTES_MAX) {
            statistics.setMin_value(min).setMax_value(max);
        }
        return statistics;
    }

    private void startNextChunk() {
        fileNulls += chunkNulls;
        pages.clear();
        compressedBytes = 0;
        uncompressedBytes = 0;
        chunkSlots = 0;
        chunkNulls = 0;
        plainPages = 0;
        dictionaryPages = 0;
        resetChunkValues();
    }

    /** Returns what the whole file holds; every chunk must be finished. */
    final LeafStatistics fileStatistics() {
        return new LeafStatistics(
                leaf.logicalPath(), leaf.type(), leaf.repetition() > 0, fileNulls, fileMin(), fileMax());
    }

    /** Takes the values at {@code positions}, {@code count} of them, into the open page and the bounds. */
    abstract void appendValues(ColumnVector values, int @Nullable [] positions, int count);

    /** Returns about how many bytes of values the open page holds. */
    abstract int pageBytes();

    abstract void plainValues(ByteSink out);

    abstract void clearPlainValues();

    /** Turns the open page's ids into plain values. */
    abstract void idsToPlain();

    /** Returns how many bytes the open page's ids would take as plain values, about. */
    abstract long plainBytesOfIds();

    abstract int dictionarySize();

    abstract int dictionaryBytes();

    abstract void dictionaryValues(ByteSink out);

    /** Merges the chunk's bounds into the file's and empties dictionary and bounds. */
    abstract void resetChunkValues();

    abstract byte @Nullable [] chunkMin();

    abstract byte @Nullable [] chunkMax();

    abstract @Nullable Object fileMin();

    abstract @Nullable Object fileMax();
}
