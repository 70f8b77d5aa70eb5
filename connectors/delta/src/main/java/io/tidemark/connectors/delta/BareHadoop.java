package io.tidemark.connectors.delta;

import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/**
 * Runs Parquet's code where Hadoop's defaults are not found. It makes a Hadoop configuration for every file, which parses
 * some hundred settings that no reader of Parquet asks for: the greater part of what it costs to load a small table.
 */
final class BareHadoop {
    private static final String DEFAULTS = "-default.xml"; // core, and mapred and yarn once a checkpoint was written

    private static final ClassLoader WITHOUT = new ClassLoader(BareHadoop.class.getClassLoader()) {
        @Override
        public @Nullable URL getResource(String name) {
            return name.endsWith(DEFAULTS) ? null : super.getResource(name);
        }
    };

    private BareHadoop() {}

    /** A call that reads or writes Parquet. */
    interface Call<T> {
        T run() throws IOException;
    }

    static <T> T run(Call<T> call) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader usual = thread.getContextClassLoader();
        thread.setContextClassLoader(WITHOUT);
        try {
            return call.run();
        } finally {
            thread.setContextClassLoader(usual);
        }
    }

    /** Returns {@code files}, read where nothing is found either. */
    static <T> CloseableIterator<T> reading(CloseableIterator<T> files) {
        return new CloseableIterator<>() {
            @Override
            public boolean hasNext() {
                return unchecked(files::hasNext);
            }

            @Override
            public T next() {
                return unchecked(files::next);
            }

            @Override
            public void close() throws IOException {
                files.close();
            }
        };
    }

    private static <T> T unchecked(Call<T> call) {
        try {
            return run(call);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e); // iterators throw none
        }
    }
}
