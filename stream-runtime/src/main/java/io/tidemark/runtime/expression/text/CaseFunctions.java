package io.tidemark.runtime.expression.text;

import static io.tidemark.runtime.expression.text.TextArguments.bytes;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowKernel;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Upper and lower case. ASCII goes byte by byte, other text by the rules of Unicode without a language. */
final class CaseFunctions {
    private CaseFunctions() {}

    /** Changes one ASCII byte, given the one before it. */
    private interface AsciiCase {
        byte change(byte b, byte before);
    }

    static List<FunctionDefinition> all() {
        return List.of(
                function("upper", (b, before) -> upper(b), text -> text.toUpperCase(Locale.ROOT))
                        .alias("ucase"),
                function("lower", (b, before) -> lower(b), CaseFunctions::lower).alias("lcase"),
                function("initcap", (b, before) -> before == ' ' ? upper(b) : lower(b), CaseFunctions::initcap));
    }

    private static byte upper(byte b) {
        return b >= 'a' && b <= 'z' ? (byte) (b - 32) : b;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String initcap(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean first = true;
        for (int character : lower(text).codePoints().toArray()) {
            out.appendCodePoint(first ? Character.toTitleCase(character) : character);
            first = character == ' ';
        }
        return out.toString();
    }

    private static Builtin function(String name, AsciiCase ascii, UnaryOperator<String> other) {
        return Builtin.of(
                name,
                TextArguments.strings(1, 1, AtomicType.STRING),
                (call, arguments) -> RowKernel.strict(call.type(), arguments, (in, row, out) -> {
                    BytesVectorBuilder result = (BytesVectorBuilder) out;
                    BytesVector text = bytes(in, 0);
                    byte[] d = text.data();
                    int p = text.starts()[row];
                    int length = text.lengths()[row];
                    if (!Utf8.isAscii(d, p, p + length)) {
                        result.appendString(other.apply(text.string(row)));
                        return;
                    }
                    byte[] to = result.reserveBytes(length);
                    int at = result.used();
                    byte before = ' ';
                    for (int i = 0; i < length; i++) {
                        to[at + i] = ascii.change(d[p + i], before);
                        before = d[p + i];
                    }
                    result.appendReserved(length);
                }));
    }
}
