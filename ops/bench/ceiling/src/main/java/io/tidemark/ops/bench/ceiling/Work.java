package io.tidemark.ops.bench.ceiling;

import io.tidemark.ops.bench.job.Event;
import java.io.IOException;

/** What one thread does with its rows. */
interface Work extends AutoCloseable {
    void add(Event event) throws IOException;

    /** Makes what came since the last call durable. */
    void flush() throws IOException;

    @Override
    void close() throws IOException;

    /** Does nothing: for the price of reading and parsing alone. */
    Work NONE = new Work() {
        @Override
        public void add(Event event) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
}
