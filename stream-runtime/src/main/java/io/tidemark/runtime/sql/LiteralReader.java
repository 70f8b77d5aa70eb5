package io.tidemark.runtime.sql;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.Expression.Literal;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BigDecimalLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BigIntLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DecimalLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DoubleLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExponentLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.FloatLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntegerLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NumberContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SmallIntLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StringLitContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TinyIntLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TypeConstructorContext;

/** Reads constants: numbers with their suffixes and typed literals such as {@code DATE'2026-01-31'}. */
final class LiteralReader {
    private static final BigInteger MAX_INT = BigInteger.valueOf(Integer.MAX_VALUE);
    private static final BigInteger MIN_INT = BigInteger.valueOf(Integer.MIN_VALUE);
    private static final int MAX_LONG_BITS = 63;

    private LiteralReader() {}

    static Literal number(NumberContext number) {
        Origin origin = Positions.of(number);
        String text = number.getText();
        try {
            if (number instanceof IntegerLiteralContext) {
                return integer(text, origin);
            } else if (number instanceof BigIntLiteralContext) {
                return new Literal(Long.parseLong(without(text, 1)), AtomicType.BIGINT, origin);
            } else if (number instanceof SmallIntLiteralContext) {
                return new Literal(Short.parseShort(without(text, 1)), AtomicType.SMALLINT, origin);
            } else if (number instanceof TinyIntLiteralContext) {
                return new Literal(Byte.parseByte(without(text, 1)), AtomicType.TINYINT, origin);
            } else if (number instanceof DecimalLiteralContext) {
                return decimal(new BigDecimal(text), origin);
            } else if (number instanceof BigDecimalLiteralContext) {
                return decimal(new BigDecimal(without(text, 2)), origin);
            } else if (number instanceof ExponentLiteralContext) {
                return real(text, origin);
            } else if (number instanceof DoubleLiteralContext) {
                return real(without(text, 1), origin);
            } else if (number instanceof FloatLiteralContext) {
                return single(without(text, 1), origin);
            }
        } catch (NumberFormatException e) {
            throw outOfRange(origin);
        }
        throw Positions.unsupported("The number " + text, number);
    }

    private static String without(String text, int suffixLength) {
        return text.substring(0, text.length() - suffixLength);
    }

    private static Literal integer(String text, Origin origin) {
        BigInteger value = new BigInteger(text);
        if (value.compareTo(MIN_INT) >= 0 && value.compareTo(MAX_INT) <= 0) {
            return new Literal(value.intValue(), AtomicType.INT, origin);
        } else if (value.bitLength() <= MAX_LONG_BITS) {
            return new Literal(value.longValue(), AtomicType.BIGINT, origin);
        }
        return decimal(new BigDecimal(value), origin);
    }

    private static Literal decimal(BigDecimal value, Origin origin) {
        BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
        int precision = Math.max(plain.precision(), Math.max(plain.scale(), 1));
        if (precision > DecimalType.MAX_PRECISION) {
            throw Positions.literal(
                    "The number " + origin.text() + " has more than the 38 digits that a DECIMAL holds.", origin);
        }
        return new Literal(plain, new DecimalType(precision, plain.scale()), origin);
    }

    private static Literal real(String text, Origin origin) {
        double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw outOfRange(origin);
        }
        return new Literal(value, AtomicType.DOUBLE, origin);
    }

    private static Literal single(String text, Origin origin) {
        float value = Float.parseFloat(text);
        if (Float.isInfinite(value)) {
            throw outOfRange(origin);
        }
        return new Literal(value, AtomicType.FLOAT, origin);
    }

    private static AnalysisException outOfRange(Origin origin) {
        return Positions.literal("The number " + origin.text() + " is outside the range of its type.", origin);
    }

    /** Returns the text of one or several adjacent string literals. */
    static String string(StringLitContext literal) {
        StringBuilder text = new StringBuilder();
        literal.singleStringLit().forEach(part -> {
            if (part.singleStringLitWithoutMarker() == null) {
                throw Positions.unsupported("A parameter marker", part);
            }
            text.append(StringText.unquote(part.getText()));
        });
        return text.toString();
    }

    /**
     * Returns a typed literal. A TIMESTAMP without a zone means local time in the session's zone, which is not known
     * here: it stays a cast of its text, checked and made a constant when the query is analysed.
     */
    static Expression typed(TypeConstructorContext literal) {
        Origin origin = Positions.of(literal);
        String text = StringText.unquote(literal.singleStringLitWithoutMarker().getText());
        return switch (literal.literalType().getStart().getType()) {
            case SqlBaseParser.DATE ->
                new Literal(
                        DateTimeText.date(text).orElseThrow(() -> malformed("DATE", text, origin)),
                        AtomicType.DATE,
                        origin);
            case SqlBaseParser.TIMESTAMP_NTZ ->
                new Literal(
                        DateTimeText.localDateTime(text).orElseThrow(() -> malformed("TIMESTAMP_NTZ", text, origin)),
                        AtomicType.TIMESTAMP_NTZ,
                        origin);
            case SqlBaseParser.TIMESTAMP, SqlBaseParser.TIMESTAMP_LTZ -> {
                if (!DateTimeText.isTimestamp(text)) {
                    throw malformed("TIMESTAMP", text, origin);
                }
                yield new Expression.Cast(
                        new Literal(text.strip(), AtomicType.STRING, origin),
                        AtomicType.TIMESTAMP,
                        Expression.CastMode.CAST,
                        origin);
            }
            case SqlBaseParser.INTERVAL -> IntervalReader.interval(text, origin);
            case SqlBaseParser.BINARY_HEX -> new Literal(hex(text, origin), AtomicType.BINARY, origin);
            default ->
                throw Positions.unsupported(
                        "The literal " + Positions.text(literal.literalType()).toUpperCase(Locale.ROOT) + " '…'",
                        literal);
        };
    }

    private static byte[] hex(String text, Origin origin) {
        String digits = text.length() % 2 == 0 ? text : "0" + text;
        byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(digits.charAt(2 * i), 16);
            int low = Character.digit(digits.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0) {
                throw malformed("X", text, origin);
            }
            bytes[i] = (byte) (high * 16 + low);
        }
        return bytes;
    }

    private static AnalysisException malformed(String type, String text, Origin origin) {
        return Positions.literal("The value of the literal " + type + " '" + text + "' cannot be read.", origin);
    }
}
