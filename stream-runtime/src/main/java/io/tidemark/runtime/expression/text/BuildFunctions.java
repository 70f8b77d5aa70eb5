package io.tidemark.runtime.expression.text;

import static io.tidemark.runtime.expression.text.TextArguments.bytes;
import static io.tidemark.runtime.expression.text.TextArguments.integer;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.BytesVectorBuilder;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.collection.ArrayKernels;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowKernel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Functions that put strings together from others. {@code concat} and {@code reverse} take arrays too. */
final class BuildFunctions {
    private BuildFunctions() {}

    static List<FunctionDefinition> all() {
        List<FunctionDefinition> all = new ArrayList<>(List.of(
                Builtin.of("concat", BuildFunctions::bindConcat, BuildFunctions::concat),
                Builtin.of("concat_ws", BuildFunctions::bindConcatWs, BuildFunctions::concatWs),
                Builtin.of("reverse", BuildFunctions::bindReverse, BuildFunctions::reverse),
                Builtin.of("repeat", TextArguments.typed(2, "si", AtomicType.STRING), BuildFunctions::repeat),
                Builtin.of("space", TextArguments.typed(1, "i", AtomicType.STRING), BuildFunctions::space),
                pad("lpad", true),
                pad("rpad", false),
                Builtin.of("replace", TextArguments.strings(2, 3, AtomicType.STRING), BuildFunctions::replace),
                Builtin.of("translate", TextArguments.strings(3, 3, AtomicType.STRING), BuildFunctions::translate),
                Builtin.of("overlay", BuildFunctions::bindOverlay, BuildFunctions::overlay),
                Builtin.of(
                                "chr",
                                arguments -> {
                                    arguments.count(1).cast(0, AtomicType.BIGINT);
                                    return arguments.call(AtomicType.STRING);
                                },
                                BuildFunctions::chr)
                        .alias("char"),
                Builtin.of("format_string", BuildFunctions::bindFormat, FormatString::kernel)
                        .alias("printf")));
        all.addAll(CaseFunctions.all());
        return all;
    }

    private static BoundExpression bindConcat(Arguments arguments) {
        boolean arrays = arguments.list().stream().anyMatch(argument -> argument.type() instanceof ArrayType);
        if (arrays) {
            return arguments.call(arguments.castToCommonType(0));
        }
        boolean binary = arguments.size() > 0
                && arguments.list().stream().allMatch(argument -> argument.type() == AtomicType.BINARY);
        return binary
                ? arguments.call(AtomicType.BINARY)
                : arguments.castAll(0, AtomicType.STRING).call(AtomicType.STRING);
    }

    private static Kernel concat(BoundCall call, List<Kernel> arguments) {
        if (call.type() instanceof ArrayType type) {
            return ArrayKernels.concat(type, arguments);
        }
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            BytesVectorBuilder result = (BytesVectorBuilder) out;
            long total = 0;
            for (ColumnVector column : in) {
                total += ((BytesVector) column).lengths()[row];
            }
            byte[] data = result.reserveBytes(Math.toIntExact(total));
            int at = result.used();
            for (ColumnVector column : in) {
                at = put((BytesVector) column, row, data, at);
            }
            result.appendReserved((int) total);
        });
    }

    private static int put(BytesVector from, int row, byte[] to, int at) {
        int length = from.lengths()[row];
        System.arraycopy(from.data(), from.starts()[row], to, at, length);
        return at + length;
    }

    private static BoundExpression bindConcatWs(Arguments arguments) {
        arguments.count(1, Integer.MAX_VALUE).cast(0, AtomicType.STRING);
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.type(i) instanceof ArrayType) {
                arguments.cast(i, new ArrayType(AtomicType.STRING, true));
            } else {
                arguments.cast(i, AtomicType.STRING);
            }
        }
        return arguments.call(AtomicType.STRING, arguments.get(0).nullable());
    }

    private static Kernel concatWs(BoundCall call, List<Kernel> arguments) {
        return RowKernel.lenient(call.type(), arguments, (in, row, out) -> {
            BytesVectorBuilder result = (BytesVectorBuilder) out;
            if (in[0].isNull(row)) {
                result.appendNull();
                return;
            }
            BytesVector separator = bytes(in, 0);
            int used = 0;
            boolean first = true;
            for (int i = 1; i < in.length; i++) {
                if (in[i].isNull(row)) {
                    continue;
                }
                boolean array = in[i] instanceof ArrayVector;
                BytesVector texts = array ? (BytesVector) ((ArrayVector) in[i]).elements() : bytes(in, i);
                int from = array ? ((ArrayVector) in[i]).starts()[row] : row;
                int until = array ? from + ((ArrayVector) in[i]).lengths()[row] : row + 1;
                for (int j = from; j < until; j++) {
                    if (!texts.isNull(j)) {
                        used = first ? used : join(result, used, separator, row);
                        used = join(result, used, texts, j);
                        first = false;
                    }
                }
            }
            result.reserveBytes(0);
            result.appendReserved(used);
        });
    }

    private static int join(BytesVectorBuilder out, int used, BytesVector text, int row) {
        byte[] data = out.reserveBytes(Math.addExact(used, text.lengths()[row]));
        return put(text, row, data, out.used() + used) - out.used();
    }

    private static BoundExpression bindReverse(Arguments arguments) {
        arguments.count(1);
        if (!(arguments.type(0) instanceof ArrayType)) {
            arguments.cast(0, AtomicType.STRING);
        }
        return arguments.call(arguments.type(0));
    }

    private static Kernel reverse(BoundCall call, List<Kernel> arguments) {
        if (call.type() instanceof ArrayType type) {
            return ArrayKernels.reverse(type, arguments);
        }
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            BytesVectorBuilder result = (BytesVectorBuilder) out;
            BytesVector text = bytes(in, 0);
            int p = text.starts()[row];
            int length = text.lengths()[row];
            byte[] to = result.reserveBytes(length);
            int at = result.used() + length;
            for (int i = p; i < p + length; ) {
                int character = Math.min(Utf8.length(text.data()[i]), p + length - i);
                at -= character;
                System.arraycopy(text.data(), i, to, at, character);
                i += character;
            }
            result.appendReserved(length);
        });
    }

    private static Kernel repeat(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            BytesVectorBuilder result = (BytesVectorBuilder) out;
            BytesVector text = bytes(in, 0);
            int times = Math.max(0, integer(in, 1, row));
            int total = Math.multiplyExact(times, text.lengths()[row]);
            byte[] to = result.reserveBytes(total);
            int at = result.used();
            for (int i = 0; i < times && total > 0; i++) {
                at = put(text, row, to, at);
            }
            result.appendReserved(total);
        });
    }

    private static Kernel space(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> ((BytesVectorBuilder) out)
                .appendString(" ".repeat(Math.max(0, integer(in, 0, row)))));
    }

    private static Builtin pad(String name, boolean left) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(2, 3);
                    arguments.cast(1, AtomicType.INT);
                    if (arguments.size() == 2) {
                        TextArguments.textOrBinary(arguments, 0);
                    } else {
                        TextArguments.sameTextOrBinary(arguments, 0, 2);
                    }
                    return arguments.call(arguments.type(0));
                },
                (call, arguments) -> padKernel(call, arguments, left));
    }

    private static Kernel padKernel(BoundCall call, List<Kernel> arguments, boolean left) {
        boolean binary = call.type() == AtomicType.BINARY;
        byte[] usual = {(byte) (binary ? 0 : ' ')};
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            BytesVector text = bytes(in, 0);
            byte[] pad = usual;
            int padFrom = 0;
            int padUntil = 1;
            if (in.length > 2) {
                BytesVector given = bytes(in, 2);
                pad = given.data();
                padFrom = given.starts()[row];
                padUntil = padFrom + given.lengths()[row];
            }
            int p = text.starts()[row];
            int end = p + text.lengths()[row];
            int wanted = Math.max(0, integer(in, 1, row));
            int held = binary ? end - p : Utf8.count(text.data(), p, end);
            BytesVectorBuilder result = (BytesVectorBuilder) out;
            if (wanted <= held || padFrom == padUntil) {
                int cut = binary ? Math.min(end, p + Math.min(wanted, held)) : Utf8.skip(text.data(), p, end, wanted);
                result.appendBytes(text.data(), p, cut - p);
                return;
            }
            int missing = wanted - held;
            int padHolds = binary ? padUntil - padFrom : Utf8.count(pad, padFrom, padUntil);
            int rest = missing % padHolds;
            int restEnd = binary ? padFrom + rest : Utf8.skip(pad, padFrom, padUntil, rest);
            int padding = Math.addExact(Math.multiplyExact(missing / padHolds, padUntil - padFrom), restEnd - padFrom);
            byte[] to = result.reserveBytes(Math.addExact(padding, end - p));
            int at = result.used();
            if (!left) {
                System.arraycopy(text.data(), p, to, at, end - p);
                at += end - p;
            }
            for (int i = 0; i < missing / padHolds; i++) {
                System.arraycopy(pad, padFrom, to, at, padUntil - padFrom);
                at += padUntil - padFrom;
            }
            System.arraycopy(pad, padFrom, to, at, restEnd - padFrom);
            if (left) {
                System.arraycopy(text.data(), p, to, at + restEnd - padFrom, end - p);
            }
            result.appendReserved(padding + end - p);
        });
    }

    private static Kernel replace(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            BytesVectorBuilder result = (BytesVectorBuilder) out;
            BytesVector text = bytes(in, 0);
            BytesVector search = bytes(in, 1);
            byte[] d = text.data();
            int p = text.starts()[row];
            int end = p + text.lengths()[row];
            int from = search.starts()[row];
            int until = from + search.lengths()[row];
            int found = from == until ? -1 : Utf8.indexOf(d, p, end, search.data(), from, until);
            int used = 0;
            while (found >= 0) {
                byte[] to = result.reserveBytes(Math.addExact(used, found - p));
                System.arraycopy(d, p, to, result.used() + used, found - p);
                used += found - p;
                used = in.length > 2 ? join(result, used, bytes(in, 2), row) : used;
                p = found + until - from;
                found = Utf8.indexOf(d, p, end, search.data(), from, until);
            }
            byte[] to = result.reserveBytes(Math.addExact(used, end - p));
            System.arraycopy(d, p, to, result.used() + used, end - p);
            result.appendReserved(used + end - p);
        });
    }

    /** Characters of the second text become those at their place in the third one, or vanish where it is shorter. */
    private static Kernel translate(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            int[] text = codePoints(in, 0, row);
            int[] from = codePoints(in, 1, row);
            int[] to = codePoints(in, 2, row);
            StringBuilder result = new StringBuilder(text.length);
            for (int character : text) {
                int place = 0;
                while (place < from.length && from[place] != character) {
                    place++;
                }
                if (place == from.length) {
                    result.appendCodePoint(character);
                } else if (place < to.length) {
                    result.appendCodePoint(to[place]);
                }
            }
            ((BytesVectorBuilder) out).appendString(result.toString());
        });
    }

    private static int[] codePoints(ColumnVector[] in, int index, int row) {
        return TextArguments.string(in, index, row).codePoints().toArray();
    }

    private static BoundExpression bindOverlay(Arguments arguments) {
        arguments.count(3, 4);
        TextArguments.sameTextOrBinary(arguments, 0, 1);
        return arguments.castAll(2, AtomicType.INT).call(arguments.type(0));
    }

    private static Kernel overlay(BoundCall call, List<Kernel> arguments) {
        boolean binary = call.type() == AtomicType.BINARY;
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            BytesVector text = bytes(in, 0);
            BytesVector by = bytes(in, 1);
            byte[] d = text.data();
            int p = text.starts()[row];
            int end = p + text.lengths()[row];
            int byStart = by.starts()[row];
            int byLength = by.lengths()[row];
            int position = integer(in, 2, row);
            int given = in.length > 3 ? integer(in, 3, row) : -1;
            int replaced = given >= 0 ? given : binary ? byLength : Utf8.count(by.data(), byStart, byStart + byLength);
            int before = (int) Math.max(0, (long) position - 1);
            int headEnd = binary ? Math.min(end, Math.addExact(p, before)) : Utf8.skip(d, p, end, before);
            int behind = (int) Math.min(Integer.MAX_VALUE, Math.max(0, (long) position - 1 + replaced));
            int tail = binary ? (int) Math.min(end, (long) p + behind) : Utf8.skip(d, p, end, behind);
            BytesVectorBuilder result = (BytesVectorBuilder) out;
            byte[] to = result.reserveBytes(headEnd - p + byLength + end - tail);
            int at = result.used();
            System.arraycopy(d, p, to, at, headEnd - p);
            System.arraycopy(by.data(), byStart, to, at + headEnd - p, byLength);
            System.arraycopy(d, tail, to, at + headEnd - p + byLength, end - tail);
            result.appendReserved(headEnd - p + byLength + end - tail);
        });
    }

    private static Kernel chr(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
            long code = ((LongVector) in[0]).values()[row];
            byte[] text = code < 0
                    ? new byte[0]
                    : String.valueOf((char) (code & 0xFF)).getBytes(StandardCharsets.UTF_8);
            ((BytesVectorBuilder) out).appendBytes(text, 0, text.length);
        });
    }

    private static BoundExpression bindFormat(Arguments arguments) {
        arguments.count(1, Integer.MAX_VALUE).cast(0, AtomicType.STRING);
        return arguments.call(AtomicType.STRING, arguments.get(0).nullable());
    }
}
