package io.tidemark.ops.drill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An authority and what it has signed, made by keytool for one test. */
final class Certificates {
    /** What opens every store. */
    static final String PASSWORD = "stores-have-this-word";

    private final Path directory;
    private final Path all;

    private Certificates(Path directory) {
        this.directory = directory;
        this.all = directory.resolve("all.p12");
    }

    /** Makes an authority {@code ca}, valid now. */
    static Certificates authority(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Certificates made = new Certificates(directory);
        made.keytool("-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-ext", "bc:c", "-validity", "10");
        return made;
    }

    /**
     * Makes a key that the authority vouches for and returns the store with it.
     *
     * @param more of keytool's options, for instance when it is valid and for which host
     */
    Path sign(String alias, String... more) throws IOException, InterruptedException, GeneralSecurityException {
        List<String> arguments =
                new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-signer", "ca", "-dname", "CN=" + alias));
        Collections.addAll(arguments, more);
        keytool(arguments.toArray(String[]::new));
        KeyStore store = empty();
        store.setKeyEntry(
                alias,
                read().getKey(alias, PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                read().getCertificateChain(alias));
        return write(store, directory.resolve(alias + ".p12"));
    }

    /** Returns a store with the authority's certificate alone. */
    Path trust() throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        store.setCertificateEntry("ca", read().getCertificate("ca"));
        return write(store, directory.resolve("trust.p12"));
    }

    private KeyStore read() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(all)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Path write(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto"));
        Collections.addAll(command, arguments);
        command.addAll(List.of("-keyalg", "EC", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", all.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
    }
}
