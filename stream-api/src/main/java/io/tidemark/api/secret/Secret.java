package io.tidemark.api.secret;

import static java.util.Objects.requireNonNull;

/**
 * A text that must not be shown: printing it, or a record or collection that holds it, prints {@code ***}.
 *
 * @param reveal the text itself, for whoever has to hand it on
 */
public record Secret(String reveal) {
    /** What is shown instead of a secret. */
    public static final String SHOWN = "***";

    public Secret {
        requireNonNull(reveal, "reveal");
    }

    @Override
    public String toString() {
        return SHOWN;
    }
}
