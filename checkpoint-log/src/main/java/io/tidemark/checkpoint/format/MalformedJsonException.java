package io.tidemark.checkpoint.format;

import java.io.IOException;

/** JSON that is no JSON, or not of the shape a control file has. The message says what is wrong, without a full stop. */
final class MalformedJsonException extends IOException {
    MalformedJsonException(String message) {
        super(message);
    }
}
