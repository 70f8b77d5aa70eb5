/**
 * Says why a query cannot start from its checkpoint, mends what can be mended safely, and takes batches back. Used by the
 * command line alone.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.cli.doctor;
