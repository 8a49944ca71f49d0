/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.camel.support.WrongOptionException;
import java.io.CharConversionException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The file that keeps an endpoint's positions, replaced as a whole so that a crash leaves the old
 * or the new one; locked while it is open.
 */
public final class PositionFile implements Closeable {

    private static final int VERSION = 1;
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A system property that begins so says that an endpoint of this process holds a lock file:
     * POSIX lets go of all locks that a process has on a file when it closes that file once, so
     * that a second endpoint must not even open it. All class loaders see these properties.
     */
    private static final String HOLDER = "io.serveflow.locked:";

    private final Path file;
    private final String follows;
    private final String holder;
    private final FileChannel lockChannel;

    private PositionFile(
            final Path file,
            final String follows,
            final String holder,
            final FileChannel lockChannel) {
        this.file = file;
        this.follows = follows;
        this.holder = holder;
        this.lockChannel = lockChannel;
    }

    /**
     * Makes sure of the file for one endpoint, and makes its folder if it is missing.
     *
     * @param follows the files whose positions it keeps, which must be the same each time
     * @throws WrongOptionException if its folder cannot be made
     * @throws IOException if it cannot be used, or is in use by someone else
     */
    static PositionFile open(final Path file, final String follows) throws IOException {
        final Path absolute = file.toAbsolutePath();
        try {
            Files.createDirectories(absolute.getParent());
        } catch (final IOException e) {
            throw new WrongOptionException(
                    "option positionFile names "
                            + absolute
                            + ", whose folder cannot be made ("
                            + e
                            + "); name a file in a folder that this process may write to");
        }
        final Path lockFile =
                absolute.getParent().toRealPath().resolve(absolute.getFileName() + ".lock");
        final String holder = HOLDER + lockFile;
        if (System.getProperties().putIfAbsent(holder, absolute.toString()) != null) {
            throw inUse(absolute);
        }
        try {
            return new PositionFile(absolute, follows, holder, locked(absolute, lockFile));
        } catch (final IOException | RuntimeException e) {
            System.getProperties().remove(holder);
            throw e;
        }
    }

    private static FileChannel locked(final Path file, final Path lockFile) throws IOException {
        final FileChannel channel =
                FileChannel.open(
                        lockFile,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        ownersAlone(lockFile));
        try {
            if (locks(channel)) {
                return channel;
            }
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw inUse(file);
    }

    private static IOException inUse(final Path file) {
        return new IOException(
                "option positionFile names "
                        + file
                        + ", which another endpoint or process uses; give each its own");
    }

    /** What makes a new file its owner's alone, where the file system has such permissions. */
    private static FileAttribute<?>[] ownersAlone(final Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean locks(final FileChannel channel) throws IOException {
        try {
            final FileLock lock = channel.tryLock();
            return lock != null;
        } catch (final OverlappingFileLockException e) {
            return false;
        }
    }

    /**
     * What would keep an endpoint from going on with the positions in a file; empty if nothing
     * would. Nothing is changed, and the file is not locked.
     *
     * @param file need not be there
     * @param follows the files whose positions it is to keep
     */
    public static Optional<String> fault(final Path file, final String follows) {
        try {
            read(file, follows);
            return Optional.empty();
        } catch (final WrongOptionException e) {
            return Optional.of(e.getMessage());
        } catch (final IOException e) {
            return Optional.of("the position file " + file + " cannot be read: " + e);
        }
    }

    /**
     * What the file holds; empty if there is none yet.
     *
     * @throws WrongOptionException if it keeps the positions of other files, or holds something
     *     else than was written
     * @throws IOException if it cannot be read
     */
    Optional<Positions> read() throws IOException {
        return read(file, follows);
    }

    private static Optional<Positions> read(final Path file, final String follows)
            throws IOException {
        final byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (final NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            final JsonNode document = JSON.readTree(bytes);
            final JsonNode content = document.path("positions");
            if (!content.isObject()) {
                throw damaged(file, "it has no positions");
            }
            if (document.path("crc32").asLong(-1) != crc32(content)) {
                throw damaged(file, "its check sum is not that of its positions");
            }
            if (content.path("version").asInt() != VERSION) {
                throw damaged(file, "its version is not " + VERSION);
            }
            if (!content.path("follows").asText().equals(follows)) {
                throw new WrongOptionException(
                        "option positionFile names "
                                + file
                                + ", which keeps the positions of "
                                + content.path("follows").asText()
                                + ", not of "
                                + follows
                                + "; name another file");
            }
            return Optional.of(positions(content));
        } catch (final JsonProcessingException e) {
            throw damaged(file, e.getOriginalMessage());
        } catch (final CharConversionException | DateTimeException e) {
            throw damaged(file, e.getMessage());
        }
    }

    /** It stays so until somebody puts it right, as a wrong option does. */
    private static WrongOptionException damaged(final Path file, final String why) {
        return new WrongOptionException(
                "the position file "
                        + file
                        + " is damaged ("
                        + why
                        + "), so nobody knows up to where the log was read; put back a copy of it,"
                        + " or delete it to begin again where option startAt says");
    }

    private static Positions positions(final JsonNode content) {
        final List<FilePosition> files = new ArrayList<>();
        for (final JsonNode of : content.path("files")) {
            files.add(
                    new FilePosition(
                            of.path("log").asText(),
                            of.path("path").asText(),
                            Optional.ofNullable(of.path("key").textValue()),
                            new Fingerprint(
                                    of.path("fingerprint_bytes").asInt(),
                                    of.path("fingerprint").asText()),
                            of.path("offset").asLong(),
                            Instant.parse(of.path("modified").asText()),
                            of.path("finished").asBoolean()));
        }
        return new Positions(Instant.parse(content.path("since").asText()), files);
    }

    /** Replaces what the file holds; when this returns, a crash of the machine leaves it so. */
    void write(final Positions positions) throws IOException {
        final ObjectNode document = JSON.createObjectNode();
        final ObjectNode content = document.putObject("positions");
        content.put("version", VERSION).put("follows", follows);
        content.put("since", positions.since().toString());
        final ArrayNode files = content.putArray("files");
        for (final FilePosition position : positions.files()) {
            final ObjectNode of = files.addObject();
            of.put("log", position.log()).put("path", position.path());
            position.key().ifPresent(key -> of.put("key", key));
            of.put("fingerprint_bytes", position.fingerprint().length())
                    .put("fingerprint", position.fingerprint().hash())
                    .put("offset", position.offset())
                    .put("modified", position.modified().toString())
                    .put("finished", position.finished());
        }
        document.put("crc32", crc32(content));
        try {
            replace(JSON.writeValueAsBytes(document));
        } catch (final IOException e) {
            throw new IOException(
                    "positions cannot be written to "
                            + file
                            + " ("
                            + e
                            + "); see that its disk has room and that this process may write there",
                    e);
        }
    }

    private void replace(final byte[] document) throws IOException {
        final Path next = file.resolveSibling(file.getFileName() + ".next");
        try (FileChannel out =
                FileChannel.open(
                        next,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE),
                        ownersAlone(next))) {
            final ByteBuffer bytes = ByteBuffer.wrap(document);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static long crc32(final JsonNode content) {
        final CRC32 crc = new CRC32();
        crc.update(content.toString().getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** Gives the file free for others. */
    @Override
    public void close() throws IOException {
        try {
            lockChannel.close();
        } finally {
            System.getProperties().remove(holder);
        }
    }
}
