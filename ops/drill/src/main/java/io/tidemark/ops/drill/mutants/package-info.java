/**
 * The test of the tests: mistakes in the protocol that are put into the running product one at a time, as changes of the
 * bytecode of single methods, each of which a drill has to find. The product itself knows nothing of them.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.mutants;
