/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of an endpoint that are followed, and those that are read and still there: tells, at
 * each look at the folders, which of them were renamed, copied or packed to where, which are new
 * and which are gone.
 *
 * <p>Not safe for use by more than one thread.
 */
final class KnownFiles {

    /** Most files that are remembered though they are read. */
    static final int MAX_READ = 100;

    private static final Logger LOG = LoggerFactory.getLogger(KnownFiles.class);
    private static final Comparator<FoundFile> OLDEST_FIRST =
            Comparator.comparing(FoundFile::modified).thenComparing(file -> file.path().toString());

    /** Bytes before a position that tell a copy from a file that only begins alike. */
    private static final int COMPARED_BYTES = 64 * 1024;

    private final boolean glob;
    private final String livePattern;
    private final long searchNanos;
    private final Ledger ledger;
    private final List<FollowedFile> files = new ArrayList<>();
    private final Map<FoundFile, byte[]> beginnings = new HashMap<>();
    private final List<Trouble> troubles = new ArrayList<>();
    private Instant since;

    /**
     * @param live names the files that the sensor writes to
     * @param searchNanos how long a file that is gone is looked for before it counts as lost
     */
    KnownFiles(
            final FilePattern live,
            final long searchNanos,
            final Ledger ledger,
            final Positions positions,
            final long now) {
        this.glob = live.isGlob();
        this.livePattern = live.toString();
        this.searchNanos = searchNanos;
        this.ledger = ledger;
        this.since = positions.since();
        positions.files().forEach(position -> files.add(new FollowedFile(position, now)));
    }

    /**
     * The positions to begin with where none are known: files that the sensor writes to are read,
     * those that were rotated away before are not.
     *
     * @param atEnd whether what is written already is skipped
     */
    static Positions beginning(
            final FilePattern live, final List<FoundFile> found, final boolean atEnd) {
        final List<FilePosition> positions = new ArrayList<>();
        found.stream()
                .filter(FoundFile::live)
                .sorted(OLDEST_FIRST)
                .forEach(file -> beginning(live, file, atEnd).ifPresent(positions::add));
        final Instant since =
                found.stream()
                        .filter(file -> !file.live())
                        .map(FoundFile::modified)
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.EPOCH);
        return new Positions(since, positions);
    }

    private static Optional<FilePosition> beginning(
            final FilePattern live, final FoundFile file, final boolean atEnd) {
        try (LogBytes bytes = LogBytes.open(file.path())) {
            return Optional.of(
                    new FilePosition(
                            live.isGlob() ? LogName.of(file.path()) : live.toString(),
                            file.path().toString(),
                            file.key(),
                            Fingerprint.of(bytes.beginning()),
                            atEnd ? LastLine.end(bytes) : 0,
                            file.modified(),
                            false));
        } catch (final IOException e) {
            // Found as a new file as soon as it can be read, which is then read from its start.
            return Optional.empty();
        }
    }

    /** Compares what is known with what was found. */
    void match(final List<FoundFile> found, final long now) {
        troubles.clear();
        beginnings.keySet().retainAll(found);
        final Map<String, FollowedFile> byKey = new HashMap<>();
        files.forEach(file -> file.key().ifPresent(key -> byKey.put(key, file)));
        final List<FollowedFile> lost = new ArrayList<>(files);
        final List<FoundFile> others = new ArrayList<>();
        for (final FoundFile file : found) {
            final Optional<FollowedFile> same = file.key().map(byKey::get);
            if (same.isPresent() && isStill(same.get(), file, now)) {
                lost.remove(same.get());
            } else {
                same.ifPresent(known -> known.leave(now));
                others.add(file);
            }
        }
        lost.forEach(file -> file.miss(now));
        others.sort(Comparator.comparing(FoundFile::live).thenComparing(OLDEST_FIRST));
        others.forEach(file -> place(file, lost, now));
        giveUp(now);
        forget();
    }

    private boolean isStill(final FollowedFile known, final FoundFile file, final long now) {
        if (known.isUntouched(file)) {
            known.see(file);
            return true;
        }
        final Optional<byte[]> beginning = beginning(file);
        if (beginning.isEmpty() || !known.fingerprint().fits(beginning.get())) {
            return false;
        }
        if (file.size() < known.offset() && !isPacked(file)) {
            return false;
        }
        known.locate(file, beginning.get(), now);
        return true;
    }

    /** Finds out what a file is that no known one had the key of. */
    private void place(final FoundFile file, final List<FollowedFile> lost, final long now) {
        final boolean late = file.modified().isAfter(since) || file.live() && !glob;
        final boolean searching =
                lost.stream().anyMatch(known -> !known.isOpen() && !known.isFinished());
        if (!late && !searching || file.size() == 0 && !file.live()) {
            return;
        }
        final Optional<byte[]> read = beginning(file);
        if (read.isEmpty()) {
            return;
        }
        final byte[] beginning = read.get();
        final Optional<FollowedFile> moved =
                lost.stream()
                        .filter(known -> !known.isOpen())
                        .filter(known -> known.fingerprint().tells(beginning))
                        .filter(known -> !file.live() || file.size() >= known.offset())
                        .findFirst();
        if (moved.isPresent()) {
            lost.remove(moved.get());
            moved.get().locate(file, beginning, now);
            return;
        }
        if (!late || file.live() && isOriginal(file, beginning, now)) {
            return;
        }
        final boolean copy = files.stream().anyMatch(known -> known.isCopiedTo(beginning));
        if (file.live() || !copy) {
            files.add(new FollowedFile(log(file), file, beginning, 0, now));
        }
    }

    /**
     * Whether a copy of this file was found before it, as between the copy and the truncation of
     * {@code copytruncate}, and taken for another one: then it goes on where the copy was read to.
     * A file that is truncated is the one that it was; one that is made anew is no original,
     * however much it looks like an older one.
     */
    private boolean isOriginal(final FoundFile file, final byte[] beginning, final long now) {
        final String log = log(file);
        if (files.stream()
                .noneMatch(
                        known ->
                                known.formerKey().isPresent()
                                        && known.formerKey().equals(file.key()))) {
            return false;
        }
        final Optional<FollowedFile> copy =
                files.stream()
                        .filter(known -> known.log().equals(log))
                        .filter(known -> known.isFound() && !known.isLive() && !known.isPacked())
                        .filter(known -> known.fingerprint().tells(beginning))
                        .filter(known -> file.size() >= known.offset())
                        .filter(known -> areAlike(known.path(), file.path(), known.offset()))
                        .findFirst();
        copy.ifPresent(
                known -> {
                    known.closeQuietly();
                    known.locate(file, beginning, now);
                });
        return copy.isPresent();
    }

    /** Whether two files have the same bytes before an offset, as far as a block tells. */
    private static boolean areAlike(final Path one, final Path other, final long offset) {
        final int length = (int) Math.min(offset, COMPARED_BYTES);
        final byte[] first = new byte[length];
        final byte[] second = new byte[length];
        try (LogBytes from = LogBytes.open(one);
                LogBytes to = LogBytes.open(other)) {
            return length == 0
                    || from.read(first, offset - length) == length
                            && to.read(second, offset - length) == length
                            && Arrays.equals(first, second);
        } catch (final IOException e) {
            // Then it is read as a file of its own; ids keep it from being stored twice.
            return false;
        }
    }

    private String log(final FoundFile file) {
        if (!glob) {
            return livePattern;
        }
        if (file.live()) {
            return LogName.of(file.path());
        }
        final String name = LogName.bareOfRotated(file.path());
        final List<String> candidates =
                files.stream()
                        .map(FollowedFile::log)
                        .distinct()
                        .filter(log -> Path.of(log).getFileName().toString().equals(name))
                        .toList();
        return candidates.size() == 1
                ? candidates.get(0)
                : file.path().resolveSibling(name).toString();
    }

    private boolean isPacked(final FoundFile file) {
        return file.path().toString().endsWith(".gz");
    }

    private Optional<byte[]> beginning(final FoundFile file) {
        final byte[] known = beginnings.get(file);
        if (known != null) {
            return Optional.of(known);
        }
        try (LogBytes bytes = LogBytes.open(file.path())) {
            final byte[] read = bytes.beginning();
            if (FoundFile.at(file.path(), file.live()).key().equals(file.key())) {
                beginnings.put(file, read);
                return Optional.of(read);
            }
        } catch (final NoSuchFileException e) {
            // It was renamed since it was found; the next look finds it again.
        } catch (final IOException e) {
            troubles.add(Unreadable.trouble(file.path(), e));
        }
        return Optional.empty();
    }

    private void giveUp(final long now) {
        final List<FollowedFile> gone =
                files.stream()
                        .filter(file -> !file.isFound() && !file.isOpen() && !file.isFinished())
                        .filter(file -> now - file.since() >= searchNanos || isNothing(file))
                        .toList();
        gone.stream().filter(Predicate.not(KnownFiles::isNothing)).forEach(this::report);
        files.removeAll(gone);
    }

    private static boolean isNothing(final FollowedFile file) {
        return file.fingerprint().length() == 0;
    }

    private void report(final FollowedFile file) {
        ledger.add(Ledger.Entry.DROPPED, Reason.ROTATED_AWAY, 1);
        LOG.warn(
                "The file that was {} is gone, and no file that option rotated names holds its"
                    + " rest: it was read up to byte {}, and {}. Let rotated files stay longer, or"
                    + " name in option rotated where they go.",
                file.path(),
                file.offset(),
                file.unread() > 0
                        ? "at least " + file.unread() + " bytes behind that are lost"
                        : "what was written behind that, if anything, is lost");
    }

    /** Lets go of files that were read longest ago; what is as old as they are counts as read. */
    private void forget() {
        final List<FollowedFile> read =
                files.stream()
                        .filter(file -> file.isFinished() && file.isRead())
                        .sorted(Comparator.comparing(FollowedFile::modified))
                        .toList();
        for (final FollowedFile file : read.subList(0, Math.max(0, read.size() - MAX_READ))) {
            if (file.isFound() && file.modified().isAfter(since)) {
                since = file.modified();
            }
            files.remove(file);
        }
    }

    /** All of them, older parts of a log before newer ones. */
    List<FollowedFile> files() {
        return files;
    }

    Positions positions() {
        return new Positions(since, files.stream().map(FollowedFile::position).toList());
    }

    /** What could not be looked at the last time. */
    List<Trouble> troubles() {
        return troubles;
    }
}
