/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.server;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.serveflow.remote.TlsFileException;
import io.serveflow.remote.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The certificate that a server shows, and those that it asks its clients for.
 *
 * @param chain the server's certificate chain, in PEM
 * @param key its private key, in PEM of PKCS 8
 * @param clients certificates in PEM of those who may sign a client's, without which no client is
 *     served; empty where every client is
 */
public record ServerTls(Path chain, Path key, Optional<Path> clients) {

    /**
     * Reads the files.
     *
     * @throws TlsFileException naming what cannot be used
     * @throws IOException if a file goes away meanwhile
     */
    ServerCredentials credentials() throws IOException {
        TlsFiles.requirePair("certificate", chain, "privateKey", key);
        if (clients.isPresent()) {
            TlsFiles.requireCertificates("clientCertificates", clients.get());
        }
        final TlsServerCredentials.Builder builder =
                TlsServerCredentials.newBuilder().keyManager(chain.toFile(), key.toFile());
        if (clients.isPresent()) {
            builder.trustManager(clients.get().toFile())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
        }
        return builder.build();
    }
}
