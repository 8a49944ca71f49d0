/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * The console page, made one of its parts, with the policy by which a browser runs its own script
 * and style, and nothing else that might get into it.
 */
public final class ConsolePage {

    private static final String FOLDER = "/console/";

    private final String html;
    private final String policy;

    public ConsolePage() {
        final String style = read("console.css");
        final String script = read("charts.js") + read("panels.js") + read("live.js");
        html =
                read("index.html")
                        .replace("<style></style>", "<style>" + style + "</style>")
                        .replace("<script></script>", "<script>" + script + "</script>");
        policy =
                "default-src 'none'; script-src %s; style-src %s; connect-src 'self'; img-src data:;"
                                .formatted(hash(script), hash(style))
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /** The page. */
    public String html() {
        return html;
    }

    /** The value of the header {@code Content-Security-Policy}. */
    public String policy() {
        return policy;
    }

    private static String read(final String name) {
        try (InputStream in = ConsolePage.class.getResourceAsStream(FOLDER + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + FOLDER + name, e);
        }
    }

    private static String hash(final String text) {
        try {
            final byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
