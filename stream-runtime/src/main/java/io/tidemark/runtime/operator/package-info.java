/** Physical steps over column batches: what a task runs between its input and the sink or a shuffle. */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.operator;
