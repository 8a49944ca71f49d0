/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.handshake;

import io.serveflow.flow.ClientHello;
import io.serveflow.flow.Handshake;
import io.serveflow.flow.Handshake.Protocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * What a line of a sensor says of how a flow begins, and the handshake that it makes; used again
 * for every line.
 *
 * <p>Names and numbers are taken as they were sent. The sender of a name can put anything into it,
 * so one that is none of a host is unknown and makes no bad line: one of more than {@value
 * #MAX_NAME} characters, with an empty label or with others than letters, digits, {@code -} and
 * {@code _}. Not safe for use by more than one thread.
 */
public final class HandshakeRow {

    /** The reason under which names are counted that are none. */
    public static final String ODD_NAME = "odd_name";

    /** The largest number in the registries of TLS. */
    public static final int MAX_NUMBER = 65_535;

    /** The largest version of QUIC. */
    public static final long MAX_VERSION = 0xffff_ffffL;

    /** The largest id of a transport parameter that is read. */
    static final long MAX_PARAMETER = 999_999_999_999_999_999L;

    private static final int MAX_NAME = 255;

    private final Consumer<String> unknown;
    private final Map<HelloPart, Numbers<Integer>> numbers = new EnumMap<>(HelloPart.class);
    private final Numbers<Long> parameters = new Numbers<>(Long::valueOf);
    private final List<String> protocols = new ArrayList<>();
    private List<String> latestProtocols = List.of();

    private boolean said;
    private boolean hello;
    private Optional<Protocol> protocol = Optional.empty();
    private String serverName = "";
    private String host = "";
    private String question = "";
    private String chosen = "";
    private boolean encryptedHello;
    private int length;
    private boolean complete;
    private long quicVersion;
    private boolean grease;

    /**
     * @param unknown takes the reason of each value that is unknown because it cannot be meant
     */
    public HandshakeRow(final Consumer<String> unknown) {
        this.unknown = Objects.requireNonNull(unknown, "unknown");
        for (final HelloPart part : HelloPart.values()) {
            if (part != HelloPart.PARAMETERS) {
                numbers.put(part, new Numbers<>(number -> (int) number));
            }
        }
    }

    /** Forgets what the line before said. */
    public void clear() {
        if (!said) {
            return;
        }
        said = false;
        hello = false;
        protocol = Optional.empty();
        serverName = "";
        host = "";
        question = "";
        chosen = "";
        encryptedHello = false;
        length = 0;
        complete = false;
        quicVersion = 0;
        grease = false;
        numbers.values().forEach(Numbers::clear);
        parameters.clear();
        protocols.clear();
    }

    /** Takes which protocol the flow begins with; a word that names none here is another one. */
    public void protocol(final String word) {
        said = true;
        protocol =
                Optional.of(
                        switch (word.toLowerCase(Locale.ROOT)) {
                            case "tls" -> Protocol.TLS;
                            case "dtls" -> Protocol.DTLS;
                            case "quic" -> Protocol.QUIC;
                            case "http" -> Protocol.HTTP;
                            case "dns" -> Protocol.DNS;
                            case "ssh" -> Protocol.SSH;
                            default -> Protocol.OTHER;
                        });
    }

    /** Takes the server name of TLS, DTLS or QUIC. */
    public void serverName(final String name) {
        said = true;
        serverName = name;
    }

    /** Takes the host of HTTP, with or without its port. */
    public void host(final String nameAndPort) {
        said = true;
        host = nameAndPort;
    }

    /** Takes the name that DNS is asked about. */
    public void question(final String name) {
        said = true;
        question = name;
    }

    /** Takes the application protocol that the server chose. */
    public void chosen(final String name) {
        said = true;
        chosen = name;
    }

    /** Takes whether there is an encrypted hello inside. */
    public void encryptedHello(final boolean is) {
        said = true;
        encryptedHello = is;
    }

    /** Takes the version of QUIC, at most {@link #MAX_VERSION}. */
    public void quicVersion(final long version) {
        sayHello();
        quicVersion = version;
    }

    /** Takes the length of the hello without its header. */
    public void length(final int bytes) {
        sayHello();
        length = bytes;
    }

    /** Takes whether all of the hello was read. */
    public void complete(final boolean is) {
        sayHello();
        complete = is;
    }

    /** Takes whether the hello has values that mean nothing, besides those that are added. */
    public void grease(final boolean is) {
        sayHello();
        grease |= is;
    }

    /** Begins a list of numbers; those it had are forgotten. */
    public void begin(final HelloPart part) {
        sayHello();
        numbers(part).clear();
    }

    /** Takes the next number of a list, at most {@link HelloPart#max}. */
    public void add(final HelloPart part, final long number) {
        if (part.isGrease(number)) {
            grease = true;
        } else {
            numbers(part).add(number);
        }
    }

    /** How many numbers a list has. */
    public int size(final HelloPart part) {
        return numbers(part).size;
    }

    /** Begins the list of application protocols that the client offers. */
    public void beginProtocols() {
        sayHello();
        protocols.clear();
    }

    /** Takes the next application protocol. */
    public void addProtocol(final String name) {
        if (isGrease(name)) {
            grease = true;
        } else {
            protocols.add(name);
        }
    }

    /** How many application protocols there are. */
    public int protocols() {
        return protocols.size();
    }

    /**
     * The handshake that was said; empty if nothing was.
     *
     * @param datagrams whether the flow is one of UDP, where no protocol was said
     */
    public Optional<Handshake> handshake(final boolean datagrams) {
        if (!said) {
            return Optional.empty();
        }
        final Protocol spoken = protocol.orElseGet(() -> impliedProtocol(datagrams));
        final String name =
                switch (spoken) {
                    case HTTP -> name(withoutPort(host));
                    case DNS -> name(question);
                    case TLS, DTLS, QUIC, SSH, OTHER -> name(serverName);
                };
        return Optional.of(
                new Handshake(spoken, name, encryptedHello, printable(chosen), clientHello()));
    }

    private Protocol impliedProtocol(final boolean datagrams) {
        if (quicVersion != 0) {
            return Protocol.QUIC;
        }
        if (hello || !serverName.isEmpty() || host.isEmpty() && question.isEmpty()) {
            return datagrams ? Protocol.DTLS : Protocol.TLS;
        }
        return host.isEmpty() ? Protocol.DNS : Protocol.HTTP;
    }

    private Optional<ClientHello> clientHello() {
        if (!hello) {
            return Optional.empty();
        }
        protocols.removeIf(name -> printable(name).isEmpty());
        if (!protocols.equals(latestProtocols)) {
            latestProtocols = List.copyOf(protocols);
        }
        return Optional.of(
                new ClientHello(
                        length,
                        complete,
                        quicVersion,
                        numbers.get(HelloPart.VERSIONS).list(),
                        numbers.get(HelloPart.CIPHERS).list(),
                        numbers.get(HelloPart.EXTENSIONS).list(),
                        numbers.get(HelloPart.GROUPS).list(),
                        latestProtocols,
                        parameters.list(),
                        grease));
    }

    private void sayHello() {
        said = true;
        hello = true;
    }

    private Numbers<?> numbers(final HelloPart part) {
        return part == HelloPart.PARAMETERS ? parameters : numbers.get(part);
    }

    /** A host without the port that may be behind it. */
    private static String withoutPort(final String host) {
        int end = host.length();
        while (end > 0 && isDigit(host.charAt(end - 1))) {
            end--;
        }
        return end > 0 && host.charAt(end - 1) == ':' ? host.substring(0, end - 1) : host;
    }

    /** A name in lower case, without the dot of the root; empty if it is none of a host. */
    private String name(final String sent) {
        final String name = sent.endsWith(".") ? sent.substring(0, sent.length() - 1) : sent;
        if (isUnset(name) || name.startsWith("[")) {
            return "";
        }
        boolean valid = name.length() <= MAX_NAME;
        boolean labelBegins = true;
        for (int i = 0; i < name.length() && valid; i++) {
            final char c = name.charAt(i);
            valid = c == '.' ? !labelBegins : isOfALabel(c);
            labelBegins = c == '.';
        }
        if (valid && !labelBegins) {
            return name.toLowerCase(Locale.ROOT);
        }
        unknown.accept(ODD_NAME);
        return "";
    }

    private static boolean isOfALabel(final char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '-' || c == '_';
    }

    private static boolean isDigit(final char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether a text is empty, or what Zeek's TSV has for unset and empty. */
    public static boolean isUnset(final String text) {
        return text.isEmpty() || text.equals("-") || text.equals("(empty)");
    }

    private String printable(final String sent) {
        boolean printable = sent.length() <= MAX_NAME;
        for (int i = 0; i < sent.length() && printable; i++) {
            printable = sent.charAt(i) > ' ' && sent.charAt(i) <= '~';
        }
        if (printable) {
            return sent;
        }
        unknown.accept(ODD_NAME);
        return "";
    }

    /** Two equal bytes that end in ten, maybe as Zeek writes what is no UTF-8: {@code \x8a}. */
    private static boolean isGrease(final String protocol) {
        final int half = protocol.length() / 2;
        return (protocol.length() == 2 && (protocol.charAt(0) & 0x0f) == 0x0a
                        || protocol.length() == 8
                                && protocol.startsWith("\\x")
                                && protocol.charAt(3) == 'a')
                && protocol.regionMatches(0, protocol, half, half);
    }

    /** Numbers as they come, and as the list that was made before where they are the same. */
    private static final class Numbers<T extends Number> {

        private final LongFunction<T> boxed;
        private long[] values = new long[32];
        private int size;
        private List<T> latest = List.of();

        Numbers(final LongFunction<T> boxed) {
            this.boxed = boxed;
        }

        void clear() {
            size = 0;
        }

        void add(final long number) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = number;
        }

        List<T> list() {
            boolean same = latest.size() == size;
            for (int i = 0; i < size && same; i++) {
                same = latest.get(i).longValue() == values[i];
            }
            if (!same) {
                latest = Arrays.stream(values, 0, size).mapToObj(boxed).toList();
            }
            return latest;
        }
    }
}
