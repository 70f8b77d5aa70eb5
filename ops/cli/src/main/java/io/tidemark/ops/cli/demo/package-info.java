/** What the demo is made of: generated clicks, a producer for them, and a count of what reached the table. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.cli.demo;
