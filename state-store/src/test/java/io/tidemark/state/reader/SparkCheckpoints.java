package io.tidemark.state.reader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The checkpoints that Spark publishes with its own tests, as its releases wrote them. */
public final class SparkCheckpoints {
    private static final String FOLDER = "structured-streaming/";

    private SparkCheckpoints() {}

    /** Copies a checkpoint, for instance {@code checkpoint-version-4.0.0/hdfs/agg}, to {@code target}. */
    public static void copy(String name, Path target) {
        String prefix = FOLDER + name + "/";
        URL anchor = SparkCheckpoints.class.getClassLoader().getResource(prefix);
        if (anchor == null) {
            throw new IllegalArgumentException("Spark's tests have no " + prefix);
        }
        try {
            JarURLConnection connection = (JarURLConnection) anchor.openConnection();
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                Enumeration<JarEntry> entries = jar.entries();
                while (entries.hasMoreElements()) {
                    JarEntry entry = entries.nextElement();
                    if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                        Path file = target.resolve(entry.getName().substring(prefix.length()));
                        Files.createDirectories(file.getParent());
                        try (InputStream content = jar.getInputStream(entry)) {
                            Files.copy(content, file);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
