package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.Identifiers;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The columns that an expression may name, in the order of the relation.
 *
 * @param further columns behind them, which are meant only by a name that none of the others has, and by no star
 */
record Scope(List<Column> columns, List<Column> further) {
    Scope {
        columns = List.copyOf(columns);
        further = List.copyOf(further);
    }

    Scope(List<Column> columns) {
        this(columns, List.of());
    }

    /** Returns this scope with columns behind it for names that are not found otherwise. */
    Scope with(List<Column> more) {
        return new Scope(columns, Stream.concat(further.stream(), more.stream()).toList());
    }

    /** Returns the column at a place, those further ones included. */
    Column at(int place) {
        return place < columns.size() ? columns.get(place) : further.get(place - columns.size());
    }

    /**
     * One of them.
     *
     * @param qualifier the alias or view it can be qualified with, or null
     * @param identity equal for columns that hold the same values because both are the same column further down
     */
    record Column(String name, @Nullable String qualifier, DataType type, boolean nullable, long identity) {
        Column qualified(String by) {
            return new Column(name, by, type, nullable, identity);
        }

        Column named(String other) {
            return new Column(other, qualifier, type, nullable, identity);
        }
    }

    /** A column and the names behind it, which lead into its fields. */
    record Match(ColumnRef column, Column source, List<String> fields) {}

    /**
     * Finds the column a name means: as {@code qualifier.column} if there is one, else as a column and its fields.
     *
     * @return null if there is none
     * @throws AnalysisException {@code AMBIGUOUS_COLUMN} if it could be one of several
     */
    @Nullable
    Match find(List<String> parts, Origin origin) {
        Match near = find(parts, 0, columns.size(), origin);
        return near == null ? find(parts, columns.size(), columns.size() + further.size(), origin) : near;
    }

    private @Nullable Match find(List<String> parts, int from, int until, Origin origin) {
        if (parts.size() > 1) {
            Match qualified = choose(matching(parts.get(0), parts.get(1), from, until), parts, 2, origin);
            if (qualified != null) {
                return qualified;
            }
        }
        return choose(matching(null, parts.get(0), from, until), parts, 1, origin);
    }

    private List<Integer> matching(@Nullable String qualifier, String name, int from, int until) {
        return IntStream.range(from, until)
                .filter(i -> at(i).name().equalsIgnoreCase(name))
                .filter(i -> qualifier == null || qualifier.equalsIgnoreCase(at(i).qualifier()))
                .boxed()
                .toList();
    }

    private @Nullable Match choose(List<Integer> found, List<String> parts, int used, Origin origin) {
        if (found.isEmpty()) {
            return null;
        }
        int first = found.get(0);
        Column column = at(first);
        if (found.stream().anyMatch(i -> at(i).identity() != column.identity())) {
            throw ambiguous(parts, found, origin);
        }
        return new Match(
                new ColumnRef(first, parts.get(used - 1), column.type(), column.nullable()),
                column,
                parts.subList(used, parts.size()));
    }

    private AnalysisException ambiguous(List<String> parts, List<Integer> found, Origin origin) {
        List<String> could = new ArrayList<>();
        for (int i : found) {
            Column c = at(i);
            String name = Identifiers.quote(c.name());
            could.add(c.qualifier() == null ? name : Identifiers.quote(c.qualifier()) + "." + name);
        }
        return new AnalysisException(
                ErrorCode.AMBIGUOUS_COLUMN,
                "Reference " + quoted(parts) + " is ambiguous, could be: "
                        + could.stream().collect(Collectors.joining(", ", "[", "]"))
                        + ". Qualify it or give the columns different aliases.",
                origin);
    }

    /** Returns the places of all columns, or of those of one qualifier; empty if nothing is called so. */
    List<Integer> qualifiedBy(String qualifier) {
        return IntStream.range(0, columns.size())
                .filter(i -> qualifier.equalsIgnoreCase(columns.get(i).qualifier()))
                .boxed()
                .toList();
    }

    AnalysisException unresolved(List<String> parts, Origin origin) {
        return new AnalysisException(
                ErrorCode.UNRESOLVED_COLUMN,
                "A column, variable, or function parameter with name " + quoted(parts) + " cannot be resolved."
                        + Suggestions.question(
                                parts.get(parts.size() - 1),
                                Stream.concat(columns.stream(), further.stream())
                                        .map(Column::name)
                                        .toList()),
                origin);
    }

    private static String quoted(List<String> parts) {
        return parts.stream().map(Identifiers::quote).collect(Collectors.joining("."));
    }
}
