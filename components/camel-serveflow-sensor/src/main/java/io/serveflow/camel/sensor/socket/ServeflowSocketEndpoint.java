/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import io.serveflow.camel.sensor.SensorEndpoint;
import io.serveflow.camel.support.OptionFaults;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/** Take in the flow records that sensors send over a Unix or TCP socket. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow-socket",
        title = "ServeFlow Socket",
        syntax = "serveflow-socket:protocol:address",
        consumerOnly = true,
        category = {Category.NETWORKING, Category.MONITORING})
public class ServeflowSocketEndpoint extends SensorEndpoint {

    private static final int MAX_PORT = 65_535;

    @UriPath(enums = "unix,tcp")
    @Metadata(required = true, description = "Kind of socket: unix or tcp")
    private final String protocol;

    @UriPath
    @Metadata(
            required = true,
            description =
                    "Where to listen: the absolute path of the socket file, or HOST:PORT, where an"
                            + " IPv6 address stands in brackets")
    private final String address;

    @UriParam(
            defaultValue = "rw-rw----",
            description =
                    "Permissions of the socket file, as ls shows them; the sensor's user must be"
                            + " allowed to write")
    private String permissions = "rw-rw----";

    @UriParam(
            defaultValue = "8",
            description = "Most sensors connected at a time, 1 to 256; more are turned away")
    private int maxConnections = 8;

    @UriParam(
            defaultValue = "67108864",
            description =
                    "Bytes read ahead while the route is busy or fails, 65536 to "
                            + "1073741824. Beyond it reading stops, and sensors drop events when "
                            + "their socket is full too")
    private int readAhead = 64 << 20;

    public ServeflowSocketEndpoint(
            final String uri,
            final ServeflowSocketComponent component,
            final String protocol,
            final String address) {
        super(uri, component);
        this.protocol = protocol;
        this.address = address;
    }

    @Override
    protected void check(final OptionFaults faults) {
        super.check(faults);
        faults.range("maxConnections", maxConnections, 1, 256);
        faults.range("readAhead", readAhead, 65_536, 1 << 30);
        faults.reading(this::socketAddress);
        faults.reading(this::filePermissions);
    }

    @Override
    public Consumer createConsumer(final Processor processor) throws Exception {
        final ServeflowSocketConsumer consumer =
                new ServeflowSocketConsumer(this, processor, System::nanoTime);
        configureConsumer(consumer);
        return consumer;
    }

    /**
     * Where to listen.
     *
     * @throws IllegalArgumentException if protocol and address name no socket
     */
    SocketAddress socketAddress() {
        return switch (protocol) {
            case "unix" -> unixAddress();
            case "tcp" -> tcpAddress();
            default ->
                    throw new IllegalArgumentException(
                            "protocol must be unix or tcp, was " + protocol);
        };
    }

    private SocketAddress unixAddress() {
        if (!address.startsWith("/")) {
            throw new IllegalArgumentException(
                    "address must be the absolute path of a socket file, was " + address);
        }
        return UnixDomainSocketAddress.of(address);
    }

    private SocketAddress tcpAddress() {
        final int colon = address.lastIndexOf(':');
        final String host = colon < 0 ? "" : address.substring(0, colon);
        final int port = colon < 0 ? -1 : port(address.substring(colon + 1));
        if (host.isEmpty() || port < 0 || host.contains(":") != host.startsWith("[")) {
            throw new IllegalArgumentException(
                    "address must be HOST:PORT with a port of 0 to 65535, was " + address);
        }
        final InetSocketAddress resolved = new InetSocketAddress(host, port);
        if (resolved.isUnresolved()) {
            throw new IllegalArgumentException(
                    "address names the host " + host + ", which is not known");
        }
        return resolved;
    }

    private static int port(final String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= MAX_PORT
                ? Integer.parseInt(text)
                : -1;
    }

    /**
     * The permissions of the socket file.
     *
     * @throws IllegalArgumentException if they are none
     */
    Set<PosixFilePermission> filePermissions() {
        try {
            return PosixFilePermissions.fromString(permissions);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "permissions must be nine characters such as rw-rw----, was " + permissions, e);
        }
    }

    @Override
    public ServeflowSocketComponent getComponent() {
        return (ServeflowSocketComponent) super.getComponent();
    }

    public String getProtocol() {
        return protocol;
    }

    public String getAddress() {
        return address;
    }

    public String getPermissions() {
        return permissions;
    }

    public void setPermissions(final String permissions) {
        this.permissions = permissions;
    }

    public int getMaxConnections() {
        return maxConnections;
    }

    public void setMaxConnections(final int maxConnections) {
        this.maxConnections = maxConnections;
    }

    public int getReadAhead() {
        return readAhead;
    }

    public void setReadAhead(final int readAhead) {
        this.readAhead = readAhead;
    }
}
