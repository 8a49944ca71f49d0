/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * The socket that sensors connect to. That of a file is made with its permissions, instead of one
 * that a process left behind when it died, and removed at the end.
 */
final class ListeningSocket implements Closeable {

    private final ServerSocketChannel channel;
    private final Optional<SocketFile> file;

    private ListeningSocket(final ServerSocketChannel channel, final Optional<SocketFile> file) {
        this.channel = channel;
        this.file = file;
    }

    /**
     * Listens on an address.
     *
     * @param permissions of the file, where the address is one
     * @throws IOException if another process listens there or the socket cannot be made; one
     *     sentence that names the address
     */
    static ListeningSocket open(
            final SocketAddress address, final Set<PosixFilePermission> permissions)
            throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            return openFile(unix, permissions);
        }
        final ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(address);
            return new ListeningSocket(channel, Optional.empty());
        } catch (final IOException e) {
            channel.close();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    private static ListeningSocket openFile(
            final UnixDomainSocketAddress address, final Set<PosixFilePermission> permissions)
            throws IOException {
        removeStale(address);
        final ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(address);
            Files.setPosixFilePermissions(address.getPath(), permissions);
            return new ListeningSocket(channel, Optional.of(SocketFile.at(address.getPath())));
        } catch (final IOException e) {
            channel.close();
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    /** Removes a socket file that nobody listens on. */
    private static void removeStale(final UnixDomainSocketAddress address) throws IOException {
        final Path path = address.getPath();
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!SocketFile.attributes(path).isOther()) {
            throw new IOException(
                    "cannot listen on " + path + ": there is a file of that name, and no socket");
        }
        if (isListenedOn(address)) {
            throw new IOException(
                    "cannot listen on "
                            + path
                            + ": another process does; stop it or choose another address");
        }
        Files.delete(path);
    }

    private static boolean isListenedOn(final UnixDomainSocketAddress address) throws IOException {
        try (SocketChannel probe = SocketChannel.open(address)) {
            return probe.isConnected();
        } catch (final ConnectException e) {
            return false;
        } catch (final IOException e) {
            throw new IOException(
                    "cannot find out whether a process listens on "
                            + address
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Waits for the next sensor to connect. */
    SocketChannel accept() throws IOException {
        return channel.accept();
    }

    /** The address, with the port that was chosen where none was named. */
    SocketAddress address() throws IOException {
        return channel.getLocalAddress();
    }

    /** Whether only processes of this machine reach it. */
    boolean isLocal() throws IOException {
        return !(address() instanceof InetSocketAddress inet)
                || inet.getAddress().isLoopbackAddress();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (file.isPresent()) {
            file.get().remove();
        }
    }

    /** The file of a socket, distinguished from another that replaces it. */
    private record SocketFile(Path path, Optional<Object> key) {

        static SocketFile at(final Path path) throws IOException {
            return new SocketFile(path, key(path));
        }

        void remove() throws IOException {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && key(path).equals(key)) {
                Files.delete(path);
            }
        }

        private static Optional<Object> key(final Path path) throws IOException {
            return Optional.ofNullable(attributes(path).fileKey());
        }

        static BasicFileAttributes attributes(final Path path) throws IOException {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
