/** The file layer over local disk and Hadoop's file systems, and the decorators that record it or crash in it. */
@org.jspecify.annotations.NullMarked
package io.tidemark.checkpoint.storage;
