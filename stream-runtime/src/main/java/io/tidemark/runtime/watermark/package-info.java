/** From the event times that a batch saw to the watermark of the next; see the checkpoint format's section on watermarks. */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.watermark;
