package io.tidemark.runtime.engine;

import io.tidemark.api.connector.SinkProvider;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.EditDistance;
import io.tidemark.api.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;

/** The connectors on the class path, by the name users write. */
public final class Providers {
    private final TreeMap<String, SourceProvider> sources = new TreeMap<>();
    private final TreeMap<String, SinkProvider> sinks = new TreeMap<>();

    private Providers() {}

    /** Looks the class path through. */
    public static Providers load() {
        Providers found = new Providers();
        index(ServiceLoader.load(SourceProvider.class), SourceProvider::format, found.sources);
        index(ServiceLoader.load(SinkProvider.class), SinkProvider::format, found.sinks);
        return found;
    }

    private static <P> void index(Iterable<P> providers, Function<P, String> format, TreeMap<String, P> byName) {
        for (P provider : providers) {
            P other = byName.put(format.apply(provider), provider);
            if (other != null) {
                throw new IllegalStateException("two connectors are called '" + format.apply(provider) + "': "
                        + other.getClass().getName() + " and "
                        + provider.getClass().getName());
            }
        }
    }

    /** @throws AnalysisException if there is none, naming the nearest */
    public SourceProvider source(String format) {
        return find(sources, format, "source");
    }

    /** @throws AnalysisException if there is none, naming the nearest */
    public SinkProvider sink(String format) {
        return find(sinks, format, "sink");
    }

    private static <P> P find(TreeMap<String, P> providers, String format, String kind) {
        P provider = providers.get(format.toLowerCase(Locale.ROOT));
        if (provider == null) {
            List<String> known = List.copyOf(providers.keySet());
            throw new AnalysisException(
                    ErrorCode.UNKNOWN_FORMAT,
                    "There is no " + kind + " of format '" + format + "'. Known are " + known
                            + (known.isEmpty() ? "" : "; did you mean '" + EditDistance.nearest(format, known) + "'?"));
        }
        return provider;
    }
}
