package io.tidemark.runtime.expression.text;

import static io.tidemark.runtime.expression.text.TextArguments.integer;
import static io.tidemark.runtime.expression.text.TextArguments.string;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.regex.BoundedText;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.ArrayVectorBuilder;
import io.tidemark.api.vector.BooleanVectorBuilder;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.BytesVectorBuilder;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Functions with regular expressions, which are Java's as in Spark. */
final class RegexFunctions {
    private static final DataType STRINGS = new ArrayType(AtomicType.STRING, false);

    private RegexFunctions() {}

    /** Appends the result of one row. */
    private interface Search {
        void append(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out);
    }

    static List<FunctionDefinition> all() {
        return List.of(
                function("rlike", TextArguments.strings(2, 2, AtomicType.BOOLEAN), RegexFunctions::rlike)
                        .alias("regexp_like", "regexp"),
                function("regexp_count", TextArguments.strings(2, 2, AtomicType.INT), RegexFunctions::count),
                function("regexp_instr", TextArguments.strings(2, 2, AtomicType.INT), RegexFunctions::instr),
                function("regexp_substr", TextArguments.strings(2, 2, AtomicType.STRING), RegexFunctions::substr),
                function("regexp_extract", TextArguments.typed(2, "ssi", AtomicType.STRING), RegexFunctions::extract),
                function("regexp_extract_all", TextArguments.typed(2, "ssi", STRINGS), RegexFunctions::extractAll),
                function("regexp_replace", RegexFunctions::bindReplace, RegexFunctions::replace),
                function("split", TextArguments.typed(2, "ssi", STRINGS), RegexFunctions::split));
    }

    private static Builtin function(String name, Builtin.Typing typing, Search search) {
        return Builtin.of(name, typing, (call, arguments) -> kernel(name, call, arguments, search));
    }

    private static Kernel kernel(String name, BoundCall call, List<Kernel> arguments, Search search) {
        String constant = TextArguments.constant(call, 1);
        Pattern fixed = constant == null ? null : Regexes.compile(constant, name);
        return RowKernel.strictPerBatch(call.type(), arguments, context -> {
            Regexes regexes = new Regexes(name, fixed);
            return (in, row, out) -> {
                int length = out.length();
                try {
                    search.append(regexes, in, row, out);
                } catch (BoundedText.SearchEndedException e) {
                    out.truncate(length);
                    throw ended(name, regexes.pattern(in, row).pattern(), e);
                } catch (StackOverflowError e) {
                    out.truncate(length);
                    throw new EvaluationException(
                            "REGEX_TOO_COSTLY",
                            "A regular expression of " + name + " nests too deep on a text of "
                                    + ((BytesVector) in[0]).lengths()[row]
                                    + " bytes. Write it without repeated groups such as (a|b)*.");
                }
            };
        });
    }

    private static EvaluationException ended(String function, String regex, BoundedText.SearchEndedException e) {
        if (e.budget() == null) {
            return new EvaluationException("OPERATION_CANCELED", String.valueOf(e.getMessage()));
        }
        return new EvaluationException(
                "REGEX_TOO_COSTLY",
                "The regular expression '" + regex + "' of " + function + " " + e.getMessage()
                        + ". Write it without nested repetition such as (a+)+, or give each search more time with the"
                        + " JVM option -D" + BoundedText.BUDGET_PROPERTY + ".");
    }

    /** The pattern of each row, compiled anew only where it differs from that of the row before. */
    private static final class Regexes {
        private final String function;
        private @Nullable Pattern pattern;
        private final boolean fixed;

        Regexes(String function, @Nullable Pattern pattern) {
            this.function = function;
            this.pattern = pattern;
            this.fixed = pattern != null;
        }

        Pattern pattern(ColumnVector[] in, int row) {
            Pattern known = pattern;
            if (fixed && known != null) {
                return known;
            }
            String text = string(in, 1, row);
            if (known == null || !known.pattern().equals(text)) {
                known = compile(text, function);
                pattern = known;
            }
            return known;
        }

        Matcher matcher(ColumnVector[] in, int row) {
            return pattern(in, row).matcher(new BoundedText(string(in, 0, row)));
        }

        static Pattern compile(String regex, String function) {
            try {
                return Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new EvaluationException(
                        "INVALID_PARAMETER_VALUE.PATTERN",
                        "The value of parameter(s) `regexp` in `" + function + "` is invalid: '" + regex + "' ("
                                + e.getDescription() + "). Correct the regular expression.");
            }
        }
    }

    private static void rlike(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out) {
        ((BooleanVectorBuilder) out).appendBoolean(regexes.matcher(in, row).find());
    }

    private static void count(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out) {
        Matcher matcher = regexes.matcher(in, row);
        int count = 0;
        while (matcher.find()) {
            count++;
        }
        ((IntVectorBuilder) out).appendInt(count);
    }

    private static void instr(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out) {
        Matcher matcher = regexes.matcher(in, row);
        ((IntVectorBuilder) out).appendInt(matcher.find() ? matcher.start() + 1 : 0);
    }

    private static void substr(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out) {
        Matcher matcher = regexes.matcher(in, row);
        if (matcher.find()) {
            ((BytesVectorBuilder) out).appendString(matcher.group());
        } else {
            out.appendNull();
        }
    }

    private static int group(Matcher matcher, ColumnVector[] in, int row, String function) {
        int group = in.length > 2 ? integer(in, 2, row) : 1;
        if (group < 0 || group > matcher.groupCount()) {
            throw new EvaluationException(
                    "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
                    "The value of parameter(s) `idx` in `" + function
                            + "` is invalid: Expects group index between 0 and " + matcher.groupCount() + ", but got "
                            + group + ".");
        }
        return group;
    }

    private static void extract(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out) {
        Matcher matcher = regexes.matcher(in, row);
        String found = "";
        if (matcher.find()) {
            found = matcher.group(group(matcher, in, row, "regexp_extract"));
        }
        ((BytesVectorBuilder) out).appendString(found == null ? "" : found);
    }

    private static void extractAll(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out) {
        ArrayVectorBuilder array = (ArrayVectorBuilder) out;
        Matcher matcher = regexes.matcher(in, row);
        while (matcher.find()) {
            String found = matcher.group(group(matcher, in, row, "regexp_extract_all"));
            ((BytesVectorBuilder) array.elements()).appendString(found == null ? "" : found);
        }
        array.endRow();
    }

    private static BoundExpression bindReplace(Arguments arguments) {
        TextArguments.cast(arguments, 3, "sssi");
        return arguments.call(AtomicType.STRING);
    }

    private static void replace(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out) {
        int position = in.length > 3 ? integer(in, 3, row) : 1;
        if (position < 1) {
            throw new EvaluationException(
                    "DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                    "The position of regexp_replace must be from 1, not " + position + ".");
        }
        String text = string(in, 0, row);
        BytesVectorBuilder result = (BytesVectorBuilder) out;
        int from = position - 1;
        if (from != 0 && from >= text.length()) {
            result.appendString(text);
            return;
        }
        Matcher matcher = regexes.matcher(in, row);
        matcher.region(from, text.length());
        String replacement = string(in, 2, row);
        StringBuilder replaced = new StringBuilder(text.length());
        try {
            while (matcher.find()) {
                matcher.appendReplacement(replaced, replacement);
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new EvaluationException(
                    "INVALID_REGEXP_REPLACE",
                    "regexp_replace cannot use the replacement '" + replacement + "': " + e.getMessage()
                            + ". Write $1 only for a group of the pattern, and \\$ for a dollar sign.");
        }
        matcher.appendTail(replaced);
        result.appendString(replaced.toString());
    }

    private static void split(Regexes regexes, ColumnVector[] in, int row, VectorBuilder out) {
        ArrayVectorBuilder array = (ArrayVectorBuilder) out;
        BytesVectorBuilder pieces = (BytesVectorBuilder) array.elements();
        int limit = in.length > 2 ? integer(in, 2, row) : -1;
        BytesVector text = (BytesVector) in[0];
        Pattern pattern = regexes.pattern(in, row);
        if (pattern.pattern().isEmpty()) {
            splitCharacters(text, row, limit, pieces);
        } else if (isPlain(pattern.pattern())) {
            splitPlain(
                    text, row, (byte) pattern.pattern().charAt(pattern.pattern().length() - 1), limit, pieces);
        } else {
            for (String piece : pattern.split(new BoundedText(text.string(row)), limit > 0 ? limit : -1)) {
                pieces.appendString(piece);
            }
        }
        array.endRow();
    }

    /** Returns whether a regular expression stands for one ASCII character: itself, or a sign behind a backslash. */
    private static boolean isPlain(String regex) {
        char last = regex.charAt(regex.length() - 1);
        boolean letterOrDigit = Character.isLetterOrDigit(last);
        if (regex.length() == 1) {
            return last < 0x80 && "\\[](){}.*+?^$|".indexOf(last) < 0;
        }
        return regex.length() == 2 && regex.charAt(0) == '\\' && last < 0x80 && !letterOrDigit;
    }

    private static void splitPlain(BytesVector text, int row, byte sign, int limit, BytesVectorBuilder pieces) {
        byte[] d = text.data();
        int start = text.starts()[row];
        int end = start + text.lengths()[row];
        int count = 1;
        for (int i = start; i < end && count != limit; i++) {
            if (d[i] == sign) {
                pieces.appendBytes(d, start, i - start);
                start = i + 1;
                count++;
            }
        }
        pieces.appendBytes(d, start, end - start);
    }

    private static void splitCharacters(BytesVector text, int row, int limit, BytesVectorBuilder pieces) {
        byte[] d = text.data();
        int p = text.starts()[row];
        int end = p + text.lengths()[row];
        int count = 1;
        while (p < end && count != limit) {
            int next = Utf8.skip(d, p, end, 1);
            pieces.appendBytes(d, p, next - p);
            p = next;
            count++;
        }
        if (p < end || pieces.length() == 0 || text.lengths()[row] == 0) {
            pieces.appendBytes(d, p, end - p);
        }
    }
}
