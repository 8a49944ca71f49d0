/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;

/** The files that a path names, in which each part may be a glob of its own. */
public final class FilePattern {

    /** Most files that one pattern may find. */
    static final int MAX_FILES = 20_000;

    private final String text;
    private final Path root;
    private final List<Part> parts;

    private FilePattern(final String text, final Path root, final List<Part> parts) {
        this.text = text;
        this.root = root;
        this.parts = parts;
    }

    /**
     * @param option the option that holds the pattern, as messages name it
     * @throws IllegalArgumentException if it is no pattern of files
     */
    public static FilePattern of(final String option, final String text) {
        if (text.contains("**")) {
            throw new IllegalArgumentException(
                    option
                            + " may not hold **, which would look through folders without end; name"
                            + " each level, as in /logs/*/eve*.json; was "
                            + text);
        }
        if (text.isBlank() || text.endsWith("/")) {
            throw new IllegalArgumentException(
                    option + " must name files, not a folder, was '" + text + "'");
        }
        final Path path = Path.of(text).toAbsolutePath();
        final List<Part> parts = new ArrayList<>();
        for (final Path name : path) {
            try {
                parts.add(Part.of(path.getFileSystem(), name.toString()));
            } catch (final PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        option
                                + " is no glob at '"
                                + name
                                + "' (a group may not hold a /): "
                                + e.getDescription()
                                + ", was "
                                + text);
            }
        }
        return new FilePattern(text, path.getRoot(), List.copyOf(parts));
    }

    /** Whether it may name more than one file. */
    boolean isGlob() {
        return parts.stream().anyMatch(part -> part.matcher().isPresent());
    }

    /**
     * The files there are now, and what else has the name of one.
     *
     * @param folders is given each folder whose entries decide what is found
     * @param trouble is given what could not be looked into
     */
    public Set<Path> find(final Consumer<Path> folders, final Consumer<Trouble> trouble) {
        final Set<Path> found = new LinkedHashSet<>();
        find(root, 0, false, found, folders, trouble);
        return found;
    }

    private void find(
            final Path base,
            final int depth,
            final boolean belowGlob,
            final Set<Path> found,
            final Consumer<Path> folders,
            final Consumer<Trouble> trouble) {
        final Part part = parts.get(depth);
        final boolean last = depth == parts.size() - 1;
        if (last || part.matcher().isPresent()) {
            folders.accept(base);
        }
        if (part.matcher().isEmpty()) {
            final Path next = base.resolve(part.name());
            if (!last) {
                find(next, depth + 1, belowGlob, found, folders, trouble);
            } else if (Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                found.add(next);
            } else if (!Files.notExists(next, LinkOption.NOFOLLOW_LINKS) && !isBelowAFile(next)) {
                trouble.accept(
                        new Trouble(
                                next.toString(),
                                "it cannot be seen whether there is a file "
                                        + next
                                        + "; let this user enter the folders above it",
                                belowGlob));
            }
            return;
        }
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(base, entry -> part.matches(entry.getFileName()))) {
            for (final Path entry : entries) {
                if (found.size() >= MAX_FILES) {
                    trouble.accept(
                            Trouble.of(
                                    text,
                                    text
                                            + " names more than the "
                                            + MAX_FILES
                                            + " files that are looked at; name fewer"));
                    return;
                }
                if (last) {
                    found.add(entry);
                } else {
                    find(entry, depth + 1, true, found, folders, trouble);
                }
            }
        } catch (final NoSuchFileException | NotDirectoryException e) {
            // No folder, no files: it may come yet.
        } catch (final IOException | DirectoryIteratorException e) {
            trouble.accept(
                    new Trouble(
                            base.toString(),
                            "the folder "
                                    + base
                                    + " cannot be looked into: "
                                    + (e instanceof AccessDeniedException
                                            ? Unreadable.denied()
                                            : e.getMessage()),
                            belowGlob));
        }
    }

    /** Whether a file stands where a folder would, so that there is nothing below it. */
    private static boolean isBelowAFile(final Path path) {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.isRegularFile(above)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return text;
    }

    private record Part(String name, Optional<PathMatcher> matcher) {

        private static Part of(final FileSystem files, final String name) {
            final boolean glob = name.chars().anyMatch(c -> "*?[{\\".indexOf(c) >= 0);
            return new Part(
                    name,
                    glob ? Optional.of(files.getPathMatcher("glob:" + name)) : Optional.empty());
        }

        private boolean matches(final Path entry) {
            return matcher.map(m -> m.matches(entry)).orElse(false);
        }
    }
}
