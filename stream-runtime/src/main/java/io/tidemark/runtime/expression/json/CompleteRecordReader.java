package io.tidemark.runtime.expression.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads any record with every rule of Spark: what each type takes from each kind of token, what is kept of a record of
 * which a part is wrong, and which text is JSON at all. Bytes that are not UTF-8 count as the replacement character.
 *
 * <p>Spark goes on in the same token stream after a value that it cannot convert; so does this reader, step by step,
 * because what is kept of a broken record depends on it. One thread.
 *
 * <p>Two rules differ from Spark's on purpose or by the parser's version: a timestamp without a date is malformed, because
 * Spark would take the day on which it runs; a member whose name has half of a surrogate pair makes its record malformed.
 */
final class CompleteRecordReader {
    private static final int MAX_DECIMAL_SHIFT = 400;

    private final RecordShape shape;
    private final JsonFactory factory;
    private final boolean allowNonNumeric;
    private final TemporalText temporal;

    CompleteRecordReader(RecordShape shape, ReadOptions options, TemporalText temporal) {
        this.shape = shape;
        this.factory = options.factory();
        this.allowNonNumeric = options.allowNonNumericNumbers();
        this.temporal = temporal;
    }

    /**
     * What came of a record.
     *
     * @param value in the form that {@link ReadValues} appends; null for a record without text and for a malformed one
     * @param problem why the record is malformed, without its data, or null if it is sound
     */
    record Outcome(@Nullable Object value, @Nullable String problem) {}

    Outcome read(byte[] d, int p, int end) {
        String text = new String(d, p, end - p, StandardCharsets.UTF_8);
        try (JsonParser parser = factory.createParser(text)) {
            if (parser.nextToken() == null) {
                return new Outcome(null, null);
            }
            Object value = root(parser);
            return value == null ? new Outcome(null, "it is null") : new Outcome(value, null);
        } catch (PartialValueException e) {
            return new Outcome(e.value(), e.problem());
        } catch (JsonProcessingException | RuntimeException e) {
            return new Outcome(null, Problems.describe(e));
        } catch (IOException e) {
            throw new UncheckedIOException("reading text in memory cannot fail", e);
        }
    }

    private @Nullable Object root(JsonParser parser) throws IOException {
        DataType type = shape.type();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        } else if (type instanceof StructType struct && token == JsonToken.START_OBJECT) {
            return object(parser, struct, shape.corruptColumn());
        } else if (type instanceof ArrayType array
                && array.elementType() instanceof StructType struct
                && token == JsonToken.START_OBJECT) {
            return singleton(parser, struct);
        } else if (type instanceof StructType && token == JsonToken.START_ARRAY) {
            throw new FieldException("an array stands where one object is wanted");
        }
        return value(parser, type);
    }

    private List<@Nullable Object> singleton(JsonParser parser, StructType struct) throws IOException {
        List<@Nullable Object> list = new ArrayList<>(1);
        try {
            list.add(object(parser, struct, OptionalInt.empty()));
            return list;
        } catch (PartialValueException e) {
            list.add(e.value());
            throw new PartialValueException(list, e.problem());
        }
    }

    private @Nullable Object value(JsonParser parser, DataType type) throws IOException {
        JsonToken token = parser.currentToken();
        while (token == JsonToken.FIELD_NAME) {
            token = parser.nextToken();
        }
        if (token == null || token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (type instanceof AtomicType atomic) {
            return atomic(parser, token, atomic);
        } else if (type instanceof DecimalType decimal) {
            return decimal(parser, token, decimal);
        } else if (type instanceof StructType struct && token == JsonToken.START_OBJECT) {
            return object(parser, struct, OptionalInt.empty());
        } else if (type instanceof ArrayType array && token == JsonToken.START_ARRAY) {
            return array(parser, array);
        } else if (type instanceof MapType map && token == JsonToken.START_OBJECT) {
            return map(parser, map);
        }
        throw mismatch(parser, token, type);
    }

    private @Nullable Object atomic(JsonParser parser, JsonToken token, AtomicType type) throws IOException {
        boolean integer = token == JsonToken.VALUE_NUMBER_INT;
        boolean number = integer || token == JsonToken.VALUE_NUMBER_FLOAT;
        boolean string = token == JsonToken.VALUE_STRING;
        switch (type) {
            case STRING -> {
                return string ? parser.getText() : copy(parser);
            }
            case NULL -> {
                return null;
            }
            case BOOLEAN -> {
                if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
                    return token == JsonToken.VALUE_TRUE;
                }
            }
            case TINYINT -> {
                if (integer) {
                    return (int) parser.getByteValue(); // takes 128 to 255 too, as a byte with the same bits
                }
            }
            case SMALLINT -> {
                if (integer) {
                    return (int) parser.getShortValue();
                }
            }
            case INT -> {
                if (integer) {
                    return parser.getIntValue();
                }
            }
            case BIGINT -> {
                if (integer) {
                    return parser.getLongValue();
                }
            }
            case FLOAT -> {
                if (number) {
                    return parser.getFloatValue();
                } else if (string && parser.getTextLength() >= 1) {
                    return (float) nonNumeric(parser.getText());
                }
            }
            case DOUBLE -> {
                if (number) {
                    return parser.getDoubleValue();
                } else if (string && parser.getTextLength() >= 1) {
                    return nonNumeric(parser.getText());
                }
            }
            case BINARY -> {
                if (string) {
                    return parser.getBinaryValue();
                }
            }
            case TIMESTAMP -> {
                if (string && parser.getTextLength() >= 1) {
                    byte[] text = utf8(parser);
                    return valid(temporal.timestamp(text, 0, text.length), type);
                } else if (integer) {
                    return parser.getLongValue() * 1_000_000L;
                }
            }
            case TIMESTAMP_NTZ -> {
                if (string && parser.getTextLength() >= 1) {
                    byte[] text = utf8(parser);
                    return valid(temporal.timestampNtz(text, 0, text.length), type);
                }
            }
            case DATE -> {
                if (string && parser.getTextLength() >= 1) {
                    byte[] text = utf8(parser);
                    return (int) valid(temporal.date(text, 0, text.length), type);
                }
            }
        }
        throw mismatch(parser, token, type);
    }

    private static byte[] utf8(JsonParser parser) throws IOException {
        return parser.getText().getBytes(StandardCharsets.UTF_8);
    }

    private static long valid(long value, DataType type) {
        if (value == TemporalText.INVALID) {
            throw new FieldException("a text cannot be read as " + type.sql());
        }
        return value;
    }

    private double nonNumeric(String text) {
        if (allowNonNumeric) {
            switch (text) {
                case "NaN" -> {
                    return Double.NaN;
                }
                case "+INF", "+Infinity", "Infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-INF", "-Infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> throw new FieldException("a string stands where a number is wanted");
            }
        }
        throw new FieldException("a string stands where a number is wanted");
    }

    private static BigDecimal decimal(JsonParser parser, JsonToken token, DecimalType type) throws IOException {
        BigDecimal value;
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            value = parser.getDecimalValue();
        } else if (token == JsonToken.VALUE_STRING && parser.getTextLength() >= 1) {
            value = new BigDecimal(parser.getText().replace(",", ""));
        } else {
            throw mismatch(parser, token, type);
        }
        if (value.signum() != 0 && (long) value.precision() - value.scale() > MAX_DECIMAL_SHIFT) {
            throw new FieldException("a number does not fit " + type.sql());
        } else if (value.scale() > MAX_DECIMAL_SHIFT + value.precision() || value.signum() == 0) {
            value = BigDecimal.ZERO; // so near to it that no digit is left
        }
        BigDecimal scaled = value.setScale(type.scale(), RoundingMode.HALF_UP);
        if (scaled.precision() > type.precision()) {
            throw new FieldException("a number does not fit " + type.sql());
        }
        return scaled;
    }

    /** Returns the text of a value that is no string: written anew by the generator, as Spark does. */
    private byte[] copy(JsonParser parser) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = factory.createGenerator(out, JsonEncoding.UTF8)) {
            generator.copyCurrentStructure(parser);
        }
        return out.toByteArray();
    }

    private @Nullable Object[] object(JsonParser parser, StructType struct, OptionalInt hidden) throws IOException {
        @Nullable Object[] row = new @Nullable Object[struct.size()];
        String problem = null;
        while (nextUntil(parser, JsonToken.END_OBJECT)) {
            int ordinal = ordinal(struct, parser.currentName(), hidden);
            if (ordinal < 0) {
                parser.skipChildren();
                continue;
            }
            try {
                row[ordinal] = value(parser, struct.field(ordinal).dataType());
            } catch (PartialValueException e) {
                problem = problem == null ? e.problem() : problem;
                row[ordinal] = e.value();
            } catch (IOException | RuntimeException e) {
                problem =
                        problem == null ? Problems.inField(struct.field(ordinal).name(), e) : problem;
                parser.skipChildren();
            }
        }
        if (problem != null) {
            throw new PartialValueException(row, problem);
        }
        return row;
    }

    private static int ordinal(StructType struct, @Nullable String name, OptionalInt hidden) {
        for (int i = struct.size() - 1; i >= 0 && name != null; i--) {
            if (struct.field(i).name().equals(name) && (hidden.isEmpty() || hidden.getAsInt() != i)) {
                return i;
            }
        }
        return -1;
    }

    private List<@Nullable Object> array(JsonParser parser, ArrayType type) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        String problem = null;
        while (nextUntil(parser, JsonToken.END_ARRAY)) {
            try {
                list.add(value(parser, type.elementType()));
            } catch (PartialValueException e) {
                problem = problem == null ? e.problem() : problem;
                list.add(e.value());
            }
        }
        if (problem != null) {
            throw new PartialValueException(list, problem);
        }
        return list;
    }

    private ReadValues.Entries map(JsonParser parser, MapType type) throws IOException {
        ReadValues.Entries entries = new ReadValues.Entries(new ArrayList<>(), new ArrayList<>());
        String problem = null;
        String broken = null;
        while (nextUntil(parser, JsonToken.END_OBJECT)) {
            String key = parser.currentName();
            try {
                Object value = value(parser, type.valueType());
                entries.keys().add(key);
                entries.values().add(value);
            } catch (PartialValueException e) {
                problem = problem == null ? e.problem() : problem;
                entries.keys().add(key);
                entries.values().add(e.value());
            } catch (IOException | RuntimeException e) {
                broken = broken == null ? Problems.describe(e) : broken;
                parser.skipChildren();
            }
        }
        if (broken != null) {
            throw new FieldException(broken);
        } else if (problem != null) {
            throw new PartialValueException(entries, problem);
        }
        return entries;
    }

    private static boolean nextUntil(JsonParser parser, JsonToken stop) throws IOException {
        JsonToken token = parser.nextToken();
        return token != null && token != stop;
    }

    private static FieldException mismatch(JsonParser parser, JsonToken token, DataType type) throws IOException {
        if (token == JsonToken.VALUE_STRING && parser.getTextLength() < 1) {
            return new FieldException("an empty string stands where " + type.sql() + " is wanted");
        }
        parser.getText(); // completes the token, which may show that it is broken
        return new FieldException(Problems.kind(token) + " stands where " + type.sql() + " is wanted");
    }
}
