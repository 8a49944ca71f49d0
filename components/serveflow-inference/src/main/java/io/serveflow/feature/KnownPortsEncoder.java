/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.Transport;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Set;

/**
 * What the ports of a flow are known for: one column a kind of service, 0 if neither port is, 1 if
 * the originator's is, 2 if the responder's is, 3 if both are.
 *
 * <p>A model that has seen Radius on port 1812 alone cannot know what port 1813 is for; the
 * registry does. Source: {@code known-ports.csv}, made from IANA's Service Name and Transport
 * Protocol Port Number Registry and from the customary ports of programs that have none there. The
 * columns are a hint and no answer: a port may be of several kinds, and of none.
 *
 * <p>There are no columns where {@link Mask#PORTS} is set.
 */
public final class KnownPortsEncoder implements FeatureEncoder {

    static final String NAME = "known-ports";
    static final int VERSION = 1;

    private static final String PREFIX = "port_";

    private final List<String> columns;

    /**
     * @param mask of these only {@link Mask#PORTS} changes something
     */
    public KnownPortsEncoder(final Set<Mask> mask) {
        this.columns =
                mask.contains(Mask.PORTS)
                        ? List.of()
                        : Known.TABLE.kinds().stream().map(kind -> PREFIX + kind).toList();
    }

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_PACKETS;
    }

    @Override
    public int width() {
        return columns.size();
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public int reach() {
        return 0;
    }

    @Override
    public void encode(final FlowRecord flow, final FloatBuffer row) {
        if (row.remaining() < width()) {
            throw new BufferOverflowException();
        }
        final int[] kinds = Known.kindsByPort(flow.tuple().transport());
        final int originator = kinds[flow.tuple().originatorPort()];
        final int responder = kinds[flow.tuple().responderPort()];
        for (int kind = 0; kind < columns.size(); kind++) {
            row.put((originator >>> kind & 1) + 2 * (responder >>> kind & 1));
        }
    }

    /** The table by port, read when the first encoder of this kind is made. */
    private static final class Known {

        static final KnownTable TABLE = KnownTable.read("known-ports.csv");

        private static final int PORTS = 65_536;
        private static final int[] TCP = byPort("tcp");
        private static final int[] UDP = byPort("udp");
        private static final int[] NONE = new int[PORTS];

        /** For each port the kinds that it is known for, one bit a kind. */
        static int[] kindsByPort(final Transport transport) {
            return transport == Transport.TCP ? TCP : transport == Transport.UDP ? UDP : NONE;
        }

        private static int[] byPort(final String transport) {
            final int[] kinds = new int[PORTS];
            for (final KnownTable.Entry entry : TABLE.entries()) {
                if (entry.about().equals(transport)) {
                    for (final String range : entry.words()) {
                        final String[] ends = range.split("-");
                        final int last = Integer.parseInt(ends[ends.length - 1]);
                        for (int port = Integer.parseInt(ends[0]); port <= last; port++) {
                            kinds[port] |= 1 << entry.kind();
                        }
                    }
                }
            }
            return kinds;
        }
    }
}
