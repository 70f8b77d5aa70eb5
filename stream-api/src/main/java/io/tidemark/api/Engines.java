package io.tidemark.api;

import java.util.ServiceLoader;

/** Finds the engine on the class path, once. */
final class Engines {
    private Engines() {}

    static Engine any() {
        return Holder.ENGINE;
    }

    private static final class Holder {
        static final Engine ENGINE = ServiceLoader.load(Engine.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no Tidemark engine on the class path: add io.tidemark:tidemark-stream-runtime"));
    }
}
