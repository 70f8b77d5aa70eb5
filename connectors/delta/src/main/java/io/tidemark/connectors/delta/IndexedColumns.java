package io.tidemark.connectors.delta;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.connectors.delta.parquet.LeafStatistics;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which columns get statistics in the log.
 *
 * @param first how many leaf columns from the left; -1 for all
 * @param named columns by name, which then count alone, or null
 */
record IndexedColumns(int first, @Nullable List<String> named) {
    private static final int DEFAULT = 32;
    private static final String COUNT = "delta.dataSkippingNumIndexedCols";

    /**
     * Reads {@code delta.dataSkippingNumIndexedCols} and {@code delta.dataSkippingStatsColumns}.
     *
     * @throws TidemarkException {@code SINK_TABLE_UNSUPPORTED} if the first is not a whole number
     */
    static IndexedColumns of(Map<String, String> tableProperties) {
        String names = tableProperties.get("delta.dataSkippingStatsColumns");
        List<String> named = names == null
                ? null
                : List.of(names.replace("`", "").split(",", -1)).stream()
                        .map(String::trim)
                        .toList();
        String count = tableProperties.get(COUNT);
        try {
            return new IndexedColumns(count == null ? DEFAULT : Integer.parseInt(count.trim()), named);
        } catch (NumberFormatException e) {
            throw new TidemarkException(
                    ErrorCode.SINK_TABLE_UNSUPPORTED,
                    "Cannot write to the Delta table: its property " + COUNT + " is '" + count
                            + "', which is no whole number. Set it to one, or unset it.",
                    e);
        }
    }

    List<LeafStatistics> of(List<LeafStatistics> leaves) {
        List<LeafStatistics> flat = leaves.stream().filter(l -> !l.repeated()).toList();
        if (named != null) {
            return flat.stream().filter(l -> isNamed(l.path())).toList();
        }
        return first < 0 || first >= flat.size() ? flat : flat.subList(0, first);
    }

    private boolean isNamed(List<String> path) {
        for (int length = 1; length <= path.size(); length++) {
            if (named != null && named.contains(String.join(".", path.subList(0, length)))) {
                return true;
            }
        }
        return false;
    }
}
