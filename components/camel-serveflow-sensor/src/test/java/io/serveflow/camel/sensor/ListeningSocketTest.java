/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListeningSocketTest {

    private static final Set<PosixFilePermission> PERMISSIONS =
            PosixFilePermissions.fromString("rw--w--w-");

    @TempDir private Path folder;
    private Path file;
    private UnixDomainSocketAddress address;

    @BeforeEach
    void name() {
        file = folder.resolve("eve.sock");
        address = UnixDomainSocketAddress.of(file);
    }

    @Test
    void shouldMakeTheFileWithItsPermissionsAndRemoveItAtTheEnd() throws IOException {
        try (ListeningSocket socket = ListeningSocket.open(address, PERMISSIONS)) {
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PERMISSIONS);
            assertThat(socket.isLocal()).isTrue();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void shouldTakeThePlaceOfASocketThatNobodyListensOn() throws IOException {
        try (ServerSocketChannel died = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            died.bind(address);
        }
        assertThat(file).exists();

        try (ListeningSocket socket = ListeningSocket.open(address, PERMISSIONS);
                SocketChannel sensor = SocketChannel.open(address);
                SocketChannel accepted = socket.accept()) {
            assertThat(sensor.isConnected()).isTrue();
            assertThat(accepted.isConnected()).isTrue();
        }
    }

    @Test
    void shouldLeaveASocketAloneThatAProcessListensOn() throws IOException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(address);

            assertThatThrownBy(() -> ListeningSocket.open(address, PERMISSIONS))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "cannot listen on "
                                    + file
                                    + ": another process does; stop it or choose another address");
            assertThat(file).exists();
        }
    }

    @Test
    void shouldLeaveAFileAloneThatIsNoSocket() throws IOException {
        Files.writeString(file, "precious");

        assertThatThrownBy(() -> ListeningSocket.open(address, PERMISSIONS))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot listen on "
                                + file
                                + ": there is a file of that name, and no socket");
        assertThat(file).hasContent("precious");
    }

    @Test
    void shouldNotRemoveTheSocketThatTookItsPlace() throws IOException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            try (ListeningSocket socket = ListeningSocket.open(address, PERMISSIONS)) {
                assertThat(socket.address()).isEqualTo(address);
                Files.move(file, folder.resolve("moved.sock"));
                other.bind(address);
            }
            assertThat(file).exists();
        }
    }

    @Test
    void shouldSayWhereItCannotListen() {
        final Path missing = folder.resolve("missing/eve.sock");

        assertThatThrownBy(
                        () ->
                                ListeningSocket.open(
                                        UnixDomainSocketAddress.of(missing), PERMISSIONS))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on " + missing + ": ");
    }

    @Test
    void shouldListenOnAPort() throws IOException {
        final InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ListeningSocket socket = ListeningSocket.open(any, PERMISSIONS)) {
            assertThat(socket.isLocal()).isTrue();
            assertThat(((InetSocketAddress) socket.address()).getPort()).isPositive();

            assertThatThrownBy(() -> ListeningSocket.open(socket.address(), PERMISSIONS))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on " + socket.address() + ": ");
        }
    }

    @Test
    void shouldKnowThatOtherMachinesReachIt() throws IOException {
        try (ListeningSocket socket =
                ListeningSocket.open(new InetSocketAddress("0.0.0.0", 0), PERMISSIONS)) {
            assertThat(socket.isLocal()).isFalse();
        }
    }
}
