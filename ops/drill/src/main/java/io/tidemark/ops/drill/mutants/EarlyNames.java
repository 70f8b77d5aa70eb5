package io.tidemark.ops.drill.mutants;

import io.tidemark.ops.drill.mutants.Change.Skip;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Gives temporary files their names as soon as they are opened. */
final class EarlyNames {
    private final Set<Object> named = ConcurrentHashMap.newKeySet();

    @Nullable
    Object name(@Nullable Object self, @Nullable Object[] arguments, @Nullable Object output) throws Exception {
        Path target = (Path) Reach.field(output, "target");
        Path temporary = (Path) Reach.field(output, "temp");
        try {
            Reach.call(self, "makeDirectories", target.getParent());
            Reach.call(self, "hardLink", target, temporary);
            named.add(temporary);
        } catch (FileAlreadyExistsException e) {
            return output; // its publication says so
        }
        return output;
    }

    @Nullable
    Skip publish(@Nullable Object self, @Nullable Object[] arguments) throws Exception {
        Path temporary = (Path) arguments[1];
        if (!named.remove(temporary)) {
            return null;
        }
        Reach.call(self, "deleteQuietly", temporary);
        Reach.call(self, "syncPublished", arguments[2]);
        return Skip.VOID;
    }
}
