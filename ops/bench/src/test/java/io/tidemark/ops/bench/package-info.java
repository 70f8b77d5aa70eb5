@org.jspecify.annotations.NullMarked
package io.tidemark.ops.bench;
