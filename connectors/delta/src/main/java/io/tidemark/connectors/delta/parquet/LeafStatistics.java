package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.types.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds in one leaf column.
 *
 * @param path names from the top-level column down to the leaf, Parquet's own levels of lists and maps left out
 * @param repeated whether the leaf lies inside an array or a map
 * @param nullCount rows (or elements) without a value, a null parent counted
 * @param min the least value or null if there is none or none is known: Boolean, Long (integers, dates, timestamps,
 *     unscaled decimals), Float, Double, BigInteger (unscaled decimals), byte[] (strings, binary)
 * @param max the greatest, likewise
 */
public record LeafStatistics(
        List<String> path,
        DataType type,
        boolean repeated,
        long nullCount,
        @Nullable Object min,
        @Nullable Object max) {}
