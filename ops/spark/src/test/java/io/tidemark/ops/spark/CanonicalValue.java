package io.tidemark.ops.spark;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.collection.Map;
import scala.collection.Seq;

/** Spark's values as text that is equal only for equal values of one type; the form is that of the probe. */
final class CanonicalValue {
    private CanonicalValue() {}

    static String text(@Nullable Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof String string) {
            return "'" + string + "'";
        } else if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        } else if (value instanceof byte[] bytes) {
            return "x" + HexFormat.of().formatHex(bytes);
        } else if (value instanceof Seq<?> list) {
            StringJoiner out = new StringJoiner(", ", "[", "]");
            for (Iterator<?> elements = list.iterator(); elements.hasNext(); ) {
                out.add(text(elements.next()));
            }
            return out.toString();
        } else if (value instanceof Map<?, ?> map) {
            java.util.TreeSet<String> entries = new java.util.TreeSet<>();
            for (Iterator<? extends scala.Tuple2<?, ?>> all = map.iterator(); all.hasNext(); ) {
                scala.Tuple2<?, ?> entry = all.next();
                entries.add(text(entry._1()) + " -> " + text(entry._2()));
            }
            return "map(" + String.join(", ", entries) + ")";
        } else if (value instanceof Row row) {
            StringJoiner out = new StringJoiner(", ", "{", "}");
            for (int i = 0; i < row.size(); i++) {
                out.add(text(row.get(i)));
            }
            return out.toString();
        }
        return value.toString();
    }
}
