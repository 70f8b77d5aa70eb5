package io.tidemark.runtime.expression.text;

import static io.tidemark.runtime.expression.text.RangeKernel.range;
import static io.tidemark.runtime.expression.text.TextArguments.bytes;
import static io.tidemark.runtime.expression.text.TextArguments.integer;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Builtin;
import java.util.List;

/** Functions whose result is a part of their input, with which it shares its bytes. */
final class CutFunctions {
    private static final long UNBOUNDED = 1L << 40;

    private CutFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of("substring", CutFunctions::bindSubstring, CutFunctions::substring)
                        .alias("substr"),
                Builtin.of("left", CutFunctions::bindEdge, CutFunctions::left),
                Builtin.of("right", CutFunctions::bindEdge, CutFunctions::right),
                trim("trim", true, true),
                trim("ltrim", true, false),
                trim("rtrim", false, true),
                Builtin.of(
                        "btrim",
                        TextArguments.strings(1, 2, AtomicType.STRING),
                        (call, arguments) -> trimKernel(call, arguments, 0, 1, true, true)),
                Builtin.of("split_part", TextArguments.typed(3, "ssi", AtomicType.STRING), CutFunctions::splitPart),
                Builtin.of(
                        "substring_index",
                        TextArguments.typed(3, "ssi", AtomicType.STRING),
                        CutFunctions::substringIndex));
    }

    private static BoundExpression bindSubstring(Arguments arguments) {
        arguments.count(2, 3);
        TextArguments.textOrBinary(arguments, 0);
        return arguments.castAll(1, AtomicType.INT).call(arguments.type(0));
    }

    private static BoundExpression bindEdge(Arguments arguments) {
        arguments.count(2);
        TextArguments.textOrBinary(arguments, 0);
        arguments.cast(1, AtomicType.INT);
        return arguments.call(arguments.type(0));
    }

    private static Kernel substring(BoundCall call, List<Kernel> arguments) {
        boolean binary = call.type() == AtomicType.BINARY;
        boolean bounded = arguments.size() > 2;
        return new RangeKernel(call.type(), arguments, 0, (d, p, end, in, row) -> {
            int position = integer(in, 1, row);
            long length = bounded ? integer(in, 2, row) : UNBOUNDED;
            return cut(d, p, end, binary, position, length);
        });
    }

    /** Positions count from 1, or from the end if negative; 0 is 1. What lies before the start still uses up length. */
    private static long cut(byte[] d, int p, int end, boolean binary, int position, long length) {
        long from = position > 0
                ? position - 1L
                : position < 0 ? (long) (binary ? end - p : Utf8.count(d, p, end)) + position : 0;
        long until = from + length;
        int first = (int) Math.min(Integer.MAX_VALUE, Math.max(0, from));
        int last = (int) Math.min(Integer.MAX_VALUE, Math.max(first, until));
        if (binary) {
            return range((int) Math.min(end, (long) p + first), (int) Math.min(end, (long) p + last));
        }
        int start = Utf8.skip(d, p, end, first);
        return range(start, Utf8.skip(d, start, end, last - first));
    }

    private static Kernel left(BoundCall call, List<Kernel> arguments) {
        boolean binary = call.type() == AtomicType.BINARY;
        return new RangeKernel(
                call.type(), arguments, 0, (d, p, end, in, row) -> cut(d, p, end, binary, 1, integer(in, 1, row)));
    }

    private static Kernel right(BoundCall call, List<Kernel> arguments) {
        boolean binary = call.type() == AtomicType.BINARY;
        return new RangeKernel(call.type(), arguments, 0, (d, p, end, in, row) -> {
            int wanted = integer(in, 1, row);
            if (wanted <= 0) {
                return range(p, p);
            }
            int held = binary ? end - p : Utf8.count(d, p, end);
            return cut(d, p, end, binary, Math.max(0, held - wanted) + 1, UNBOUNDED);
        });
    }

    /** With two arguments the characters to cut stand first, as {@code TRIM(BOTH c FROM s)} has them. */
    private static Builtin trim(String name, boolean front, boolean back) {
        return Builtin.of(
                name,
                TextArguments.strings(1, 2, AtomicType.STRING),
                (call, arguments) -> trimKernel(call, arguments, arguments.size() - 1, 0, front, back));
    }

    private static Kernel trimKernel(
            BoundCall call, List<Kernel> arguments, int text, int characters, boolean front, boolean back) {
        boolean spaces = arguments.size() == 1;
        return new RangeKernel(call.type(), arguments, text, (d, p, end, in, row) -> {
            if (spaces) {
                return trimSpaces(d, p, end, front, back);
            }
            BytesVector set = bytes(in, characters);
            int setStart = set.starts()[row];
            return trimSet(d, p, end, front, back, set.data(), setStart, setStart + set.lengths()[row]);
        });
    }

    private static long trimSpaces(byte[] d, int p, int end, boolean front, boolean back) {
        while (front && p < end && d[p] == ' ') {
            p++;
        }
        while (back && end > p && d[end - 1] == ' ') {
            end--;
        }
        return range(p, end);
    }

    private static long trimSet(
            byte[] d, int p, int end, boolean front, boolean back, byte[] set, int setStart, int setEnd) {
        while (front && p < end) {
            int length = Math.min(Utf8.length(d[p]), end - p);
            if (!holds(set, setStart, setEnd, d, p, length)) {
                break;
            }
            p += length;
        }
        while (back && end > p) {
            int last = end - 1;
            while (last > p && (d[last] & 0xC0) == 0x80) {
                last--;
            }
            if (!holds(set, setStart, setEnd, d, last, end - last)) {
                break;
            }
            end = last;
        }
        return range(p, end);
    }

    private static boolean holds(byte[] set, int setStart, int setEnd, byte[] d, int p, int length) {
        for (int i = setStart; i < setEnd; i += Utf8.length(set[i])) {
            if (Utf8.length(set[i]) == length && i + length <= setEnd && Utf8.equal(set, i, d, p, length)) {
                return true;
            }
        }
        return false;
    }

    private static Kernel splitPart(BoundCall call, List<Kernel> arguments) {
        return new RangeKernel(call.type(), arguments, 0, (d, p, end, in, row) -> {
            int part = integer(in, 2, row);
            if (part == 0) {
                throw new EvaluationException(
                        "INVALID_INDEX_OF_ZERO",
                        "The index 0 is invalid in split_part. Use 1 for the first part or -1 for the last one.");
            }
            return part > 0 ? nthPart(d, p, end, in, row, part) : nthPartFromEnd(d, p, end, in, row, -(long) part);
        });
    }

    private static long nthPart(byte[] d, int p, int end, ColumnVector[] in, int row, int part) {
        BytesVector delimiter = bytes(in, 1);
        int from = delimiter.starts()[row];
        int until = from + delimiter.lengths()[row];
        int start = p;
        for (int i = 1; ; i++) {
            int found = from == until ? -1 : Utf8.indexOf(d, start, end, delimiter.data(), from, until);
            if (i == part) {
                return range(start, found < 0 ? end : found);
            }
            if (found < 0) {
                return range(p, p);
            }
            start = found + until - from;
        }
    }

    private static long nthPartFromEnd(byte[] d, int p, int end, ColumnVector[] in, int row, long part) {
        BytesVector delimiter = bytes(in, 1);
        int from = delimiter.starts()[row];
        int until = from + delimiter.lengths()[row];
        int parts = 1;
        for (int at = p; from < until && (at = Utf8.indexOf(d, at, end, delimiter.data(), from, until)) >= 0; ) {
            parts++;
            at += until - from;
        }
        return part > parts ? range(p, p) : nthPart(d, p, end, in, row, (int) (parts - part + 1));
    }

    private static Kernel substringIndex(BoundCall call, List<Kernel> arguments) {
        return new RangeKernel(call.type(), arguments, 0, (d, p, end, in, row) -> {
            BytesVector delimiter = bytes(in, 1);
            int from = delimiter.starts()[row];
            int until = from + delimiter.lengths()[row];
            long count = integer(in, 2, row);
            if (count == 0 || from == until) {
                return range(p, p);
            }
            if (count > 0) {
                int at = p;
                while (true) {
                    int found = Utf8.indexOf(d, at, end, delimiter.data(), from, until);
                    if (found < 0 || --count == 0) {
                        return range(p, found < 0 ? end : found);
                    }
                    at = found + 1; // occurrences may overlap
                }
            }
            int limit = end;
            while (true) {
                int found = Utf8.lastIndexOf(d, p, limit, delimiter.data(), from, until);
                if (found < 0 || ++count == 0) {
                    return range(found < 0 ? p : found + until - from, end);
                }
                limit = found + until - from - 1;
            }
        });
    }
}
