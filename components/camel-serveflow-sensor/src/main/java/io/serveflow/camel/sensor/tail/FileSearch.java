/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks for the files of a log, those that are written to and those that were rotated away. */
final class FileSearch {

    private static final Pattern OTHER_PACKING =
            Pattern.compile(".*\\.(bz2|lz4|lzma|xz|zip|zst|Z)", Pattern.CASE_INSENSITIVE);

    private final FilePattern live;
    private final List<FilePattern> rotated;
    private final Map<Path, FileTime> folders = new HashMap<>();
    private List<Trouble> troubles = List.of();

    FileSearch(final FilePattern live, final List<FilePattern> rotated) {
        this.live = live;
        this.rotated = List.copyOf(rotated);
    }

    /** All files there are now, each once, those that are written to first. */
    List<FoundFile> look() {
        final List<Trouble> seen = new ArrayList<>();
        final List<FoundFile> found = new ArrayList<>();
        final Set<String> keys = new HashSet<>();
        final Set<Path> lookedInto = new HashSet<>();
        add(live, true, found, keys, lookedInto, seen);
        rotated.forEach(pattern -> add(pattern, false, found, keys, lookedInto, seen));
        folders.keySet().retainAll(lookedInto);
        troubles = List.copyOf(seen);
        return found;
    }

    private void add(
            final FilePattern pattern,
            final boolean isLive,
            final List<FoundFile> found,
            final Set<String> keys,
            final Set<Path> lookedInto,
            final List<Trouble> seen) {
        for (final Path path : pattern.find(folder -> note(folder, lookedInto), seen::add)) {
            if (OTHER_PACKING.matcher(path.toString()).matches()) {
                continue;
            }
            try {
                final FoundFile file = FoundFile.at(path, isLive);
                if (keys.add(file.key().orElseGet(path::toString))) {
                    found.add(file);
                }
            } catch (final NoSuchFileException e) {
                // It went between the look into the folder and the one at the file.
            } catch (final IOException e) {
                seen.add(Unreadable.trouble(path, e));
            }
        }
    }

    /** Notes the state that a folder has before its entries are listed. */
    private void note(final Path folder, final Set<Path> lookedInto) {
        if (lookedInto.add(folder)) {
            modified(folder)
                    .ifPresentOrElse(
                            time -> folders.put(folder, time), () -> folders.remove(folder));
        }
    }

    /**
     * Whether files seem to have come, gone or been renamed since the last look. It may miss what
     * happens within one tick of the file system's clock, so look now and then all the same.
     */
    boolean hasChanged() {
        return folders.isEmpty()
                || folders.entrySet().stream()
                        .anyMatch(e -> !modified(e.getKey()).equals(Optional.of(e.getValue())));
    }

    private static Optional<FileTime> modified(final Path folder) {
        try {
            return Optional.of(Files.getLastModifiedTime(folder));
        } catch (final IOException e) {
            return Optional.empty();
        }
    }

    /** What the last look could not see. */
    List<Trouble> troubles() {
        return troubles;
    }
}
