/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Gives the letters of one dead letter file out, once.
 *
 * <p>{@code FILE} becomes {@code FILE.replaying} when the replay begins, and {@code
 * FILE.replayed-TIME} when {@link #done()} says that every letter has its end: so a second replay
 * finds nothing to do, and one that breaks off is recognized by the file's name and can be begun
 * again from it. Letters that could not be given in again are in {@code FILE.remaining} then,
 * appended as they were. No letter is ever deleted.
 */
public final class DeadLetterReplay implements Closeable {

    private static final String REPLAYING = ".replaying";

    /** Up to here payloads were kept before letters said how long they had been. */
    private static final int OLD_MAX_PAYLOAD_BYTES = 8 * 1024;

    private static final JsonFactory JSON = new JsonFactory();

    /** What makes an object a dead letter. */
    private static final Set<String> REQUIRED = Set.of("source", "reason", "payload");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String name;
    private final Path chosen;
    private final Path file;
    private final RandomAccessFile held;
    private final Clock clock;
    private final List<String> remaining = new ArrayList<>();

    /**
     * A line of the file.
     *
     * @param line as it stands there
     * @param letter what it says; empty if it is no dead letter, such as a torn line
     */
    public record Kept(String line, Optional<DeadLetter> letter) {

        public Kept {
            Objects.requireNonNull(line, "line");
            Objects.requireNonNull(letter, "letter");
        }
    }

    private DeadLetterReplay(
            final String name,
            final Path chosen,
            final Path file,
            final RandomAccessFile held,
            final Clock clock) {
        this.name = name;
        this.chosen = chosen;
        this.file = file;
        this.held = held;
        this.clock = clock;
    }

    /**
     * Takes a file for a replay, so that no other process does; it keeps its name until {@link
     * #begin}.
     *
     * @param chosen a dead letter file, or one with the ending {@code .replaying} of a replay that
     *     broke off
     * @throws IOException if it is no file, a process still writes to it, or an earlier replay of
     *     it is to be ended first
     */
    public static DeadLetterReplay hold(final Path chosen, final Clock clock) throws IOException {
        if (!Files.isRegularFile(chosen, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(chosen + " is no file; name a file of dead letters");
        }
        final String path = chosen.toString();
        final boolean again = path.endsWith(REPLAYING);
        final String name = again ? path.substring(0, path.length() - REPLAYING.length()) : path;
        final Path file = Path.of(name + REPLAYING);
        if (!again && Files.exists(file)) {
            throw new IOException(
                    file
                            + " is there, from a replay that did not end; replay that file first,"
                            + " or move it away");
        }
        final RandomAccessFile held = new RandomAccessFile(chosen.toFile(), "rw");
        try {
            if (!lock(held)) {
                throw new IOException(
                        chosen
                                + " is still written to by a running process; stop that first, or"
                                + " give it another file with serveflow.deadLetters");
            }
            return new DeadLetterReplay(name, chosen, file, held, clock);
        } catch (final IOException | RuntimeException e) {
            held.close();
            throw e;
        }
    }

    /** Gives the file the name that it has while it is replayed. */
    public void begin() throws IOException {
        if (!chosen.equals(file)) {
            Files.move(chosen, file);
        }
    }

    private static boolean lock(final RandomAccessFile held) throws IOException {
        try {
            final FileLock lock = held.getChannel().tryLock();
            return lock != null;
        } catch (final OverlappingFileLockException e) {
            return false;
        }
    }

    /** Gives out every line of the file, in order. */
    public void forEach(final Consumer<Kept> use) throws IOException {
        // Letters are UTF-8; what a crash left may be anything, and comes back as it can.
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final String text =
                        new String(
                                line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                if (!text.isBlank()) {
                    use.accept(new Kept(text, letter(text)));
                }
            }
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Keeps a line among those that could not be given in again. */
    public void remains(final Kept kept) {
        remaining.add(kept.line());
    }

    /**
     * Says that every letter has its end.
     *
     * @return the name under which the file stays
     */
    public Path done() throws IOException {
        if (!remaining.isEmpty()) {
            final Path rest = remaining();
            try {
                DeadLetterFile.createForOwner(rest);
                Files.write(
                        rest,
                        remaining,
                        StandardCharsets.UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (final IOException e) {
                // Not as the cause, whose bare message would be the sentence that a person reads.
                final IOException named =
                        new IOException(
                                "the letters that remain could not be written to "
                                        + rest
                                        + " ("
                                        + e.getMessage()
                                        + "); see that its disk has room, and replay "
                                        + file
                                        + " again");
                named.addSuppressed(e);
                throw named;
            }
            remaining.clear();
        }
        final Path replayed = free(name + ".replayed-" + TIME.format(clock.instant()));
        Files.move(file, replayed);
        return replayed;
    }

    /**
     * Gives the file its name back, for nothing of it was fed in; it keeps the other one if there
     * are new letters in its place.
     */
    public void giveBack() throws IOException {
        final Path original = Path.of(name);
        if (Files.notExists(original)) {
            Files.move(file, original);
        } else if (isLeftEmpty(original)) {
            Files.move(file, original, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * What a process has open may get letters yet, which would be lost in a file without a name.
     */
    private static boolean isLeftEmpty(final Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > 0) {
            return false;
        }
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            return lock(open) && open.length() == 0;
        }
    }

    private static Path free(final String wanted) {
        Path path = Path.of(wanted);
        for (int i = 2; Files.exists(path, LinkOption.NOFOLLOW_LINKS); i++) {
            path = Path.of(wanted + "-" + i);
        }
        return path;
    }

    /** Where letters are that could not be given in again. */
    public Path remaining() {
        return Path.of(name + ".remaining");
    }

    /** Where the letters are while they are replayed. */
    public Path file() {
        return file;
    }

    /** Lets go of the file; without {@link #done()} it keeps its name {@code FILE.replaying}. */
    @Override
    public void close() throws IOException {
        held.close();
    }

    private static Optional<DeadLetter> letter(final String line) {
        final Map<String, String> texts = new HashMap<>();
        final Map<String, Long> numbers = new HashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                final String key = json.currentName();
                switch (json.nextToken()) {
                    case VALUE_STRING -> texts.put(key, json.getText());
                    case VALUE_NUMBER_INT -> numbers.put(key, json.getLongValue());
                    default -> json.skipChildren();
                }
            }
        } catch (final IOException e) {
            return Optional.empty();
        }
        if (!texts.keySet().containsAll(REQUIRED)) {
            return Optional.empty();
        }
        final String payload = texts.get("payload");
        final long length = payload.getBytes(StandardCharsets.UTF_8).length;
        // A payload of the old bound may have been cut to it, in the middle of a character.
        final long presumed = length > OLD_MAX_PAYLOAD_BYTES - 4 ? Long.MAX_VALUE : length;
        return Optional.of(
                new DeadLetter(
                        texts.get("source"),
                        numbers.getOrDefault("offset", -1L),
                        texts.get("reason"),
                        texts.getOrDefault("detail", ""),
                        payload,
                        texts.getOrDefault("format", ""),
                        texts.getOrDefault("observer", ""),
                        numbers.getOrDefault("bytes", presumed)));
    }
}
