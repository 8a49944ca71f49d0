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
 * <p>A flow is what two endpoints say to each other until it has been silent for the {@link
 * FlowTimeouts timeout} of its state, or a SYN opens another connection between them: behind a
 * reset or a FIN, or with another sequence number than the SYN before. A reset that a client drops
 * while it waits for the answer to its SYN, or sends then to an older connection, ends nothing. A
 * connection that TCP has closed keeps its endpoints until its timeout, so that its last
 * acknowledgement and retransmissions make no new flow. A flow that the sensor named is what bears
 * the name, whatever its endpoints do.
 *
 * <p>Who sends packet 1 is the originator, but where that is a SYN with ACK. A flow that goes on
 * after it was forgotten is a new flow, of the same originator as before: that of as many forgotten
 * flows as the table holds flows is kept, until their endpoints open another connection.
 *
 * <p>Time is that of the packets. It goes on with the latest packet seen; packets out of order by a
 * minute or less leave it where it is, and a longer step back, as between the parts of a merged
 * capture, is taken as the same moment under another date. Waiting and silent times are thus never
 * negative, nor does one wrong time stamp stop them for good.
 *
 * <p>The table is bounded: where it is full, the flow whose timeout would end next is ended and
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
     * @param waitMicros longest time between packet 1 and the context record, microseconds, 1 to a
     *     day; a flow that is forgotten before has its record then
     * @param timeouts how long a flow may be silent and go on
     * @param maxFlows most flows in the table, 1 to 16,777,216
     * @param tunnels which tunnels are opened
     * @param communityIdSeed seed of the Community IDs that the sensor does not state, 0 to 65,535
     * @param helloSnap bytes kept, if they are more than {@code snap}, of the first packets of an
     *     originator that may carry its hello of TLS, DTLS or QUIC; 0 to 65,535
     */
    public record Options(
            String observer,
            int depth,
            int snap,
            long waitMicros,
            FlowTimeouts timeouts,
            int maxFlows,
            Tunnels tunnels,
            int communityIdSeed,
            int helloSnap) {

        /** Most packets that a context record can have. */
        public static final int MAX_DEPTH = 20_000;

        /** Most bytes that can be kept of a packet. */
        public static final int MAX_SNAP = 65_535;

        /** Most flows that a table can have. */
        public static final int MAX_FLOWS = 1 << 24;

        private static final long MAX_WAIT_MICROS = 86_400_000_000L;

        public Options {
            Objects.requireNonNull(observer, "observer");
            Objects.requireNonNull(tunnels, "tunnels");
            Objects.requireNonNull(timeouts, "timeouts");
            final List<String> faults = new ArrayList<>();
            requireWithin(faults, "depth", depth, 1, MAX_DEPTH);
            requireWithin(faults, "snap", snap, 1, MAX_SNAP);
            requireWithin(faults, "waitMicros", waitMicros, 1, MAX_WAIT_MICROS);
            requireWithin(faults, "maxFlows", maxFlows, 1, MAX_FLOWS);
            requireWithin(faults, "communityIdSeed", communityIdSeed, 0, CommunityId.MAX_SEED);
            requireWithin(faults, "helloSnap", helloSnap, 0, MAX_SNAP);
            if (!faults.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", faults));
            }
        }

        /** Options that keep hellos as networks without jumbo frames carry them. */
        public Options(
                final String observer,
                final int depth,
                final int snap,
                final long waitMicros,
                final FlowTimeouts timeouts,
                final int maxFlows,
                final Tunnels tunnels,
                final int communityIdSeed) {
            this(
                    observer,
                    depth,
                    snap,
                    waitMicros,
                    timeouts,
                    maxFlows,
                    tunnels,
                    communityIdSeed,
                    HelloPackets.MOST_BYTES);
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

        /**
         * Depth 10, snap 128, wait 10 s, the timeouts of {@link FlowTimeouts#DEFAULT}, 200,000
         * flows, every tunnel opened, seed 0.
         */
        public static Options defaults(final String observer) {
            return new Options(
                    observer, 10, 128, 10_000_000, FlowTimeouts.DEFAULT, 200_000, Tunnels.ALL, 0);
        }

        public Options withObserver(final String name) {
            return new Options(
                    name,
                    depth,
                    snap,
                    waitMicros,
                    timeouts,
                    maxFlows,
                    tunnels,
                    communityIdSeed,
                    helloSnap);
        }

        public Options withDepth(final int packets) {
            return new Options(
                    observer,
                    packets,
                    snap,
                    waitMicros,
                    timeouts,
                    maxFlows,
                    tunnels,
                    communityIdSeed,
                    helloSnap);
        }

        public Options withSnap(final int bytes) {
            return new Options(
                    observer,
                    depth,
                    bytes,
                    waitMicros,
                    timeouts,
                    maxFlows,
                    tunnels,
                    communityIdSeed,
                    helloSnap);
        }

        public Options withWaitMicros(final long micros) {
            return new Options(
                    observer,
                    depth,
                    snap,
                    micros,
                    timeouts,
                    maxFlows,
                    tunnels,
                    communityIdSeed,
                    helloSnap);
        }

        public Options withTimeouts(final FlowTimeouts others) {
            return new Options(
                    observer,
                    depth,
                    snap,
                    waitMicros,
                    others,
                    maxFlows,
                    tunnels,
                    communityIdSeed,
                    helloSnap);
        }

        public Options withMaxFlows(final int flows) {
            return new Options(
                    observer,
                    depth,
                    snap,
                    waitMicros,
                    timeouts,
                    flows,
                    tunnels,
                    communityIdSeed,
                    helloSnap);
        }

        public Options withTunnels(final Tunnels opened) {
            return new Options(
                    observer,
                    depth,
                    snap,
                    waitMicros,
                    timeouts,
                    maxFlows,
                    opened,
                    communityIdSeed,
                    helloSnap);
        }

        public Options withCommunityIdSeed(final int seed) {
            return new Options(
                    observer,
                    depth,
                    snap,
                    waitMicros,
                    timeouts,
                    maxFlows,
                    tunnels,
                    seed,
                    helloSnap);
        }

        public Options withHelloSnap(final int bytes) {
            return new Options(
                    observer,
                    depth,
                    snap,
                    waitMicros,
                    timeouts,
                    maxFlows,
                    tunnels,
                    communityIdSeed,
                    bytes);
        }
    }

    /** The detail under which flows ended by a full table are counted. */
    public static final String FLOW_TABLE_FULL = "flow_table_full";

    /** The detail under which packets of flows are counted whose beginning was not seen. */
    public static final String FLOW_BEGUN_BEFORE = "flow_begun_before";

    /** What a packet says of its Community ID whose sensor states none. */
    private static final String COMPUTED = "";

    /** A packet that is older than this is no straggler. */
    private static final long MAX_DISORDER_MICROS = 60_000_000;

    private static final int SPARE_BUILDERS = 1_024;

    /** One that held more is not kept for another flow, or a few long flows would fill the heap. */
    private static final int SPARE_PACKETS = 1_000;

    private final Options options;
    private final Ledger ledger;
    private final Consumer<FlowRecord> out;

    private final IpHeaders ownHeaders;
    private final FlowKey key = new FlowKey(ThreadLocalRandom.current().nextLong());
    private final FlowUid uids = new FlowUid();
    private final FlowTable flows;
    private final RoleMemory roles;

    /** The flows whose context record is not written yet, in the order of their deadlines. */
    private final FlowQueue<FlowContext> waiting = new FlowQueue<>();

    private final ArrayDeque<Packets.Builder> spare = new ArrayDeque<>();
    private final Supplier<Optional<FlowTunnel>> ownTunnel = this::tunnel;

    /** The latest time seen, with steps back taken out. Compare by difference, it may wrap. */
    private long clock;

    /** What is added to a packet's time to take out the steps back before it. */
    private long stepsBack;

    private boolean started;
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
        this.flows = new FlowTable(options.timeouts());
        this.roles = new RoleMemory(options.maxFlows());
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
        return packet(
                FlowKey.UNNAMED, true, COMPUTED, timeMicros, bytes, offset, captured, wireLength);
    }

    /**
     * The same for a sensor that has its own flow id, such as Suricata's {@code flow_id}.
     *
     * @param uid the sensor's id of the flow, not empty
     * @param begins whether the packet may be the flow's first, as far as the sensor says. One that
     *     is not, of a flow that is not known, is of one that began before this assembler or was
     *     forgotten, whose first record cannot be made or was written: it is counted under {@link
     *     #FLOW_BEGUN_BEFORE}.
     * @param communityId the sensor's Community ID of the flow, empty where it states none
     */
    public boolean packet(
            final String uid,
            final boolean begins,
            final String communityId,
            final long timeMicros,
            final byte[] bytes,
            final int offset,
            final int captured,
            final int wireLength) {
        headers = ownHeaders;
        final IpHeaders.Finding finding = headers.read(bytes, offset, captured, wireLength);
        return take(uid, begins, communityId, timeMicros, finding, ownTunnel);
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
            final String communityId,
            final long timeMicros,
            final IpHeaders read,
            final IpHeaders.Finding finding,
            final Supplier<Optional<FlowTunnel>> tunnel) {
        headers = read;
        return take(uid, begins, communityId, timeMicros, finding, tunnel);
    }

    private boolean take(
            final String uid,
            final boolean begins,
            final String communityId,
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
        if (known == null && !begins) {
            ledger.add(Ledger.Entry.SKIPPED, FLOW_BEGUN_BEFORE, 1);
            return false;
        }
        final Flow flow;
        if (known == null) {
            flow = begin(timeMicros, bytes, communityId, 0, tunnel);
        } else if (isReopened(known, bytes)) {
            end(known);
            final boolean sameMoment = known.lastSeen == clock;
            flow =
                    begin(
                            timeMicros,
                            bytes,
                            communityId,
                            sameMoment ? known.generation + 1 : 0,
                            tunnel);
        } else {
            flow = known;
        }
        final boolean fromOriginator = flow.sentByOriginator(key);
        flows.touch(flow, note(flow, fromOriginator, bytes), clock);
        if (flow.context != null) {
            keep(flow, fromOriginator, timeMicros, bytes);
        }
        return true;
    }

    /**
     * Ends a flow that the sensor named, because the sensor says that it is over: its context
     * record is written if it is not yet. The name is kept like that of a closed flow, for packets
     * that come behind the sensor's word.
     *
     * @param uid the sensor's id of the flow, not empty
     */
    public void end(final String uid) {
        key.set(uid);
        final Flow flow = flows.find(key);
        if (flow != null) {
            if (flow.context != null) {
                writeContext(flow, FlowRecord.End.END);
            }
            flows.touch(flow, flow.stateWhenOver(), clock);
        }
    }

    /**
     * Whether the context record of a flow that the sensor named is still to be written.
     *
     * @param uid the sensor's id of the flow, not empty
     */
    public boolean isWaiting(final String uid) {
        key.set(uid);
        final Flow flow = flows.find(key);
        return flow != null && flow.context != null;
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
        final FlowContext oldest = waiting.first();
        return oldest == null ? OptionalLong.empty() : OptionalLong.of(oldest.position);
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
        for (FlowContext next = waiting.first(); next != null; next = waiting.first()) {
            writeContext(next.flow, FlowRecord.End.END);
        }
        flows.clear();
        roles.clear();
    }

    /** Whether a packet between the endpoints of a flow is the first one of another. */
    private boolean isReopened(final Flow flow, final byte[] bytes) {
        final int flags = headers.tcpFlags();
        if ((flags & IpHeaders.SYN) == 0 || (flags & IpHeaders.RST) != 0 || !flow.name.isEmpty()) {
            return false;
        }
        final boolean fromOriginator = flow.sentByOriginator(key);
        final int number = sequenceNumber(bytes);
        return (flags & IpHeaders.ACK) == 0
                ? flow.isReopenedBySyn(fromOriginator, number)
                : flow.isReopenedBySynAck(fromOriginator, number, acknowledgementNumber(bytes));
    }

    /** Has a flow note the packet; returns the state that the flow is in then. */
    private FlowState note(final Flow flow, final boolean fromOriginator, final byte[] bytes) {
        if (headers.transport() == Transport.UDP) {
            return flow.noteDatagram(fromOriginator);
        }
        final int flags = headers.tcpFlags();
        final boolean numbers = (flags & (IpHeaders.SYN | IpHeaders.RST)) != 0;
        return flow.noteSegment(
                flags,
                fromOriginator,
                numbers ? sequenceNumber(bytes) : 0,
                numbers ? acknowledgementNumber(bytes) : 0);
    }

    /** Of a packet whose flags, which are behind it, are known. */
    private int sequenceNumber(final byte[] bytes) {
        return i32(bytes, headers.transportOffset() + 4);
    }

    private int acknowledgementNumber(final byte[] bytes) {
        return i32(bytes, headers.transportOffset() + 8);
    }

    private static int i32(final byte[] bytes, final int at) {
        return bytes[at] << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }

    private void advanceClock(final long timeMicros) {
        if (!started) {
            started = true;
            clock = timeMicros;
        }
        final long passed = timeMicros + stepsBack - clock;
        if (passed < -MAX_DISORDER_MICROS) {
            stepsBack -= passed;
        } else if (passed > 0) {
            clock += passed;
            endWaits();
            forgetSilent();
        }
    }

    private void endWaits() {
        for (FlowContext next = waiting.first();
                next != null && clock - next.deadline > 0;
                next = waiting.first()) {
            writeContext(next.flow, FlowRecord.End.TIMEOUT);
        }
    }

    private void forgetSilent() {
        for (Flow flow = flows.due(clock); flow != null; flow = flows.due(clock)) {
            if (flow.name.isEmpty() && !flow.isAmongServers()) {
                remember(flow);
            }
            end(flow);
        }
    }

    private void evict(final Flow flow) {
        evictions++;
        ledger.add(Ledger.Entry.EVICTED, FLOW_TABLE_FULL, 1);
        if (flow.name.isEmpty()) {
            remember(flow);
        }
        end(flow);
    }

    private void remember(final Flow flow) {
        roles.remember(FlowKey.fingerprint(flow), flow.originatorIsLower());
    }

    private void end(final Flow flow) {
        if (flow.context != null) {
            writeContext(flow, FlowRecord.End.END);
        }
        flows.remove(flow);
    }

    /** Whether packet 1 of a flow is known not to be from its originator. */
    private boolean isSentByResponder() {
        final boolean didNotOpen =
                roles.takeWhetherResponder(key.fingerprint(), key.sourceIsLower());
        return (headers.tcpFlags() & IpHeaders.SYN) == 0
                ? didNotOpen
                : (headers.tcpFlags() & IpHeaders.ACK) != 0;
    }

    private Flow begin(
            final long timeMicros,
            final byte[] bytes,
            final String communityId,
            final int generation,
            final Supplier<Optional<FlowTunnel>> tunnel) {
        if (flows.size() == options.maxFlows()) {
            evict(flows.nextToEnd(clock));
        }
        final boolean sentByResponder = isSentByResponder();
        final Flow flow = new Flow(key, sentByResponder, timeMicros, generation);
        final FlowTuple tuple = tuple(bytes, sentByResponder);
        final String uid =
                flow.name.isEmpty() ? uids.of(flow, clock - timeMicros, evictions) : flow.name;
        flow.context =
                new FlowContext(
                        flow,
                        new FlowId(options.observer(), uid),
                        tuple,
                        communityId.isEmpty()
                                ? CommunityId.v1(tuple, options.communityIdSeed())
                                : communityId,
                        sentByResponder ? tunnel.get().map(FlowTunnel::reversed) : tunnel.get(),
                        spare.isEmpty() ? new Packets.Builder() : spare.pop(),
                        clock + options.waitMicros(),
                        position);
        flows.add(flow, clock);
        if (!flow.name.isEmpty() && !flow.isAmongServers()) {
            // Under its next name it goes on as another flow while this one may still be known.
            remember(flow);
        }
        waiting.addLast(flow.context);
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

    private void keep(
            final Flow flow,
            final boolean fromOriginator,
            final long timeMicros,
            final byte[] bytes) {
        final Packets.Builder packets = flow.context.packets;
        packets.add(
                Math.max(0, timeMicros - flow.startMicros),
                fromOriginator,
                headers.ipLength(),
                bytes,
                headers.ipOffset(),
                Math.min(bytesKept(flow.context, fromOriginator), headers.captured()));
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

    private int bytesKept(final FlowContext context, final boolean fromOriginator) {
        return fromOriginator
                        && options.snap() < options.helloSnap()
                        && context.hello.mayCarryOne(headers)
                ? options.helloSnap()
                : options.snap();
    }

    private void writeContext(final Flow flow, final FlowRecord.End end) {
        final FlowContext context = flow.context;
        flow.context = null;
        waiting.remove(context);
        final FlowRecord written = context.record(flow.startMicros, FlowRecord.Stage.CONTEXT, end);
        if (spare.size() < SPARE_BUILDERS && context.packets.count() <= SPARE_PACKETS) {
            context.packets.clear();
            spare.push(context.packets);
        }
        out.accept(written);
    }
}
