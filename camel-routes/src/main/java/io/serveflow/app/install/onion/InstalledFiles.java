/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import io.serveflow.app.install.InstallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files an installation has made, with what was in them, in a list as {@code sha256sum}
 * writes it: what somebody else made or has changed since is nobody's to take away. Comments in it,
 * which {@code sha256sum} skips, name the folders that were made for the files, and lines of ours
 * in files of others.
 *
 * <p>The list has a file before it is written, with what it is to hold and with what it held, so
 * that wherever writing ends, the file is known for one of an installation. So it is with folders
 * and lines.
 */
final class InstalledFiles {

    private static final Pattern FILE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");
    private static final String FOLDER = "# folder ";
    private static final String LINES = "# lines ";

    private final Path list;
    private final Map<Path, Set<String>> digests = new TreeMap<>();
    private final Map<Path, Set<String>> digestsOfLines = new TreeMap<>();
    private final Set<Path> folders = new TreeSet<>();

    private InstalledFiles(final Path list) {
        this.list = list;
    }

    /**
     * Those of a list; none if there is no such file.
     *
     * @param list an absolute path, in a folder above all of the files
     * @throws IOException if it cannot be read, or names what is not below its folder
     */
    static InstalledFiles in(final Path list) throws IOException {
        final InstalledFiles files = new InstalledFiles(list);
        if (Files.exists(list)) {
            for (final String line : Files.readAllLines(list)) {
                files.read(line);
            }
        }
        return files;
    }

    private void read(final String line) throws InstallException {
        if (line.startsWith(FOLDER)) {
            folders.add(below(line.substring(FOLDER.length()), line));
            return;
        }
        final boolean ofLines = line.startsWith(LINES);
        final Matcher parts = FILE.matcher(ofLines ? line.substring(LINES.length()) : line);
        if (!parts.matches()) {
            throw damaged(line);
        }
        (ofLines ? digestsOfLines : digests)
                .computeIfAbsent(below(parts.group(2), line), file -> new TreeSet<>())
                .add(parts.group(1));
    }

    private Path below(final String path, final String line) throws InstallException {
        final Path file = Path.of(path);
        if (!isBelow(file)) {
            throw damaged(line);
        }
        return file;
    }

    private InstallException damaged(final String line) {
        return new InstallException(
                list
                        + " is damaged at the line '"
                        + line
                        + "', which is no digest with a file below "
                        + list.getParent()
                        + "; correct it, or delete it if nothing is to be taken away");
    }

    private boolean isBelow(final Path file) {
        return file.equals(file.normalize())
                && file.startsWith(list.getParent())
                && !file.equals(list)
                && !file.equals(list.getParent());
    }

    /** The list itself. */
    Path list() {
        return list;
    }

    /** All that the list names, in the order of their paths. */
    List<Path> paths() {
        return List.copyOf(digests.keySet());
    }

    /** Whether the list names a file. */
    boolean has(final Path file) {
        return digests.containsKey(file);
    }

    /** Whether an installation wrote just that into a file. */
    boolean wrote(final Path file, final byte[] content) {
        return digests.getOrDefault(file, Set.of()).contains(digestOf(content));
    }

    /** Whether it is known what an installation wrote into a file of somebody else. */
    boolean hasLines(final Path file) {
        return digestsOfLines.containsKey(file);
    }

    /** Whether an installation wrote just these lines into a file of somebody else. */
    boolean wroteLines(final Path file, final String lines) {
        return digestsOfLines.getOrDefault(file, Set.of()).contains(digestOf(utf8(lines)));
    }

    /** Puts a file there, whole or not at all. */
    void write(final Path file, final byte[] content) throws IOException {
        final String digest = digestOf(content);
        add(digests, file, digest);
        for (Path folder = file.getParent(); isMissing(folder); folder = folder.getParent()) {
            folders.add(folder);
        }
        save();
        Files.createDirectories(file.getParent());
        WholeFile.write(file, content);
        keepOnly(digests, file, digest);
    }

    private boolean isMissing(final Path folder) {
        return isBelow(folder) && Files.notExists(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /** Has a file that is there count as written. */
    void adopt(final Path file, final byte[] content) throws IOException {
        final String digest = digestOf(content);
        add(digests, file, digest);
        digests.get(file).retainAll(Set.of(digest));
        save();
    }

    /**
     * Puts lines of ours into a file of somebody else.
     *
     * @param lines of ours alone
     * @param content the whole file with them
     */
    void writeLines(final Path file, final String lines, final String content) throws IOException {
        final String digest = digestOf(utf8(lines));
        add(digestsOfLines, file, digest);
        save();
        WholeFile.rewrite(file, utf8(content));
        keepOnly(digestsOfLines, file, digest);
    }

    /** Has lines that are in a file count as written. */
    void adoptLines(final Path file, final String lines) throws IOException {
        digestsOfLines.put(file, new TreeSet<>(Set.of(digestOf(utf8(lines)))));
        save();
    }

    /**
     * Takes lines of ours out of a file.
     *
     * @param content the whole file without them
     */
    void deleteLines(final Path file, final String content) throws IOException {
        WholeFile.rewrite(file, utf8(content));
        digestsOfLines.remove(file);
        saveOrDelete();
    }

    private static void add(
            final Map<Path, Set<String>> known, final Path file, final String digest) {
        known.computeIfAbsent(file, none -> new TreeSet<>()).add(digest);
    }

    private void keepOnly(final Map<Path, Set<String>> known, final Path file, final String digest)
            throws IOException {
        if (known.get(file).retainAll(Set.of(digest))) {
            save();
        }
    }

    /**
     * Takes a file away that may be gone already, and each folder above it that is empty then.
     *
     * @param top which stays, and all above it, unless it was made by an installation
     */
    void delete(final Path file, final Path top) throws IOException {
        Files.deleteIfExists(file);
        Path folder = file.getParent();
        while (goesWhenEmpty(folder, top) && isEmptyOrGone(folder)) {
            Files.deleteIfExists(folder);
            folders.remove(folder);
            folder = folder.getParent();
        }
        digests.remove(file);
        saveOrDelete();
    }

    private boolean goesWhenEmpty(final Path folder, final Path top) {
        return folders.contains(folder) || folder.startsWith(top) && !folder.equals(top);
    }

    private static boolean isEmptyOrGone(final Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return !Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
        }
        try (var inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        }
    }

    /** Where no file is named any more, the list goes with all else that it has. */
    private void saveOrDelete() throws IOException {
        if (digests.isEmpty()) {
            Files.deleteIfExists(list);
        } else {
            save();
        }
    }

    private void save() throws IOException {
        final StringBuilder text = new StringBuilder();
        append("", digests, text);
        append(LINES, digestsOfLines, text);
        folders.forEach(folder -> text.append(FOLDER).append(folder).append('\n'));
        WholeFile.write(list, utf8(text.toString()));
    }

    private static void append(
            final String prefix, final Map<Path, Set<String>> known, final StringBuilder into) {
        known.forEach(
                (file, all) ->
                        all.forEach(
                                digest ->
                                        into.append(prefix)
                                                .append(digest)
                                                .append("  ")
                                                .append(file)
                                                .append('\n')));
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digestOf(final byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
