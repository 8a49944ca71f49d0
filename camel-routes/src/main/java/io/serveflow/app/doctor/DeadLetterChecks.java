/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.serveflow.app.settings.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Looks at the dead letters that an instance has left: lines and documents that nobody has yet. */
final class DeadLetterChecks {

    private static final String CHECK = "dead letters";

    /** How many letters are looked at, so that a large file is no long wait. */
    private static final int MOST = 100_000;

    private static final int MOST_REASONS = 5;

    /** What no letter says, such as a line that was cut when the disk was full. */
    private static final String UNREADABLE = "no dead letter";

    private static final JsonFactory JSON = new JsonFactory();

    private final Settings settings;

    DeadLetterChecks(final Settings settings) {
        this.settings = settings;
    }

    Finding examine() {
        final Path file = settings.path("serveflow.deadLetters");
        try {
            if (Files.notExists(file) || Files.size(file) == 0) {
                return Finding.ok(CHECK, "none in " + file);
            }
            return found(file);
        } catch (final IOException e) {
            return Finding.skipped(CHECK, file + " cannot be read: " + e.getMessage());
        }
    }

    private static Finding found(final Path file) throws IOException {
        final Map<String, Integer> reasons = new TreeMap<>();
        String oldest = "";
        int letters = 0;
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine();
                    line != null && letters < MOST;
                    line = lines.readLine()) {
                final Letter letter = Letter.of(line);
                if (letters++ == 0) {
                    oldest = letter.time() + " " + letter.reason();
                }
                reasons.merge(letter.reason(), 1, Integer::sum);
            }
        }
        return Finding.warning(
                CHECK,
                file
                        + " has "
                        + (letters == MOST ? "at least " : "")
                        + letters
                        + " letters, "
                        + Files.size(file)
                        + " bytes, the oldest of "
                        + oldest.strip()
                        + "; "
                        + reasons.entrySet().stream()
                                .sorted(
                                        Map.Entry.<String, Integer>comparingByValue(
                                                Comparator.reverseOrder()))
                                .limit(MOST_REASONS)
                                .map(one -> one.getKey() + " " + one.getValue())
                                .collect(Collectors.joining(", ")),
                (reasons.keySet().stream().anyMatch(one -> one.startsWith("index_"))
                                ? "those of index_ were refused for what is in them: detail says"
                                        + " what, and the mapping of the index is where to look; "
                                : "")
                        + "docs/reference/dead-letters.md says what the reasons are, and how to"
                        + " replay them");
    }

    /** What is said of a letter. */
    private record Letter(String time, String reason) {

        private static Letter of(final String line) {
            String time = "";
            String reason = UNREADABLE;
            try (JsonParser json = JSON.createParser(line)) {
                if (json.nextToken() == JsonToken.START_OBJECT) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        final String key = json.currentName();
                        final JsonToken value = json.nextToken();
                        if (key.equals("ts")) {
                            time = json.getText();
                        } else if (key.equals("reason")) {
                            reason = json.getText();
                        } else if (value.isStructStart()) {
                            json.skipChildren();
                        }
                    }
                }
            } catch (final IOException e) {
                return new Letter(time, UNREADABLE);
            }
            return new Letter(time, reason);
        }
    }
}
