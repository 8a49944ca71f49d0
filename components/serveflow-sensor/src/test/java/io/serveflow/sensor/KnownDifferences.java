/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Community IDs of the public captures of which Suricata 7.0.10 finds another number of flows
 * than the reader of captures, each looked at by itself: {@code flow-sets.tsv}. {@code
 * docs/reference/flows-compared.md} has a row that explains each.
 */
final class KnownDifferences {

    /** Why the numbers differ. */
    enum Reason {
        /** Suricata has the flow of a tunnel's ends as well; here there is only what is inside. */
        CARRIER,
        /** The flow inside a tunnel that Suricata does not open. */
        INSIDE,
        /** The same endpoints in several VLANs are one flow here. */
        VLAN,
        /** A first fragment has its ports here; Suricata waits for the whole datagram. */
        FRAGMENT,
        /** An IP packet that states to be longer than its frame is read here. */
        CUT,
        /** A silence that is about as long as a timeout, which Suricata takes in whole seconds. */
        TIMEOUT,
        /** A SYN or SYN-ACK that is another connection for one of the two. */
        ATTEMPT,
        /** Behind a link layer that Suricata does not read. */
        LINK
    }

    /** A Community ID of a capture. */
    record Key(String capture, String communityId) implements Comparable<Key> {

        @Override
        public int compareTo(final Key other) {
            final int byCapture = capture.compareTo(other.capture);
            return byCapture != 0 ? byCapture : communityId.compareTo(other.communityId);
        }
    }

    /** How many flows each of the two finds. */
    record Numbers(int here, int suricata) {}

    /** A row. */
    record Known(Reason reason, Numbers numbers) {}

    private static final String FILE = "flow-sets.tsv";

    private KnownDifferences() {}

    /**
     * Reads the list.
     *
     * @throws IOException if a row of it is none or is there twice
     */
    static Map<Key, Known> read() throws IOException {
        final Map<Key, Known> all = new TreeMap<>();
        try (InputStream file = KnownDifferences.class.getResourceAsStream(FILE)) {
            final String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            for (final String line : Arrays.asList(text.split("\n"))) {
                if (line.startsWith("#")) {
                    continue;
                }
                final String[] row = line.split("\t", -1);
                if (row.length != 5) {
                    throw new IOException(FILE + " has a row of " + row.length + ": " + line);
                }
                final Known known =
                        new Known(
                                Reason.valueOf(row[0]),
                                new Numbers(Integer.parseInt(row[3]), Integer.parseInt(row[4])));
                if (all.put(new Key(row[1], row[2]), known) != null) {
                    throw new IOException(FILE + " has twice: " + line);
                }
            }
        }
        return Collections.unmodifiableMap(all);
    }
}
