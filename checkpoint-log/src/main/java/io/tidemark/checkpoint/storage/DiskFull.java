package io.tidemark.checkpoint.storage;

import io.tidemark.api.storage.StorageFullException;
import java.io.IOException;
import java.util.List;

/** Tells a full disk or quota, which Java reports as text only, apart from other failures. */
final class DiskFull {
    private static final List<String> SIGNS =
            List.of("No space left on device", "Disk quota exceeded", "DSQuotaExceeded", "NSQuotaExceeded");

    private DiskFull() {}

    /** Returns {@code e}, or the exception for full storage if that is what it says. */
    static IOException translate(IOException e) {
        String text = String.valueOf(e.getMessage()) + e.getClass().getSimpleName();
        for (String sign : SIGNS) {
            if (text.contains(sign)) {
                return new StorageFullException(String.valueOf(e.getMessage()), e);
            }
        }
        return e;
    }
}
