/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.util.Base64;

/**
 * The signature of a bundle, {@code bundle.sig}: of {@code bundle.json}, byte by byte, which holds
 * the SHA-256 of every other file.
 *
 * <p>It names the key that it was made with, so that a bundle that was changed afterwards is not
 * taken for one that somebody else has signed. Whether that key is trusted, {@link BundleTrust}
 * says.
 */
public final class BundleSignature {

    /** The file's name inside a bundle. */
    public static final String FILE = "bundle.sig";

    private static final int MAX_BYTES = 4_096;
    private static final String ALGORITHM = "algorithm";
    private static final String KEY = "key";
    private static final String SIGNATURE = "signature";

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final VerifyingKey key;
    private final byte[] signature;

    private BundleSignature(final VerifyingKey key, final byte[] signature) {
        this.key = key;
        this.signature = signature;
    }

    /** Signs the content of a {@code bundle.json}. */
    public static BundleSignature of(final byte[] json, final SigningKey key) {
        return new BundleSignature(key.verifying(), key.sign(json));
    }

    /**
     * The signature that a {@code bundle.sig} holds.
     *
     * @throws BundleException if it holds none
     */
    static BundleSignature read(final byte[] content) {
        if (content.length > MAX_BYTES) {
            throw damaged("it has more than " + MAX_BYTES + " bytes", null);
        }
        try {
            final JsonNode json = MAPPER.readTree(content);
            if (!json.isObject() || json.size() != 3) {
                throw damaged("its fields are algorithm, key and signature", null);
            }
            if (!VerifyingKey.ALGORITHM.equals(json.path(ALGORITHM).textValue())) {
                throw damaged("algorithm must be " + VerifyingKey.ALGORITHM, null);
            }
            return new BundleSignature(VerifyingKey.of(bytes(json, KEY)), bytes(json, SIGNATURE));
        } catch (final IOException e) {
            throw damaged("it is no valid JSON", e);
        } catch (final IllegalArgumentException e) {
            throw damaged(e.getMessage(), e);
        }
    }

    private static byte[] bytes(final JsonNode json, final String field) {
        final String text = json.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException(field + " must be a text in Base64");
        }
        return Base64.getDecoder().decode(text);
    }

    private static BundleException damaged(final String why, final Exception cause) {
        return new BundleException(
                Reason.BUNDLE_SIGNATURE,
                FILE + " holds no signature: " + why + "; sign the bundle again",
                cause);
    }

    /** The key that it says it was made with. */
    VerifyingKey key() {
        return key;
    }

    /** Whether it is one of this content. */
    boolean isOf(final byte[] json) {
        return key.verifies(json, signature);
    }

    /** The content of {@code bundle.sig}. */
    public byte[] write() {
        try {
            final byte[] json =
                    MAPPER.writerWithDefaultPrettyPrinter()
                            .writeValueAsBytes(
                                    MAPPER.createObjectNode()
                                            .put(ALGORITHM, VerifyingKey.ALGORITHM)
                                            .put(KEY, base64(key.encoded()))
                                            .put(SIGNATURE, base64(signature)));
            final byte[] line = new byte[json.length + 1];
            System.arraycopy(json, 0, line, 0, json.length);
            line[json.length] = '\n';
            return line;
        } catch (final IOException e) {
            throw new IllegalStateException("three texts are always JSON", e);
        }
    }

    private static String base64(final byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
