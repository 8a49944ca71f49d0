/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import io.serveflow.flow.IpAddress;
import io.serveflow.sensor.json.PlainJson;
import java.nio.charset.StandardCharsets;

/**
 * The IP addresses that came lately: one that comes again need not be checked again and is the same
 * object.
 *
 * <p>It holds an address a slot, the latest whose text leads there, and has few slots until many
 * addresses came. A text of more than sixteen characters, which only IPv6 has, is not kept. Not
 * safe for use by more than one thread.
 */
final class KnownAddresses {

    /**
     * An address.
     *
     * @param first the text as {@link PlainJson.Word} has it, which is ASCII and without zeros
     */
    record Address(String text, boolean ipv6, long first, long second) {}

    private static final int LEAST_SLOT_BITS = 4;
    private static final int MOST_SLOT_BITS = 12;
    private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

    private int slotBits = LEAST_SLOT_BITS;
    private Address[] slots = new Address[1 << LEAST_SLOT_BITS];
    private int taken;

    /** The address that a plain text says; null if it says none or is too long to be kept. */
    Address of(final byte[] bytes, final int from, final int to) {
        if (to - from > PlainJson.Word.MAX_LENGTH) {
            return null;
        }
        final long first = PlainJson.Word.part(bytes, from, to);
        final long second = PlainJson.Word.part(bytes, from + Long.BYTES, to);
        final Address before = slots[slot(first, second)];
        if (before != null && before.first() == first && before.second() == second) {
            return before;
        }
        final String text = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        try {
            final boolean ipv6 = IpAddress.parse(text).length > 4;
            final Address address = new Address(text, ipv6, first, second);
            keep(address);
            return address;
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    private int slot(final long first, final long second) {
        return (int) ((first ^ second * MIX) * MIX >>> Long.SIZE - slotBits);
    }

    private void keep(final Address address) {
        if (2 * taken >= slots.length && slotBits < MOST_SLOT_BITS) {
            grow();
        }
        put(address);
    }

    private void grow() {
        final Address[] before = slots;
        slotBits += 2;
        slots = new Address[1 << slotBits];
        taken = 0;
        for (final Address address : before) {
            if (address != null) {
                put(address);
            }
        }
    }

    private void put(final Address address) {
        final int slot = slot(address.first(), address.second());
        taken += slots[slot] == null ? 1 : 0;
        slots[slot] = address;
    }
}
