package io.tidemark.runtime.expression.text;

import static io.tidemark.runtime.expression.text.TextArguments.bytes;
import static io.tidemark.runtime.expression.text.TextArguments.integer;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BooleanVectorBuilder;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVectorBuilder;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import io.tidemark.runtime.expression.function.RowKernel;
import java.util.List;

/** Functions that look for one string in another, and those that measure one. */
final class SearchFunctions {
    private SearchFunctions() {}

    /** Says whether the second text is where it should be in the first one. */
    private interface Test {
        boolean test(byte[] d, int p, int end, byte[] n, int np, int nend);
    }

    static List<FunctionDefinition> all() {
        return List.of(
                test("contains", (d, p, end, n, np, nend) -> Utf8.indexOf(d, p, end, n, np, nend) >= 0),
                test(
                        "startswith",
                        (d, p, end, n, np, nend) -> nend - np <= end - p && Utf8.equal(d, p, n, np, nend - np)),
                test(
                        "endswith",
                        (d, p, end, n, np, nend) ->
                                nend - np <= end - p && Utf8.equal(d, end - (nend - np), n, np, nend - np)),
                Builtin.of("instr", TextArguments.strings(2, 2, AtomicType.INT), SearchFunctions::instr),
                Builtin.of("locate", SearchFunctions::bindLocate, SearchFunctions::locate)
                        .alias("position"),
                measure("length", false, 1).alias("char_length", "character_length", "len"),
                measure("octet_length", true, 1),
                measure("bit_length", true, 8),
                Builtin.of("ascii", TextArguments.strings(1, 1, AtomicType.INT), SearchFunctions::ascii));
    }

    private static Builtin test(String name, Test test) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(2);
                    TextArguments.sameTextOrBinary(arguments, 0, 1);
                    return arguments.call(AtomicType.BOOLEAN);
                },
                (call, arguments) -> RowKernel.strict(call.type(), arguments, (in, row, out) -> {
                    BytesVector text = bytes(in, 0);
                    BytesVector part = bytes(in, 1);
                    int p = text.starts()[row];
                    int np = part.starts()[row];
                    ((BooleanVectorBuilder) out)
                            .appendBoolean(test.test(
                                    text.data(),
                                    p,
                                    p + text.lengths()[row],
                                    part.data(),
                                    np,
                                    np + part.lengths()[row]));
                }));
    }

    private static Kernel instr(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (in, row, out) -> ((IntVectorBuilder) out)
                .appendInt(find(bytes(in, 0), bytes(in, 1), row, 1)));
    }

    /** Returns the place of a part, in characters from 1, not before {@code position}; 0 if it is not there. */
    private static int find(BytesVector text, BytesVector part, int row, int position) {
        if (position < 1) {
            return 0;
        } else if (part.lengths()[row] == 0) {
            return 1;
        }
        byte[] d = text.data();
        int p = text.starts()[row];
        int end = p + text.lengths()[row];
        int np = part.starts()[row];
        int from = Utf8.skip(d, p, end, position - 1);
        int found = Utf8.indexOf(d, from, end, part.data(), np, np + part.lengths()[row]);
        return found < 0 ? 0 : Utf8.count(d, p, found) + 1;
    }

    private static BoundExpression bindLocate(Arguments arguments) {
        TextArguments.cast(arguments, 2, "ssi");
        boolean nullable =
                arguments.get(0).nullable() || arguments.get(1).nullable(); // a position of null finds nothing
        return arguments.call(AtomicType.INT, nullable);
    }

    private static Kernel locate(BoundCall call, List<Kernel> arguments) {
        return RowKernel.lenient(call.type(), arguments, (in, row, out) -> {
            IntVectorBuilder places = (IntVectorBuilder) out;
            if (in.length > 2 && in[2].isNull(row)) {
                places.appendInt(0);
            } else if (in[0].isNull(row) || in[1].isNull(row)) {
                places.appendNull();
            } else {
                places.appendInt(find(bytes(in, 1), bytes(in, 0), row, in.length > 2 ? integer(in, 2, row) : 1));
            }
        });
    }

    private static Builtin measure(String name, boolean inBytes, int factor) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(1);
                    TextArguments.textOrBinary(arguments, 0);
                    return arguments.call(AtomicType.INT);
                },
                (call, arguments) -> {
                    boolean plain = inBytes || call.arguments().get(0).type() == AtomicType.BINARY;
                    return RowKernel.strict(call.type(), arguments, (in, row, out) -> {
                        BytesVector text = bytes(in, 0);
                        int length = text.lengths()[row];
                        int start = text.starts()[row];
                        int count = plain ? length * factor : Utf8.count(text.data(), start, start + length);
                        ((IntVectorBuilder) out).appendInt(count);
                    });
                });
    }

    private static Kernel ascii(BoundCall call, List<Kernel> arguments) {
        return RowKernel.strict(call.type(), arguments, (ColumnVector[] in, int row, VectorBuilder out) -> {
            BytesVector text = bytes(in, 0);
            int start = text.starts()[row];
            int length = text.lengths()[row];
            ((IntVectorBuilder) out).appendInt(length == 0 ? 0 : Utf8.codePoint(text.data(), start, start + length));
        });
    }
}
