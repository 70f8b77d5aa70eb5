/**
 * Reading and writing JSON inside expressions: {@code from_json}, {@code to_json}, {@code get_json_object}. Two readers
 * do the same: {@link io.tidemark.runtime.expression.json.FastRecordReader} goes over the bytes of well-formed records,
 * {@link io.tidemark.runtime.expression.json.CompleteRecordReader} knows every rule and takes what the first gives up on.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.expression.json;
