/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of keys, PEM: Base64 between a line that begins and a line that ends a block. */
final class Pem {

    /** What a private key is called, in the form of PKCS #8. */
    static final String PRIVATE_KEY = "PRIVATE KEY";

    /** What a public key is called, in the form of X.509. */
    static final String PUBLIC_KEY = "PUBLIC KEY";

    private static final int LINE = 64;

    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private Pem() {}

    /**
     * The content of all blocks of a name.
     *
     * @throws IllegalArgumentException if there is none; what is there instead
     */
    static List<byte[]> blocks(final String name, final String text) {
        final List<byte[]> blocks = new ArrayList<>();
        String other = "no key in PEM";
        final Matcher next = BLOCK.matcher(text);
        while (next.find()) {
            if (next.group(1).equals(name)) {
                blocks.add(decoded(next.group(2)));
            } else {
                other = "a " + next.group(1) + " block";
            }
        }
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException(
                    "it holds "
                            + other
                            + ", not a "
                            + name
                            + " block; ./serveflow bundle keygen makes a pair of keys");
        }
        return blocks;
    }

    private static byte[] decoded(final String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("its Base64 is damaged: " + e.getMessage(), e);
        }
    }

    /** One block. */
    static String text(final String name, final byte[] content) {
        return "-----BEGIN "
                + name
                + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END "
                + name
                + "-----\n";
    }
}
