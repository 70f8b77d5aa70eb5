package io.tidemark.api.types;

/** The type of a column or a field, with Spark's names and meaning. Compared by value. */
public sealed interface DataType permits AtomicType, DecimalType, ArrayType, MapType, StructType {

    /** Returns Spark's {@code simpleString}, for instance {@code bigint} or {@code struct<a:int>}. */
    String simpleString();

    /** Returns the type as SQL text that parses back, for instance {@code BIGINT} or {@code STRUCT<a: INT>}. */
    String sql();

    /** Returns Spark's JSON form of the type: a quoted name or an object, as in {@code StructType.json}. */
    String json();
}
