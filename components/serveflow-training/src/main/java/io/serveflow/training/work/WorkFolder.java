/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder next to a bundle that is being made, in which what took long to make is kept until the
 * bundle is whole, so that a run that was stopped goes on where it was.
 *
 * <p>An entry is a file named by its key and begins with a SHA-256 of the rest. It is written next
 * to where it belongs, forced to the disk and then moved there, so that a killed run leaves whole
 * entries or none; a torn or changed one is detected by its checksum and treated as missing. The
 * folder is made with its first entry. Not safe for use by more than one thread.
 */
public final class WorkFolder {

    private static final int SUM_BYTES = 32;
    private static final String ENTRY = ".entry";
    private static final Pattern OWN = Pattern.compile("[0-9a-f]{64}\\.entry(\\.tmp)?");

    private final Path folder;
    private int damaged;
    private Optional<IOException> failure = Optional.empty();

    private WorkFolder(final Path folder) {
        this.folder = folder;
    }

    /** The work folder of a bundle. */
    public static WorkFolder beside(final Path bundle) {
        final Path target = bundle.toAbsolutePath().normalize();
        return new WorkFolder(target.resolveSibling("." + target.getFileName() + ".work"));
    }

    public Path path() {
        return folder;
    }

    /**
     * What an earlier run or this one kept under a key.
     *
     * @param key 64 hexadecimal digits
     */
    public Optional<byte[]> find(final String key) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        final byte[] file;
        try {
            file = Files.readAllBytes(folder.resolve(key + ENTRY));
        } catch (final NoSuchFileException e) {
            return Optional.empty();
        } catch (final IOException e) {
            damaged++;
            return Optional.empty();
        }
        if (file.length < SUM_BYTES
                || !MessageDigest.isEqual(
                        Arrays.copyOf(file, SUM_BYTES), sum(key, file, SUM_BYTES))) {
            damaged++;
            return Optional.empty();
        }
        return Optional.of(Arrays.copyOfRange(file, SUM_BYTES, file.length));
    }

    /**
     * Keeps something under a key, over what was there. Where the disk refuses, the work goes on
     * and is merely not kept; see {@link #failure()}.
     */
    public void keep(final String key, final byte[] content) {
        if (failure.isPresent()) {
            return;
        }
        final Path draft = folder.resolve(key + ENTRY + ".tmp");
        try {
            Files.createDirectories(folder);
            try (FileChannel file =
                    FileChannel.open(
                            draft,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                write(file, sum(key, content, 0));
                write(file, content);
                file.force(true);
            }
            Files.move(
                    draft,
                    folder.resolve(key + ENTRY),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException e) {
            failure = Optional.of(e);
            makeRoom(draft);
        }
    }

    /** Removes what was written of an entry, for the disk may be full. */
    private void makeRoom(final Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (final IOException e) {
            failure.ifPresent(cause -> cause.addSuppressed(e));
        }
    }

    /** How many entries were asked for and could not be used. */
    public int damaged() {
        return damaged;
    }

    /** Why something could not be kept; nothing is kept after that. */
    public Optional<IOException> failure() {
        return failure;
    }

    /** Removes all entries, and the folder unless somebody put something else there. */
    public void delete() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        for (final Path file : own()) {
            Files.deleteIfExists(file);
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.findAny().isPresent()) {
                return;
            }
        }
        Files.delete(folder);
    }

    private List<Path> own() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> OWN.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
    }

    private static void write(final FileChannel file, final byte[] bytes) throws IOException {
        final ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            file.write(left);
        }
    }

    /** Over the key too, so that an entry under another's name is no entry. */
    private static byte[] sum(final String key, final byte[] content, final int from) {
        final MessageDigest sha256 = Digest.sha256();
        sha256.update(key.getBytes(StandardCharsets.US_ASCII));
        sha256.update(content, from, content.length - from);
        return sha256.digest();
    }
}
