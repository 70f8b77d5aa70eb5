package io.tidemark.state.format;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.state.StateStoreId;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether rows of a stored schema can be gone on with under a plan's, by Spark's rule: as many fields, in their order, of
 * exactly the same types, and nothing nullable in the plan that is not nullable in the file. Names and metadata do not
 * count, for neither engine can tell two columns of one type that changed places; what differs in name is a warning.
 *
 * @param typeDifferences places where count or type differ: the state cannot be read
 * @param nullDifferences places that are nullable in the plan and not in the file. Spark refuses such a plan. Tidemark's
 *     plans infer less about nulls than Spark's and rows have room for a null everywhere, so for it they are no obstacle
 * @param nameDifferences places where only the name differs
 */
public record SchemaCompatibility(
        List<String> typeDifferences, List<String> nullDifferences, List<String> nameDifferences) {
    public SchemaCompatibility {
        typeDifferences = List.copyOf(typeDifferences);
        nullDifferences = List.copyOf(nullDifferences);
        nameDifferences = List.copyOf(nameDifferences);
    }

    /** Compares the schema in the file with that of a plan. */
    public static SchemaCompatibility check(StructType stored, StructType plan) {
        Walk walk = new Walk(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        walk.compare("", stored, plan);
        return new SchemaCompatibility(walk.types, walk.nulls, walk.names);
    }

    /** Returns whether Spark would let {@code plan} go on. */
    public boolean sparkAccepts() {
        return typeDifferences.isEmpty() && nullDifferences.isEmpty();
    }

    /**
     * Throws unless the rows are readable.
     *
     * @param what the part of the store, {@code key} or {@code value}
     * @throws TidemarkException {@code STATE_SCHEMA_MISMATCH} that shows the first difference
     */
    public void require(StateStoreId id, String what) {
        if (!typeDifferences.isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.STATE_SCHEMA_MISMATCH,
                    "Cannot use state '" + StateSchemaFile.path(id) + "': the query's " + what
                            + " is not what the checkpoint holds: " + typeDifferences.get(0)
                            + ". Change the query back, or start it with a new checkpointLocation.");
        }
    }

    private record Walk(List<String> types, List<String> nulls, List<String> names) {
        void compare(String path, DataType stored, DataType plan) {
            if (stored instanceof StructType left && plan instanceof StructType right) {
                if (left.size() != right.size()) {
                    types.add(place(path) + " has " + left.size() + " columns in the checkpoint ("
                            + left.simpleString() + ") and " + right.size() + " in the query (" + right.simpleString()
                            + ")");
                    return;
                }
                for (int i = 0; i < left.size(); i++) {
                    field(path, i, left.field(i), right.field(i));
                }
            } else if (stored instanceof ArrayType left && plan instanceof ArrayType right) {
                nulls(path + "[]", left.containsNull(), right.containsNull());
                compare(path + "[]", left.elementType(), right.elementType());
            } else if (stored instanceof MapType left && plan instanceof MapType right) {
                nulls(path + "{}", left.valueContainsNull(), right.valueContainsNull());
                compare(path + "{key}", left.keyType(), right.keyType());
                compare(path + "{}", left.valueType(), right.valueType());
            } else if (!stored.equals(plan)) {
                types.add(place(path) + " is " + stored.simpleString() + " in the checkpoint and " + plan.simpleString()
                        + " in the query");
            }
        }

        private void field(String path, int ordinal, StructField stored, StructField plan) {
            String place = path.isEmpty() ? stored.name() : path + "." + stored.name();
            if (!stored.name().equals(plan.name())) {
                names.add("column " + (ordinal + 1) + (path.isEmpty() ? "" : " of " + path) + " is called '"
                        + stored.name() + "' in the checkpoint and '" + plan.name() + "' in the query");
            }
            nulls(place, stored.nullable(), plan.nullable());
            compare(place, stored.dataType(), plan.dataType());
        }

        private void nulls(String path, boolean stored, boolean plan) {
            if (plan && !stored) {
                nulls.add("column " + path + " may be null in the query and not in the checkpoint");
            }
        }

        private static String place(String path) {
            return path.isEmpty() ? "the row" : "column " + path;
        }
    }
}
