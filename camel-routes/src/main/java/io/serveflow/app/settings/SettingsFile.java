/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A file of settings in the form of {@link Properties}, read so that each setting's line is known.
 * UTF-8, or ISO 8859-1 where it is not UTF-8.
 */
final class SettingsFile {

    private SettingsFile() {}

    /**
     * A text and the line that it begins on, the first being 1.
     *
     * @param value the text
     * @param line the number of the line
     */
    record Line(String value, int line) {}

    /** The settings by name; of those that are there twice, the last. */
    static Map<String, Line> read(final Path file) throws IOException {
        return parse(text(Files.readAllBytes(file)));
    }

    private static String text(final byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (final CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    static Map<String, Line> parse(final String text) throws IOException {
        final Map<String, Line> settings = new LinkedHashMap<>();
        final List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            final int first = i + 1;
            final StringBuilder whole = new StringBuilder(lines.get(i));
            if (!isComment(lines.get(i))) {
                while (goesOn(lines.get(i)) && i + 1 < lines.size()) {
                    i++;
                    whole.append('\n').append(lines.get(i));
                }
            }
            final Properties one = new Properties();
            try {
                one.load(new StringReader(whole.toString()));
            } catch (final IllegalArgumentException e) {
                throw new IOException("line " + first + ": " + e.getMessage(), e);
            }
            one.forEach(
                    (name, value) -> settings.put((String) name, new Line((String) value, first)));
        }
        return settings;
    }

    private static boolean isComment(final String line) {
        final String stripped = line.stripLeading();
        return stripped.startsWith("#") || stripped.startsWith("!");
    }

    /** A line goes on with the next if an odd number of backslashes ends it. */
    private static boolean goesOn(final String line) {
        int backslashes = 0;
        while (backslashes < line.length()
                && line.charAt(line.length() - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
