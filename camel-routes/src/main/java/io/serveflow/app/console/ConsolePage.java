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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The console page with the policy by which a browser runs its own script and style, and nothing
 * else that might get into it.
 */
public final class ConsolePage {

    private static final String RESOURCE = "/console/index.html";

    private final String html;
    private final String policy;

    public ConsolePage() {
        try (InputStream in = ConsolePage.class.getResourceAsStream(RESOURCE)) {
            html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
        policy =
                "default-src 'none'; script-src %s; style-src %s; connect-src 'self'; img-src 'self';"
                                .formatted(hash("script"), hash("style"))
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

    private String hash(final String element) {
        final Matcher inline =
                Pattern.compile("(?s)<%1$s>(.*?)</%1$s>".formatted(element)).matcher(html);
        if (!inline.find()) {
            throw new IllegalStateException(RESOURCE + " has no element " + element);
        }
        try {
            final byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(inline.group(1).getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
