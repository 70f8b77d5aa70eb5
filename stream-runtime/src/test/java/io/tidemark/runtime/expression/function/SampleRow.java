package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.DataType;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Two values of one type, as objects, and what an expression on them depends on. */
record SampleRow(
        @Nullable Object a, @Nullable Object b, DataType type, DataType resultType, boolean ansi, ZoneId zone) {}
