package io.tidemark.ops.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Records which files a process syncs and renames, by {@code strace}, until it is closed. */
final class Syscalls implements AutoCloseable {
    private final Process strace;

    private Syscalls(Process strace) {
        this.strace = strace;
    }

    /** Attaches to all threads of a process, and waits until that is done. */
    static Syscalls attach(long pid, Path trace) throws IOException {
        Process strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-y",
                        "-s",
                        "4096",
                        "-e",
                        "trace=fsync,fdatasync,sync_file_range,msync,sync,syncfs,rename,renameat,renameat2,link,linkat",
                        "-o",
                        trace.toString(),
                        "-p",
                        Long.toString(pid))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(strace.getErrorStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        if (line == null || !line.contains("attached")) {
            throw new IOException("strace does not attach: " + line);
        }
        Thread reader = new Thread(() -> readOn(said), "strace-output");
        reader.setDaemon(true);
        reader.start();
        return new Syscalls(strace);
    }

    /** It says more for each thread that comes; an unread pipe would stop it. */
    private static void readOn(BufferedReader said) {
        try {
            while (said.readLine() != null) {
                // nothing that counts
            }
        } catch (IOException e) {
            // it is gone
        }
    }

    @Override
    public void close() throws IOException {
        strace.destroy(); // it lets the process go
        try {
            strace.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
