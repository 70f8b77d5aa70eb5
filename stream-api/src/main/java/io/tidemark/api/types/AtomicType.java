package io.tidemark.api.types;

import java.util.Locale;

/** The types without parameters. The comment behind each says how a vector holds it. */
public enum AtomicType implements DataType {
    /** The type of a bare {@code NULL}. */
    NULL("void", "VOID"),
    /** {@code boolean[]}. */
    BOOLEAN("boolean", "BOOLEAN"),
    /** Spark's ByteType; {@code int[]}. */
    TINYINT("tinyint", "TINYINT"),
    /** Spark's ShortType; {@code int[]}. */
    SMALLINT("smallint", "SMALLINT"),
    /** {@code int[]}. */
    INT("int", "INT"),
    /** Spark's LongType; {@code long[]}. */
    BIGINT("bigint", "BIGINT"),
    /** {@code float[]}. */
    FLOAT("float", "FLOAT"),
    /** {@code double[]}. */
    DOUBLE("double", "DOUBLE"),
    /** UTF-8 byte ranges. */
    STRING("string", "STRING"),
    /** Byte ranges. */
    BINARY("binary", "BINARY"),
    /** Days since 1970-01-01, proleptic Gregorian; {@code int[]}. */
    DATE("date", "DATE"),
    /** Microseconds since the epoch, UTC, an instant; {@code long[]}. */
    TIMESTAMP("timestamp", "TIMESTAMP"),
    /** Microseconds since 1970-01-01T00:00 without a zone; {@code long[]}. */
    TIMESTAMP_NTZ("timestamp_ntz", "TIMESTAMP_NTZ");

    private final String simpleName;
    private final String sqlName;

    AtomicType(String simpleName, String sqlName) {
        this.simpleName = simpleName;
        this.sqlName = sqlName;
    }

    @Override
    public String simpleString() {
        return simpleName;
    }

    @Override
    public String sql() {
        return sqlName;
    }

    @Override
    public String json() {
        String name =
                switch (this) {
                    case TINYINT -> "byte";
                    case SMALLINT -> "short";
                    case INT -> "integer";
                    case BIGINT -> "long";
                    default -> simpleName;
                };
        return '"' + name + '"';
    }

    /** Returns whether this is one of the four integral types. */
    public boolean isIntegral() {
        return this == TINYINT || this == SMALLINT || this == INT || this == BIGINT;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
