/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate for 127.0.0.1, in PEM.
 *
 * @param authority the certificate of who signed it. The JVM does not look at the dates of those
 *     that it is to trust, so a certificate that signed itself would never expire.
 * @param chain the certificate
 * @param key its private key
 */
public record Certificate(Path authority, Path chain, Path key) {

    private static final String PASSWORD = "secret";

    /** One that is valid today. */
    public static Certificate valid(final Path folder) throws Exception {
        return made(folder, "-1H");
    }

    /** One whose time is over. */
    public static Certificate expired(final Path folder) throws Exception {
        return made(folder, "-3d");
    }

    /** The same file with other words between its hyphens, beside it. */
    public static Path labelled(final Path file, final String label) throws IOException {
        return Files.writeString(
                file.resolveSibling(label.replace(' ', '-') + "-" + file.getFileName()),
                Files.readString(file)
                        .replace("BEGIN CERTIFICATE", "BEGIN " + label)
                        .replace("END CERTIFICATE", "END " + label));
    }

    /** For a day from its begin, which is as keytool takes it. */
    private static Certificate made(final Path folder, final String begin) throws Exception {
        final Path store = folder.resolve("keys.p12");
        keytool(store, "authority", "-dname", "CN=a", "-ext", "bc:c");
        keytool(
                store,
                "server",
                "-dname",
                "CN=s",
                "-signer",
                "authority",
                "-startdate",
                begin,
                "-validity",
                "1",
                "-ext",
                "san=ip:127.0.0.1");
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new Certificate(
                pem(
                        folder.resolve("authority.crt"),
                        "CERTIFICATE",
                        keys.getCertificate("authority").getEncoded()),
                pem(
                        folder.resolve("server.crt"),
                        "CERTIFICATE",
                        keys.getCertificate("server").getEncoded()),
                pem(
                        folder.resolve("server.key"),
                        "PRIVATE KEY",
                        keys.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    }

    /** Makes a key pair with a certificate. */
    private static void keytool(final Path store, final String alias, final String... more)
            throws IOException, InterruptedException {
        final List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                // It ends before the better compiler has paid for itself.
                                "-J-XX:TieredStopAtLevel=1",
                                "-J-XX:+UseSerialGC",
                                "-genkeypair",
                                "-alias",
                                alias,
                                "-keyalg",
                                "EC",
                                "-keystore",
                                store.toString(),
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD));
        line.addAll(List.of(more));
        final Path said = store.resolveSibling("said");
        final Process keytool =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(said));
        }
    }

    private static Path pem(final Path file, final String kind, final byte[] encoded)
            throws IOException {
        return Files.write(
                file,
                List.of(
                        "-----BEGIN " + kind + "-----",
                        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded),
                        "-----END " + kind + "-----"));
    }
}
