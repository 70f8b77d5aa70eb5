package io.tidemark.state.codec;

/** Bytes that should be an encoded row are none. The caller knows the file and names it. */
public final class MalformedRowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedRowException(String reason) {
        super(reason);
    }
}
