package io.tidemark.runtime.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** What goes wrong in a {@link StageWorld}. */
final class Faults {
    private Faults() {}

    /** Each task has its trouble, once: it fails early or late, or its neighbours' blocks are damaged under it. */
    static StageWorld.Trouble drawn(StageWorld world, long seed, int partitions, int sourcePartitions) {
        ConcurrentHashMap<String, Boolean> had = new ConcurrentHashMap<>();
        return (place, context) -> {
            String key = place + " " + context.partition();
            Random random = new Random(seed ^ key.hashCode());
            int kind = random.nextInt(6);
            if (had.putIfAbsent(key, true) != null) {
                return;
            }
            if (kind == 0) {
                throw new IOException("drawn failure at " + key);
            } else if (kind == 1 && sourcePartitions > 0) {
                damage("gone", world.spilled(0, random.nextInt(sourcePartitions)));
            } else if (kind == 2 && place.startsWith("2")) {
                damage("flipped", world.spilled(1, random.nextInt(partitions)));
            }
        };
    }

    static void damage(String fault, List<Path> files) throws IOException {
        for (Path file : files) {
            try {
                byte[] bytes = Files.readAllBytes(file);
                switch (fault) {
                    case "gone" -> Files.delete(file);
                    case "flipped" -> {
                        for (int i = 0; i < bytes.length; i += 16) {
                            bytes[i] ^= 1;
                        }
                        Files.write(file, bytes);
                    }
                    default -> Files.write(file, Arrays.copyOf(bytes, 3));
                }
            } catch (java.nio.file.NoSuchFileException e) {
                // repaired by another task meanwhile
            }
        }
    }
}
