package io.tidemark.runtime.expression.text;

import static io.tidemark.runtime.expression.text.TextArguments.bytes;
import static io.tidemark.runtime.expression.text.TextArguments.integer;
import static io.tidemark.runtime.expression.text.TextArguments.string;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.LongVectorBuilder;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowKernel;
import io.tidemark.runtime.expression.function.TypeCoercion;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;

/** Bytes as text and back: hexadecimal, Base64, character sets; and digests of bytes. */
final class BinaryFunctions {
    private static final Set<String> CHARSETS =
            Set.of("us-ascii", "iso-8859-1", "utf-8", "utf-16", "utf-16be", "utf-16le", "utf-32");
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    private BinaryFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of("hex", BinaryFunctions::bindHex, BinaryFunctions::hex),
                Builtin.of("unhex", nullable("s", AtomicType.BINARY), BinaryFunctions::unhex),
                Builtin.of("base64", TextArguments.typed(1, "b", AtomicType.STRING), BinaryFunctions::base64),
                Builtin.of("unbase64", TextArguments.typed(1, "s", AtomicType.BINARY), BinaryFunctions::unbase64),
                Builtin.of(
                        "md5",
                        TextArguments.typed(1, "b", AtomicType.STRING),
                        (call, arguments) -> digest(call, arguments, "MD5")),
                Builtin.of(
                                "sha1",
                                TextArguments.typed(1, "b", AtomicType.STRING),
                                (call, arguments) -> digest(call, arguments, "SHA-1"))
                        .alias("sha"),
                Builtin.of("sha2", nullable("bi", AtomicType.STRING), BinaryFunctions::sha2),
                Builtin.of("crc32", TextArguments.typed(1, "b", AtomicType.BIGINT), BinaryFunctions::crc32),
                Builtin.of("encode", TextArguments.typed(2, "ss", AtomicType.BINARY), BinaryFunctions::encode),
                Builtin.of("decode", TextArguments.typed(2, "bs", AtomicType.STRING), BinaryFunctions::decode));
    }

    private static Builtin.Typing nullable(String types, AtomicType result) {
        return arguments -> TextArguments.cast(arguments, types.length(), types).call(result, true);
    }

    private static void append(VectorBuilder out, byte[] value) {
        ((BytesVectorBuilder) out).appendBytes(value, 0, value.length);
    }

    private static BoundExpression bindHex(Arguments arguments) {
        arguments.count(1);
        if (TypeCoercion.isNumeric(arguments.type(0))) {
            arguments.cast(0, AtomicType.BIGINT);
        } else {
            TextArguments.textOrBinary(arguments, 0);
        }
        return arguments.call(AtomicType.STRING);
    }

    private static Kernel hex(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            String text;
            if (in[0] instanceof LongVector longs) {
                text = Long.toHexString(longs.values()[row]).toUpperCase(Locale.ROOT);
            } else {
                BytesVector from = bytes(in, 0);
                int p = from.starts()[row];
                text = UPPER.formatHex(from.data(), p, p + from.lengths()[row]);
            }
            ((BytesVectorBuilder) out).appendString(text);
        });
    }

    private static Kernel unhex(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            String text = string(in, 0, row);
            try {
                append(out, HexFormat.of().parseHex(text.length() % 2 == 0 ? text : "0" + text));
            } catch (IllegalArgumentException e) {
                out.appendNull();
            }
        });
    }

    private static Kernel base64(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(
                call.type(),
                arguments,
                (in, row, out) ->
                        append(out, Base64.getMimeEncoder().encode(bytes(in, 0).bytes(row))));
    }

    private static Kernel unbase64(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            try {
                append(out, Base64.getMimeDecoder().decode(bytes(in, 0).bytes(row)));
            } catch (IllegalArgumentException e) {
                throw new EvaluationException(
                        "CONVERSION_INVALID_INPUT",
                        "unbase64 was given a text that is not Base64: " + e.getMessage() + ". Correct the text.");
            }
        });
    }

    private static Kernel digest(BoundCall call, List<Kernel> arguments, String algorithm) {
        return RowKernel.strictPerBatch(call.type(), arguments, context -> {
            MessageDigest digest = algorithm(algorithm);
            return (in, row, out) -> appendDigest(digest, in, row, out);
        });
    }

    private static void appendDigest(MessageDigest digest, ColumnVector[] in, int row, VectorBuilder out) {
        BytesVector from = bytes(in, 0);
        digest.update(from.data(), from.starts()[row], from.lengths()[row]);
        ((BytesVectorBuilder) out).appendString(HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest algorithm(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has " + name, e);
        }
    }

    private static Kernel sha2(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            int bits = integer(in, 1, row);
            switch (bits) {
                case 0, 256 -> appendDigest(algorithm("SHA-256"), in, row, out);
                case 224, 384, 512 -> appendDigest(algorithm("SHA-" + bits), in, row, out);
                default -> out.appendNull();
            }
        });
    }

    private static Kernel crc32(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            BytesVector from = bytes(in, 0);
            CRC32 sum = new CRC32();
            sum.update(from.data(), from.starts()[row], from.lengths()[row]);
            ((LongVectorBuilder) out).appendLong(sum.getValue());
        });
    }

    private static Charset charset(String name, String function) {
        if (!CHARSETS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new EvaluationException(
                    "INVALID_PARAMETER_VALUE.CHARSET",
                    "The value of parameter(s) `charset` in `" + function
                            + "` is invalid: expects one of the iso-8859-1, us-ascii, utf-16, utf-16be, utf-16le, utf-32,"
                            + " utf-8, but got " + name + ".");
        }
        return Charset.forName(name);
    }

    private static EvaluationException malformed(String function, String charset) {
        return new EvaluationException(
                "MALFORMED_CHARACTER_CODING",
                "Invalid value found when performing `" + function + "` with " + charset + ".");
    }

    private static Kernel encode(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            String charset = string(in, 1, row);
            try {
                ByteBuffer encoded = charset(charset, "encode")
                        .newEncoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .encode(CharBuffer.wrap(string(in, 0, row)));
                ((BytesVectorBuilder) out).appendBytes(encoded.array(), encoded.position(), encoded.remaining());
            } catch (CharacterCodingException e) {
                throw malformed("encode", charset);
            }
        });
    }

    private static Kernel decode(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            String charset = string(in, 1, row);
            try {
                CharBuffer decoded = charset(charset, "decode")
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(ByteBuffer.wrap(bytes(in, 0).bytes(row)));
                append(out, decoded.toString().getBytes(StandardCharsets.UTF_8));
            } catch (CharacterCodingException e) {
                throw malformed("decode", charset);
            }
        });
    }
}
