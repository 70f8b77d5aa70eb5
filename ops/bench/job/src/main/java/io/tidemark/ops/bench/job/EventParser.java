package io.tidemark.ops.bench.job;

/** Reads the fields of an {@link Event} from JSON. One thread. */
public interface EventParser {
    /** @throws IllegalArgumentException if {@code json} is not such a record */
    void parse(byte[] json, Event into);

    /** Returns the parser with that name: {@code scan} or {@code jackson}. */
    static EventParser of(String name) {
        return switch (name) {
            case "scan" -> new EventScanner();
            case "jackson" -> new JacksonEventParser();
            default -> throw new IllegalArgumentException("Unknown parser '" + name + "'. Use scan or jackson.");
        };
    }
}
