package io.tidemark.runtime.expression;

import java.time.ZoneId;

/**
 * What computing depends on besides the rows; all of it is logged with the batch or fixed for the query.
 *
 * @param batchTimestampMillis value of {@code current_timestamp} in this batch, from {@code offsets/N}
 */
public record EvaluationContext(long batchTimestampMillis, ZoneId zone, boolean ansi) {}
