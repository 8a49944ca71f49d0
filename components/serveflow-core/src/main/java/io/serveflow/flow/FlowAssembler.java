/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import io.serveflow.ledger.Ledger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Turns packets into the two records of each TCP or UDP flow: the first record at packet 1, the
 * context record when enough packets came, the wait ran out or the flow ended.
 *
 * <p>A flow is what two endpoints say to each other until TCP closes it (a reset, or a FIN from
 * both sides) or it has been idle. A closed flow keeps its endpoints until it has been idle too, so
 * that its last acknowledgement and retransmissions make no new flow; only a SYN without ACK does,
 * at once. A flow that the sensor named is what bears the name, whatever its endpoints do.
 *
 * <p>Time is that of the packets. It goes on with the latest packet seen; packets out of order by
 * less than the idle time leave it where it is, and a longer step back, as between the parts of a
 * merged capture, is taken as the same moment under another date. Waiting and idle times are thus
 * never negative, nor does one wrong time stamp stop them for good.
 *
 * <p>The table is bounded: where it is full, the flow that has been idle longest is ended and
 * counted under {@link Ledger.Entry#EVICTED}. Packets that belong to no flow are counted under
 * {@link Ledger.Entry#SKIPPED}, flows under {@link Ledger.Entry#FLOWS}. Nothing is allocated for a
 * packet, only for a flow. Not safe for use by more than one thread.
 */
public final class FlowAssembler {

    /**
     * What the records are made of and how long flows are waited for.
     *
     * @param observer name of the sensor in the ids of the flows
     * @param depth packets in a full context record, 1 to 20,000
     * @param snap bytes kept of each packet from its IP header on, 1 to 65,535
     * @param waitMicros longest time between packet 1 and the context record, microseconds
     * @param idleMicros how long a flow may be silent and go on, microseconds; at least the wait
     * @param maxFlows most flows in the table, 1 to 16,777,216
     * @param tunnels which tunnels are opened
     */
    public record Options(
            String observer,
            int depth,
            int snap,
            long waitMicros,
            long idleMicros,
            int maxFlows,
            Tunnels tunnels) {

        /** Most packets that a context record can have. */
        public static final int MAX_DEPTH = 20_000;

        private static final int MAX_SNAP = 65_535;
        private static final int MAX_FLOWS = 1 << 24;
        private static final long MAX_IDLE_MICROS = 86_400_000_000L;

        public Options {
            Objects.requireNonNull(observer, "observer");
            Objects.requireNonNull(tunnels, "tunnels");
            final List<String> faults = new ArrayList<>();
            requireWithin(faults, "depth", depth, 1, MAX_DEPTH);
            requireWithin(faults, "snap", snap, 1, MAX_SNAP);
            requireWithin(faults, "idleMicros", idleMicros, 1, MAX_IDLE_MICROS);
            requireWithin(faults, "waitMicros", waitMicros, 1, idleMicros);
            requireWithin(faults, "maxFlows", maxFlows, 1, MAX_FLOWS);
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", faults));
            }
        }

        private static void requireWithin(
                final List<String> faults,
                final String option,
                final long value,
                final long least,
                final long most) {
            if (value < least || value > most) {
                faults.add(option + " must be " + least + " to " + most + ", was " + value);
            }
        }

        /** Depth 10, snap 128, wait 10 s, idle 60 s, 200,000 flows, every tunnel opened. */
        public static Options defaults(final String observer) {
            return new Options(observer, 10, 128, 10_000_000, 60_000_000, 200_000, Tunnels.ALL);
        }

        public Options withObserver(final String name) {
            return new Options(name, depth, snap, waitMicros, idleMicros, maxFlows, tunnels);
        }

        public Options withDepth(final int packets) {
            return new Options(observer, packets, snap, waitMicros, idleMicros, maxFlows, tunnels);
        }

        public Options withSnap(final int bytes) {
            return new Options(observer, depth, bytes, waitMicros, idleMicros, maxFlows, tunnels);
        }

        public Options withWaitMicros(final long micros) {
            return new Options(observer, depth, snap, micros, idleMicros, maxFlows, tunnels);
        }

        public Options withIdleMicros(final long micros) {
            return new Options(observer, depth, snap, waitMicros, micros, maxFlows, tunnels);
        }

        public Options withMaxFlows(final int flows) {
            return new Options(observer, depth, snap, waitMicros, idleMicros, flows, tunnels);
        }

        public Options withTunnels(final Tunnels opened) {
            return new Options(observer, depth, snap, waitMicros, idleMicros, maxFlows, opened);
        }
    }

    /** The detail under which flows ended by a full table are counted. */
    public static final String FLOW_TABLE_FULL = "flow_table_full";

    /** The detail under which packets of flows are counted whose beginning was not seen. */
    public static final String FLOW_BEGUN_BEFORE = "flow_begun_before";

    private static final int SPARE_BUILDERS = 1_024;

    /** One that held more is not kept for another flow, or a few long flows would fill the heap. */
    private static final int SPARE_PACKETS = 1_000;

    private final Options options;
    private final Ledger ledger;
    private final Consumer<FlowRecord> out;

    private final IpHeaders ownHeaders;
    private final FlowKey key = new FlowKey(ThreadLocalRandom.current().nextLong());
    private final FlowUid uids = new FlowUid();
    private final FlowTable flows = new FlowTable();

    /** The flows whose context record is not written yet, in the order of their deadlines. */
    private final FlowQueue waiting = new FlowQueue();

    private final ArrayDeque<Packets.Builder> spare = new ArrayDeque<>();
    private final Supplier<Optional<FlowTunnel>> ownTunnel = this::tunnel;

    /** The latest time seen, with steps back taken out. Compare by difference, it may wrap. */
    private long clock;

    /** What is added to a packet's time to take out the steps back before it. */
    private long stepsBack;

    private boolean started;

    /** What the clock said at the first packet. */
    private long began;

    private long evictions;

    /** Where the packet that is being taken stands in its source. */
    private long position;

    /** Those of the packet that is being taken. */
    private IpHeaders headers;

    /**
     * @param out takes the records, in the order in which they are complete
     */
    public FlowAssembler(
            final Options options, final Ledger ledger, final Consumer<FlowRecord> out) {
        this.options = Objects.requireNonNull(options, "options");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.out = Objects.requireNonNull(out, "out");
        this.ownHeaders = new IpHeaders(options.tunnels());
        this.headers = ownHeaders;
    }

    /**
     * Takes a packet from its IP header on; returns false (and counts why) if it belongs to no TCP
     * or UDP flow.
     *
     * @param timeMicros when it was captured, microseconds since the epoch, not before it nor after
     *     the year 9999
     * @param bytes where it is; nothing of the array is kept
     * @param offset index of its IP header
     * @param captured how many of its bytes are there
     * @param wireLength how many it had on the wire, from the IP header on
     */
    public boolean packet(
            final long timeMicros,
            final byte[] bytes,
            final int offset,
            final int captured,
            final int wireLength) {
        return packet(FlowKey.UNNAMED, true, timeMicros, bytes, offset, captured, wireLength);
    }

    /**
     * The same for a sensor that has its own flow id, such as Suricata's {@code flow_id}.
     *
     * @param uid the sensor's id of the flow, not empty
     */
    public boolean packet(
            final String uid,
            final long timeMicros,
            final byte[] bytes,
            final int offset,
            final int captured,
            final int wireLength) {
        return packet(uid, true, timeMicros, bytes, offset, captured, wireLength);
    }

    /**
     * The same for a sensor that also says which packet of its flow it is.
     *
     * @param begins whether the packet is the flow's first, as far as the sensor knows. While no
     *     flow can be forgotten yet, one that is not, of a flow that is not known, is of a flow
     *     that began before this assembler: how, nobody can tell, so it is counted under {@link
     *     #FLOW_BEGUN_BEFORE}. Later such a packet begins the flow anew after a long silence, as it
     *     does where the sensor does not number packets.
     */
    public boolean packet(
            final String uid,
            final boolean begins,
            final long timeMicros,
            final byte[] bytes,
            final int offset,
            final int captured,
            final int wireLength) {
        headers = ownHeaders;
        final IpHeaders.Finding finding = headers.read(bytes, offset, captured, wireLength);
        return take(uid, begins, timeMicros, finding, ownTunnel);
    }

    /**
     * The same for a packet whose headers were read by the decoder of the sensor's lines.
     *
     * @param read the view of the packet
     * @param finding what it found
     * @param tunnel the tunnel that the packet came in, seen from its sender, asked for when it
     *     begins a flow
     */
    public boolean packet(
            final String uid,
            final boolean begins,
            final long timeMicros,
            final IpHeaders read,
            final IpHeaders.Finding finding,
            final Supplier<Optional<FlowTunnel>> tunnel) {
        headers = read;
        return take(uid, begins, timeMicros, finding, tunnel);
    }

    private boolean take(
            final String uid,
            final boolean begins,
            final long timeMicros,
            final IpHeaders.Finding finding,
            final Supplier<Optional<FlowTunnel>> tunnel) {
        advanceClock(timeMicros);
        if (!finding.hasPorts()) {
            ledger.add(Ledger.Entry.SKIPPED, finding.id(), 1);
            return false;
        }
        final byte[] bytes = headers.packet();
        key.set(uid, headers, bytes);
        final Flow known = flows.find(key);
        if (known == null && !begins && clock - began <= options.idleMicros()) {
            ledger.add(Ledger.Entry.SKIPPED, FLOW_BEGUN_BEFORE, 1);
            return false;
        }
        final Flow flow;
        if (known == null) {
            flow = begin(timeMicros, bytes, 0, tunnel);
        } else if (known.closed() && known.name.isEmpty() && opensConnection()) {
            flows.remove(known);
            final boolean sameStart = known.startMicros == timeMicros;
            flow = begin(timeMicros, bytes, sameStart ? known.generation + 1 : 0, tunnel);
        } else {
            flow = known;
            flows.touch(flow);
        }
        flow.lastSeen = clock;
        keep(flow, timeMicros, bytes);
        return true;
    }

    /**
     * Says where in its source the next packets stand, such as the byte offset of their line.
     *
     * @param ascending not below the position before it
     */
    public void at(final long ascending) {
        position = ascending;
    }

    /**
     * The position of the first packet of the oldest flow whose context record is not written yet:
     * what a source must read again if the records still to come are lost. Empty if no flow waits.
     */
    public OptionalLong oldestWaiting() {
        final Flow oldest = waiting.first();
        return oldest == null ? OptionalLong.empty() : OptionalLong.of(oldest.context.position);
    }

    /**
     * Lets time pass in which no packet came, so that flows do not wait for the next packet of
     * another one.
     *
     * @param micros how long after the latest packet it is now
     */
    public void elapse(final long micros) {
        if (started && micros > 0) {
            final long latest = clock;
            clock += micros;
            endWaits();
            clock = latest;
        }
    }

    /** Ends every open flow: writes the context records that are not written yet. */
    public void finish() {
        for (Flow flow = waiting.first(); flow != null; flow = waiting.first()) {
            writeContext(flow, FlowRecord.End.END);
        }
        flows.clear();
    }

    private boolean opensConnection() {
        return headers.transport() == Transport.TCP
                && (headers.tcpFlags() & (IpHeaders.SYN | IpHeaders.ACK)) == IpHeaders.SYN;
    }

    private boolean acceptsConnection() {
        final int both = IpHeaders.SYN | IpHeaders.ACK;
        return headers.transport() == Transport.TCP && (headers.tcpFlags() & both) == both;
    }

    private void advanceClock(final long timeMicros) {
        if (!started) {
            started = true;
            clock = timeMicros;
            began = timeMicros;
        }
        final long passed = timeMicros + stepsBack - clock;
        if (passed < -options.idleMicros()) {
            stepsBack -= passed;
        } else if (passed > 0) {
            clock += passed;
            endWaits();
            forgetIdle();
        }
    }

    private void endWaits() {
        for (Flow flow = waiting.first();
                flow != null && clock - flow.context.deadline > 0;
                flow = waiting.first()) {
            writeContext(flow, FlowRecord.End.TIMEOUT);
        }
    }

    /**
     * Drops idle flows; as the wait is not longer than the idle time, their records are written.
     */
    private void forgetIdle() {
        for (Flow flow = flows.longestIdle();
                flow != null && clock - flow.lastSeen > options.idleMicros();
                flow = flows.longestIdle()) {
            flows.remove(flow);
        }
    }

    private Flow begin(
            final long timeMicros,
            final byte[] bytes,
            final int generation,
            final Supplier<Optional<FlowTunnel>> tunnel) {
        if (flows.size() == options.maxFlows()) {
            evict(flows.longestIdle());
        }
        final boolean sentByResponder = acceptsConnection();
        final Flow flow = new Flow(key, sentByResponder, timeMicros, generation);
        final FlowTuple tuple = tuple(bytes, sentByResponder);
        final String uid = flow.name.isEmpty() ? uids.of(flow, stepsBack, evictions) : flow.name;
        flow.context =
                new FlowContext(
                        flow,
                        new FlowId(options.observer(), uid),
                        tuple,
                        CommunityId.v1(tuple),
                        sentByResponder ? tunnel.get().map(FlowTunnel::reversed) : tunnel.get(),
                        spare.isEmpty() ? new Packets.Builder() : spare.pop(),
                        clock + options.waitMicros(),
                        position);
        flows.add(flow);
        waiting.addLast(flow.context.place);
        return flow;
    }

    private Optional<FlowTunnel> tunnel() {
        return headers.tunnelDepth() == 0 ? Optional.empty() : Optional.of(headers.tunnel());
    }

    private FlowTuple tuple(final byte[] bytes, final boolean sentByResponder) {
        final int length = headers.addressLength();
        final String source = IpAddress.format(bytes, headers.sourceOffset(), length);
        final String destination = IpAddress.format(bytes, headers.destinationOffset(), length);
        return sentByResponder
                ? new FlowTuple(
                        headers.transport(),
                        destination,
                        headers.destinationPort(),
                        source,
                        headers.sourcePort())
                : new FlowTuple(
                        headers.transport(),
                        source,
                        headers.sourcePort(),
                        destination,
                        headers.destinationPort());
    }

    private void keep(final Flow flow, final long timeMicros, final byte[] bytes) {
        final boolean fromOriginator = flow.sentByOriginator(key);
        flow.noteFlags(headers.tcpFlags(), fromOriginator);
        if (flow.context == null) {
            return;
        }
        final Packets.Builder packets = flow.context.packets;
        packets.add(
                Math.max(0, timeMicros - flow.startMicros),
                fromOriginator,
                headers.ipLength(),
                bytes,
                headers.ipOffset(),
                Math.min(options.snap(), headers.captured()));
        if (packets.count() == 1) {
            ledger.add(Ledger.Entry.FLOWS, 1);
            out.accept(
                    flow.context.record(
                            flow.startMicros, FlowRecord.Stage.FIRST, FlowRecord.End.DEPTH));
        }
        if (packets.count() == options.depth()) {
            writeContext(flow, FlowRecord.End.DEPTH);
        } else if (flow.closed()) {
            writeContext(flow, FlowRecord.End.END);
        }
    }

    private void evict(final Flow flow) {
        evictions++;
        ledger.add(Ledger.Entry.EVICTED, FLOW_TABLE_FULL, 1);
        if (flow.context != null) {
            writeContext(flow, FlowRecord.End.END);
        }
        flows.remove(flow);
    }

    private void writeContext(final Flow flow, final FlowRecord.End end) {
        final FlowContext context = flow.context;
        flow.context = null;
        waiting.remove(context.place);
        final FlowRecord written = context.record(flow.startMicros, FlowRecord.Stage.CONTEXT, end);
        if (spare.size() < SPARE_BUILDERS && context.packets.count() <= SPARE_PACKETS) {
            context.packets.clear();
            spare.push(context.packets);
        }
        out.accept(written);
    }
}
