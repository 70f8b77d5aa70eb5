package io.tidemark.api.plan;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.Origin;
import io.tidemark.api.secret.SettingNames;
import io.tidemark.api.types.StructType;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A relation as it was asked for: nothing resolved, nothing decided on how to run it. */
public sealed interface LogicalPlan {
    /**
     * One {@code load()} of a stream.
     *
     * @param relationId tells two loads of the same thing apart: the same Dataset used twice is one source, the same
     *     topic loaded twice is two
     * @param format the provider's name in lower case
     * @param options names as written; looked up without regard to case
     * @param schema what the user declared, or null
     */
    record StreamRead(long relationId, String format, SortedMap<String, String> options, @Nullable StructType schema)
            implements LogicalPlan {
        public StreamRead {
            requireNonNull(format, "format");
            options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        }

        @Override
        public String toString() {
            return "StreamRead[" + relationId + ", " + format + ", " + SettingNames.STANDARD.print(options) + "]";
        }
    }

    /** A table or view by name, still to be found. */
    record UnresolvedRelation(List<String> nameParts, Origin origin) implements LogicalPlan {
        public UnresolvedRelation {
            nameParts = List.copyOf(nameParts);
        }
    }

    /** The single row without columns that a {@code SELECT} without {@code FROM} reads. */
    record OneRow() implements LogicalPlan {}

    /** Computes each row anew. */
    record Project(List<Expression> expressions, LogicalPlan input) implements LogicalPlan {
        public Project {
            expressions = List.copyOf(expressions);
        }
    }

    /** Keeps the rows where {@code condition} is true; a row where it is null is dropped. */
    record Filter(Expression condition, LogicalPlan input) implements LogicalPlan {}

    /** All rows of all inputs: columns matched by position, or by name. */
    record Union(List<LogicalPlan> inputs, Matching matching, Origin origin) implements LogicalPlan {
        public Union {
            inputs = List.copyOf(inputs);
        }
    }

    /** How a union matches columns. */
    enum Matching {
        BY_POSITION,
        BY_NAME,
        BY_NAME_ALLOW_MISSING
    }

    /** Gives a relation a name by which its columns can be qualified. */
    record SubqueryAlias(String name, List<String> columnNames, LogicalPlan input) implements LogicalPlan {
        public SubqueryAlias {
            columnNames = List.copyOf(columnNames);
        }
    }

    /** Common table expressions, each visible to those behind it and to the body. */
    record With(List<SubqueryAlias> definitions, LogicalPlan body) implements LogicalPlan {
        public With {
            definitions = List.copyOf(definitions);
        }
    }

    /** Declares {@code column} as event time, rows more than {@code delayMillis} behind the newest as late. */
    record WithWatermark(Expression column, long delayMillis, LogicalPlan input, Origin origin) implements LogicalPlan {
        public WithWatermark {
            if (delayMillis < 0) {
                throw new IllegalArgumentException("watermark delay must not be negative: " + delayMillis);
            }
        }
    }

    /** Groups and aggregates; {@code output} may mix grouping expressions and aggregates. */
    record Aggregate(
            List<Expression> grouping,
            List<Expression> output,
            @Nullable Expression having,
            LogicalPlan input,
            Origin origin)
            implements LogicalPlan {
        public Aggregate {
            grouping = List.copyOf(grouping);
            output = List.copyOf(output);
        }
    }

    /** Each different row once: SELECT DISTINCT, UNION. */
    record Distinct(LogicalPlan input, Origin origin) implements LogicalPlan {}

    /** Keeps the first row of those equal in {@code columns}; empty means all columns. */
    record Deduplicate(List<String> columns, boolean withinWatermark, LogicalPlan input, Origin origin)
            implements LogicalPlan {
        public Deduplicate {
            columns = List.copyOf(columns);
        }
    }

    /** The first {@code count} rows. */
    record Limit(Expression count, LogicalPlan input, Origin origin) implements LogicalPlan {}

    /** Orders the result. */
    record Sort(List<SortKey> keys, LogicalPlan input, Origin origin) implements LogicalPlan {
        public Sort {
            keys = List.copyOf(keys);
        }
    }

    /** One key of an order. */
    record SortKey(Expression expression, boolean ascending, boolean nullsFirst) {}
}
