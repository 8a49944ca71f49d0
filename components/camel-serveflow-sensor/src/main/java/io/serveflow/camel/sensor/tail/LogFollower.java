/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import io.serveflow.camel.sensor.BatchSender;
import io.serveflow.camel.sensor.SkippedLog;
import io.serveflow.sensor.SensorStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the logs of an endpoint through all their files, a chunk of bytes a turn.
 *
 * <p>In each log an older file is read to its end before the next one. A file that was renamed is
 * read on as long as it grows; one that does not for a while is finished. Not safe for use by more
 * than one thread, but for {@link #pending()} and {@link #trouble()}.
 */
final class LogFollower implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);

    /** Most files that are kept open; others are opened again when they have grown. */
    private static final int MAX_OPEN = 256;

    private final ServeflowTailEndpoint endpoint;
    private final FileSearch search;
    private final KnownFiles known;
    private final BatchSender sender;
    private final LongSupplier nanoTime;
    private final long scanNanos;
    private final long finishNanos;
    private final SkippedLog skipped;
    private final Map<String, FollowedLog> logs = new ConcurrentHashMap<>();
    private final List<Part> parts = new ArrayList<>();

    /** With room for CR LF, a full buffer without LF is proof that the line is too long. */
    private final byte[] buffer = new byte[SensorStream.MAX_LINE_BYTES + 2];

    private boolean lookNow = true;
    private long lookedAt;
    private boolean moved;
    private final Unreadable unreadable = new Unreadable(LOG::warn, LOG::info);

    /** Files that could not be read when they were last tried. */
    private final Map<FollowedFile, Trouble> failed = new LinkedHashMap<>();

    private volatile List<String> troubles = List.of();

    /**
     * @param positions where to begin
     */
    LogFollower(
            final ServeflowTailEndpoint endpoint,
            final FileSearch search,
            final Positions positions,
            final BatchSender sender,
            final LongSupplier nanoTime) {
        this.endpoint = endpoint;
        this.search = search;
        this.sender = sender;
        this.nanoTime = nanoTime;
        this.scanNanos = TimeUnit.MILLISECONDS.toNanos(endpoint.getScanDelay());
        this.finishNanos = TimeUnit.MILLISECONDS.toNanos(endpoint.getFinishDelay());
        final long now = nanoTime.getAsLong();
        this.skipped =
                new SkippedLog(
                        endpoint.getEndpointBaseUri(),
                        endpoint.getComponent().getLedger(),
                        now,
                        LOG::info);
        this.known =
                new KnownFiles(
                        endpoint.live(),
                        TimeUnit.MILLISECONDS.toNanos(endpoint.getSearchTime()),
                        endpoint.getComponent().getLedger(),
                        positions,
                        now);
    }

    /** Looks for files if it is time to, and reads and sends a chunk of each log. */
    boolean turn() {
        final long now = nanoTime.getAsLong();
        if (lookNow || now - lookedAt >= scanNanos || search.hasChanged()) {
            look(now);
        }
        final List<String> full = new ArrayList<>();
        boolean read = false;
        for (final Part part : parts) {
            read |= turn(part, now, full);
            moved |= part.log.settle();
        }
        skipped.at(now);
        final List<Trouble> seen = new ArrayList<>(search.troubles());
        seen.addAll(known.troubles());
        seen.addAll(failed.values());
        unreadable.are(seen);
        troubles =
                Stream.concat(
                                seen.stream()
                                        .filter(trouble -> !trouble.belowGlob())
                                        .map(Trouble::sentence),
                                full.stream())
                        .toList();
        return read;
    }

    private void look(final long now) {
        lookNow = false;
        lookedAt = now;
        known.match(search.look(), now);
        closeIdle();
        parts.clear();
        final Map<String, List<FollowedFile>> byLog =
                known.files().stream()
                        .collect(
                                Collectors.groupingBy(
                                        FollowedFile::log,
                                        LinkedHashMap::new,
                                        Collectors.toUnmodifiableList()));
        byLog.forEach((name, files) -> parts.add(new Part(name, log(name, now), files)));
        logs.keySet().retainAll(byLog.keySet());
        failed.keySet().retainAll(known.files());
        moved = true;
    }

    private FollowedLog log(final String name, final long now) {
        return logs.computeIfAbsent(
                name, absent -> new FollowedLog(absent, endpoint, skipped.ledger(), sender, now));
    }

    private void closeIdle() {
        final List<FollowedFile> open =
                known.files().stream()
                        .filter(file -> file.isOpen() && file.isFound())
                        .sorted(Comparator.comparingLong(FollowedFile::since))
                        .toList();
        open.subList(0, Math.max(0, open.size() - MAX_OPEN)).forEach(FollowedFile::closeQuietly);
    }

    /**
     * Reads one chunk of a log; false if there is nothing to read.
     *
     * @param full takes what is not read before more is acknowledged
     */
    private boolean turn(final Part part, final long now, final List<String> full) {
        if (part.log.isFull()) {
            full.add(
                    part.name
                            + " is not read on before the route has acknowledged what it was"
                            + " given");
            return false;
        }
        for (final FollowedFile file : part.files) {
            try {
                if (file.isFinished()) {
                    continue;
                }
                final boolean more = turn(part, file, now);
                failed.remove(file);
                if (more) {
                    return true;
                }
            } catch (final NoSuchFileException e) {
                lookNow = true;
            } catch (final IOException e) {
                failed.put(file, Unreadable.trouble(file.path(), e));
            } catch (final RuntimeException e) {
                file.readAgain();
                throw e;
            }
        }
        part.log.elapse(now);
        part.log.send();
        return false;
    }

    private boolean turn(final Part part, final FollowedFile file, final long now)
            throws IOException {
        final boolean found = file.isFound();
        final int read = file.read(buffer, now);
        if (read == FollowedFile.REPLACED) {
            file.leave(now);
            lookNow = true;
            return false;
        }
        if (read == FollowedFile.NOTHING) {
            lookNow |= found && !file.isFound();
            if (isOver(part, file, now)) {
                finish(part.log, file, now);
            }
            return false;
        }
        final boolean whole = part.log.take(file, buffer, read, now);
        final boolean more = read == buffer.length;
        if (!more || !part.log.mayWait(now)) {
            part.log.send();
        }
        return whole || more;
    }

    private boolean isOver(final Part part, final FollowedFile file, final long now) {
        final boolean superseded = part.files.get(part.files.size() - 1) != file;
        return (file.isOpen() || file.isFound() && file.isRead())
                && (!file.isLive() || superseded)
                && now - file.since() >= finishNanos;
    }

    /** Takes the rest of a file, unless it has grown after all. */
    private void finish(final FollowedLog log, final FollowedFile file, final long now)
            throws IOException {
        file.readAgain();
        final int read = file.read(buffer, now);
        if (read == FollowedFile.REPLACED || read > 0 && log.take(file, buffer, read, now)) {
            return;
        }
        if (read > 0 || file.damage().isPresent()) {
            log.takeRest(file, buffer, read, now);
        }
        log.send();
        file.finish();
    }

    /** The positions up to which all is acknowledged; empty if they are what they were. */
    Optional<Positions> movedPositions() {
        for (final Part part : parts) {
            moved |= part.log.settle();
        }
        if (!moved) {
            return Optional.empty();
        }
        moved = false;
        return Optional.of(known.positions());
    }

    /** How many files the sensor writes to. */
    long live() {
        return known.files().stream().filter(FollowedFile::isLive).count();
    }

    /** How many batches are not acknowledged yet; may be asked by any thread. */
    int pending() {
        return logs.values().stream().mapToInt(FollowedLog::pending).sum();
    }

    /** What cannot be read now, if anything; may be asked by any thread. */
    Optional<String> trouble() {
        return troubles.stream().findFirst();
    }

    @Override
    public void close() {
        known.files().forEach(FollowedFile::closeQuietly);
        skipped.end();
    }

    private record Part(String name, FollowedLog log, List<FollowedFile> files) {}
}
