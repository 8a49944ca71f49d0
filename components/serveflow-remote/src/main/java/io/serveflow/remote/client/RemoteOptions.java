/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.remote.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How servers are asked.
 *
 * @param addresses the servers, of which the one with the fewest requests under way is asked
 * @param deadline until when an answer must have come, retries included
 * @param maxInFlight most requests under way at a time, over all servers
 * @param maxRows most rows a request
 * @param openFor how long a server that failed too often is left alone
 * @param tls how connections are protected; empty for none
 */
public record RemoteOptions(
        List<Address> addresses,
        Duration deadline,
        int maxInFlight,
        int maxRows,
        Duration openFor,
        Optional<Tls> tls) {

    /** Most of a deadline: what waits longer is no fast answer any more. */
    public static final Duration LONGEST = Duration.ofMinutes(1);

    private static final int MOST_IN_FLIGHT = 65_536;
    private static final int MOST_ROWS = 65_536;

    public RemoteOptions {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("at least one address must be given");
        }
        if (new HashSet<>(addresses).size() < addresses.size()) {
            throw new IllegalArgumentException("addresses " + addresses + " name one twice");
        }
        requireTime("deadline", deadline);
        requireTime("openFor", openFor);
        requireNumber("maxInFlight", maxInFlight, MOST_IN_FLIGHT);
        requireNumber("maxRows", maxRows, MOST_ROWS);
    }

    /** A fifth of a second for an answer, 64 requests of 512 rows under way, no TLS. */
    public static RemoteOptions of(final List<Address> addresses) {
        return new RemoteOptions(
                addresses,
                Duration.ofMillis(200),
                64,
                512,
                Duration.ofSeconds(1),
                Optional.empty());
    }

    public RemoteOptions withDeadline(final Duration other) {
        return new RemoteOptions(addresses, other, maxInFlight, maxRows, openFor, tls);
    }

    public RemoteOptions withMaxInFlight(final int other) {
        return new RemoteOptions(addresses, deadline, other, maxRows, openFor, tls);
    }

    public RemoteOptions withTls(final Tls other) {
        return new RemoteOptions(
                addresses, deadline, maxInFlight, maxRows, openFor, Optional.of(other));
    }

    private static void requireTime(final String name, final Duration time) {
        if (time.toMillis() < 1 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be 1 to " + LONGEST.toMillis() + " ms, was " + time.toMillis());
        }
    }

    private static void requireNumber(final String name, final int number, final int most) {
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(name + " must be 1 to " + most + ", was " + number);
        }
    }

    /** Where a server listens. */
    public record Address(String host, int port) {

        private static final int MOST = 65_535;

        public Address {
            if (host.isBlank() || port < 1 || port > MOST) {
                throw new IllegalArgumentException(
                        "an address must be HOST:PORT with a port of 1 to "
                                + MOST
                                + ", was "
                                + host
                                + ":"
                                + port);
            }
        }

        /**
         * Reads {@code HOST:PORT}, an IPv6 address in brackets.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Address parse(final String text) {
            final int colon = text.lastIndexOf(':');
            try {
                return new Address(
                        text.substring(0, Math.max(colon, 0)),
                        Integer.parseInt(text.substring(colon + 1)));
            } catch (final NumberFormatException e) {
                throw new IllegalArgumentException("an address must be HOST:PORT, was " + text, e);
            }
        }

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * Protection of a connection.
     *
     * @param trusted certificates in PEM of those who may sign a server's; those of the JVM if
     *     empty
     * @param own this side's certificate and key in PEM, for servers that ask for one
     */
    public record Tls(Optional<Path> trusted, Optional<Own> own) {

        /** The files that are read. */
        String files() {
            return Stream.concat(
                            trusted.stream(),
                            own.stream().flatMap(files -> Stream.of(files.chain, files.key)))
                    .map(Path::toString)
                    .collect(Collectors.joining(", "));
        }

        /** A certificate chain and its private key, both in PEM. */
        public record Own(Path chain, Path key) {}
    }
}
