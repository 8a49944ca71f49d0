/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.work;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A SHA-256 over values of several kinds, each with its length, so that no two run together. */
public final class Digest {

    private final MessageDigest sha256 = sha256();

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public Digest add(final byte[] bytes) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        sha256.update(bytes);
        return this;
    }

    public Digest add(final String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    public Digest add(final long number) {
        return add(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    public Digest add(final int[] numbers) {
        final ByteBuffer bytes = ByteBuffer.allocate(1 << 12);
        sha256.update(bytes.putInt(numbers.length).flip());
        bytes.clear();
        for (final int number : numbers) {
            if (bytes.remaining() < Integer.BYTES) {
                sha256.update(bytes.flip());
                bytes.clear();
            }
            bytes.putInt(number);
        }
        sha256.update(bytes.flip());
        return this;
    }

    /** Adds all components of a record and of those within; the order in sets does not count. */
    public Digest add(final Record settings) {
        return add(text(settings));
    }

    /** The sum in hexadecimal; nothing can be added after it. */
    public String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static String text(final Object value) {
        if (value instanceof Record settings) {
            return Stream.of(settings.getClass().getRecordComponents())
                    .map(component -> component.getName() + "=" + text(get(settings, component)))
                    .collect(
                            Collectors.joining(
                                    ",", settings.getClass().getSimpleName() + "(", ")"));
        }
        if (value instanceof Collection<?> several) {
            final List<String> texts = several.stream().map(Digest::text).toList();
            return several instanceof Set<?>
                    ? texts.stream().sorted().toList().toString()
                    : texts.toString();
        }
        return String.valueOf(value);
    }

    private static Object get(final Record settings, final RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(settings);
        } catch (final IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a component of a record cannot be read", e);
        }
    }
}
