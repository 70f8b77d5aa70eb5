package io.tidemark.runtime.expression.json;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Draws JSON texts that more or less fit a type. */
final class JsonText {
    private static final String[] STRINGS = {
        "",
        "x",
        "plain text of some length, longer than eight",
        "tab\\t",
        "quote\\\"",
        "back\\\\slash",
        "sl\\/ash",
        "\\u0041\\u00e9\\u20AC",
        "\\ud83d\\ude00",
        "\\ud800",
        "é€😀",
        "NaN",
        "-Infinity",
        "1",
        "true",
        "null"
    };
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "-1",
        "42",
        "127",
        "128",
        "255",
        "256",
        "-129",
        "32768",
        "2147483647",
        "2147483648",
        "-2147483648",
        "999999999999999999",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "1.0",
        "1.5",
        "-0.0",
        "0.1",
        "1e3",
        "1E-3",
        "1e400",
        "1e-400",
        "123456789.123456789",
        "0.30000000000000004",
        "1e22",
        "1e23",
        "8.41E21",
        "9007199254740993",
        "123456789012345678901234567890",
        "1.25",
        "-1.2345",
        "100000000.001",
        "5e-324",
        "2.2250738585072014E-308",
        "16777217",
        "3.4028236e38",
        "0.000001",
        "NaN",
        "Infinity",
        "01",
        "+1",
        ".5",
        "5.",
        "1e"
    };
    private static final String[] TIMES = {
        "2026-03-01T12:34:56.789Z",
        "2026-03-01 12:34:56",
        "2026-03-01T12:34:56+02:00",
        "2026-03-01",
        "2026-3-1",
        "2026",
        "2026-02-30",
        "1969-12-31T23:59:59.999999",
        "2026-03-08T02:30:00",
        "2026-11-01T01:30:00",
        "12:30",
        " 2026-03-01 ",
        "2026-03-01T12:34:56GMT+01:00",
        "12",
        "-7",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.999999999Z",
        "x",
        "T"
    };

    private final Random random;
    private final DataType type;
    private final double wrong;
    private boolean plain;

    /** @param wrong how often a value is of another type than it should be */
    JsonText(Random random, DataType type, double wrong) {
        this.random = random;
        this.type = type;
        this.wrong = wrong;
    }

    byte[] record() {
        StringBuilder out = new StringBuilder();
        plain = random.nextBoolean(); // half of the records keep to what producers usually write
        space(out);
        value(out, type, 0);
        space(out);
        if (random.nextInt(40) == 0) {
            out.append(" trailing");
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value(StringBuilder out, DataType wanted, int depth) {
        if (depth > 0 && random.nextInt(20) == 0) {
            out.append("null");
        } else if (depth > 0 && random.nextDouble() < wrong) {
            anything(out, depth);
        } else if (wanted instanceof StructType struct) {
            object(out, struct, depth);
        } else if (wanted instanceof ArrayType array) {
            list(out, array.elementType(), depth);
        } else if (wanted instanceof MapType map) {
            entries(out, map.valueType(), depth);
        } else if (wanted instanceof DecimalType) {
            out.append(!plain && random.nextInt(5) == 0 ? '"' + number() + '"' : number());
        } else {
            atomic(out, (AtomicType) wanted, depth);
        }
    }

    private void atomic(StringBuilder out, AtomicType wanted, int depth) {
        switch (wanted) {
            case BOOLEAN -> out.append(random.nextBoolean());
            case TINYINT, SMALLINT, INT, BIGINT ->
                out.append(!plain && random.nextInt(20) == 0 ? number() : "" + random.nextInt(plain ? 128 : 200));
            case FLOAT, DOUBLE -> out.append(number());
            case TIMESTAMP, TIMESTAMP_NTZ, DATE -> {
                if (!plain && random.nextInt(10) == 0) {
                    out.append(number());
                } else {
                    out.append('"')
                            .append(plain ? TIMES[random.nextBoolean() ? 1 : 3] : pick(TIMES))
                            .append('"');
                }
            }
            default -> {
                if (!plain && random.nextInt(6) == 0) {
                    anything(out, depth);
                } else {
                    out.append('"').append(pick(STRINGS)).append('"');
                }
            }
        }
    }

    private void anything(StringBuilder out, int depth) {
        switch (random.nextInt(depth > 4 ? 4 : 6)) {
            case 0 -> out.append('"').append(pick(STRINGS)).append('"');
            case 1 -> out.append(number());
            case 2 -> out.append(random.nextBoolean());
            case 3 -> out.append("null");
            case 4 -> list(out, AtomicType.STRING, depth);
            default -> entries(out, AtomicType.STRING, depth);
        }
    }

    private void object(StringBuilder out, StructType struct, int depth) {
        List<StructField> fields = new ArrayList<>(struct.fields());
        if (random.nextBoolean()) {
            Collections.shuffle(fields, random);
        }
        out.append('{');
        String comma = "";
        for (StructField field : fields) {
            int times = random.nextInt(8) == 0 ? 0 : !plain && random.nextInt(80) == 0 ? 2 : 1;
            for (int i = 0; i < times; i++) {
                member(out, comma, field.name());
                value(out, field.dataType(), depth + 1);
                comma = ",";
            }
            if (random.nextInt(6) == 0) {
                member(out, comma, "unknown" + random.nextInt(3));
                anything(out, depth + 1);
                comma = ",";
            }
        }
        space(out);
        out.append('}');
    }

    private void member(StringBuilder out, String comma, String name) {
        out.append(comma);
        space(out);
        boolean escaped = !plain && random.nextInt(300) == 0 && !name.isEmpty();
        String shown = escaped
                ? String.format(java.util.Locale.ROOT, "\\u%04x", (int) name.charAt(0)) + name.substring(1)
                : name;
        out.append('"').append(shown).append('"');
        space(out);
        out.append(':');
        space(out);
    }

    private void list(StringBuilder out, DataType element, int depth) {
        out.append('[');
        for (int i = random.nextInt(4); i > 0; i--) {
            space(out);
            value(out, element, depth + 1);
            out.append(i > 1 ? "," : "");
            space(out);
        }
        out.append(']');
    }

    private void entries(StringBuilder out, DataType valueType, int depth) {
        out.append('{');
        String comma = "";
        for (int i = random.nextInt(4); i > 0; i--) {
            member(out, comma, !plain && random.nextInt(6) == 0 ? pick(STRINGS) : "k" + i);
            value(out, valueType, depth + 1);
            comma = ",";
        }
        out.append('}');
    }

    private String number() {
        if (plain) {
            return random.nextInt(100_000) + (random.nextBoolean() ? "" : "." + random.nextInt(1_000));
        }
        return switch (random.nextInt(4)) {
            case 0 -> NUMBERS[random.nextInt(NUMBERS.length - 7)];
            case 1 -> random.nextInt(30) == 0 ? pick(NUMBERS) : "7";
            case 2 -> String.valueOf(Double.longBitsToDouble(random.nextLong() & 0x7FEFFFFFFFFFFFFFL));
            default -> random.nextInt(1_000_000) + "." + random.nextInt(100_000);
        };
    }

    private void space(StringBuilder out) {
        if (random.nextInt(8) == 0) {
            out.append(random.nextBoolean() ? " " : "\r\n\t ");
        }
    }

    private String pick(String[] choices) {
        return choices[random.nextInt(plain ? Math.min(8, choices.length) : choices.length)];
    }
}
