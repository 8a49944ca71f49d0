/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * What hosts are known for, by the longest domain of the table that they are in.
 *
 * <p>Source: {@code known-hosts.csv}, which {@code models/KnownHosts.java} makes of lists that say
 * which domains belong to which service; its head names their origin, licence and date. Names are
 * held as 64-bit hashes (FNV-1a, from the last character on, so that all suffixes of a name are
 * looked up on one way); two different names of the same hash do not meet in practice.
 */
final class KnownHosts {

    /** Kinds are bits of an {@code int}. */
    private static final int MOST_KINDS = 31;

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** A host stands for itself alone, and not for what is below it. */
    private static final String SINGLE = "=";

    private final List<String> kinds;

    /* Open addressing; 0 where there is none. */
    private final long[] hashes;
    private final int[] domains;
    private final int[] singles;

    private KnownHosts(final List<String> kinds, final int hosts) {
        this.kinds = kinds;
        final int slots = Integer.highestOneBit(Math.max(1, hosts)) * 4;
        this.hashes = new long[slots];
        this.domains = new int[slots];
        this.singles = new int[slots];
    }

    /** Reads the table from beside this class. */
    static KnownHosts read() {
        final List<String[]> lines = new ArrayList<>();
        try (InputStream in = KnownHosts.class.getResourceAsStream("known-hosts.csv")) {
            if (in == null) {
                throw new NoSuchElementException("the table known-hosts.csv is not in the jar");
            }
            final BufferedReader text =
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = text.readLine(); line != null; line = text.readLine()) {
                if (!line.startsWith("#")) {
                    lines.add(line.split("[, ]"));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        if (lines.size() > MOST_KINDS) {
            throw new IllegalStateException(
                    "known-hosts.csv has " + lines.size() + " kinds, the limit is " + MOST_KINDS);
        }
        final KnownHosts hosts =
                new KnownHosts(
                        lines.stream().map(line -> line[0]).toList(),
                        lines.stream().mapToInt(line -> line.length).sum());
        for (int kind = 0; kind < lines.size(); kind++) {
            final String[] line = lines.get(kind);
            for (int i = 1; i < line.length; i++) {
                hosts.add(line[i], kind);
            }
        }
        return hosts;
    }

    private void add(final String entry, final int kind) {
        final boolean single = entry.startsWith(SINGLE);
        final String host = single ? entry.substring(SINGLE.length()) : entry;
        long hash = FNV_BASIS;
        for (int i = host.length() - 1; i >= 0; i--) {
            hash = hash(hash, host.charAt(i));
        }
        final int slot = slot(hash);
        hashes[slot] = hash;
        (single ? singles : domains)[slot] |= 1 << kind;
    }

    /** The kinds in the order of the table. */
    List<String> kinds() {
        return kinds;
    }

    /**
     * What a host is known for, one bit a kind; 0 if it is not known.
     *
     * @param host in lower case, without a final dot
     */
    int kindsOf(final String host) {
        long hash = FNV_BASIS;
        int found = 0;
        for (int i = host.length() - 1; i >= 0; i--) {
            final char c = host.charAt(i);
            if (c == '.') {
                final int of = domains[slot(hash)];
                found = of == 0 ? found : of;
            }
            hash = hash(hash, c);
        }
        final int slot = slot(hash);
        final int whole = domains[slot] | singles[slot];
        return whole == 0 ? found : whole;
    }

    private static long hash(final long before, final int c) {
        return (before ^ c) * FNV_PRIME;
    }

    /** Where the hash is, or where it would be put. */
    private int slot(final long hash) {
        int slot = (int) (hash ^ hash >>> 32) & hashes.length - 1;
        while (hashes[slot] != 0 && hashes[slot] != hash) {
            slot = slot + 1 & hashes.length - 1;
        }
        return slot;
    }
}
