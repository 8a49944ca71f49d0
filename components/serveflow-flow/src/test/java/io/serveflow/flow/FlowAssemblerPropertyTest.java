/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.flow.ReferenceAssembler.Packet;
import io.serveflow.flow.ReferenceAssembler.Written;
import io.serveflow.ledger.Ledger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class FlowAssemblerPropertyTest {

    private static final int WAIT = 1_000;
    private static final FlowTimeouts TIMEOUTS = new FlowTimeouts(2_000, 5_000, 1_500, 900, 3_000);
    private static final int LONGEST = 5_000;
    private static final long END_OF_YEAR_9999 = 253_402_300_799_999_999L;

    /** A packet to come: how long after the latest one, and between which of a few endpoints. */
    record Step(
            int pause,
            int client,
            int server,
            boolean answer,
            int flags,
            int sequence,
            int payload,
            boolean udp) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        final Arbitrary<Integer> pauses =
                Arbitraries.frequencyOf(
                        Tuple.of(8, Arbitraries.integers().between(0, 300)),
                        Tuple.of(2, Arbitraries.integers().between(-400, 0)),
                        Tuple.of(
                                1,
                                Arbitraries.of(
                                        WAIT,
                                        WAIT + 1,
                                        900,
                                        901,
                                        1_500,
                                        1_501,
                                        2_000,
                                        2_001,
                                        3_000,
                                        3_001,
                                        LONGEST,
                                        LONGEST + 1)),
                        Tuple.of(1, Arbitraries.integers().between(0, 2 * LONGEST)));
        final Arbitrary<Integer> flags =
                Arbitraries.frequencyOf(
                        Tuple.of(6, Arbitraries.of(IpHeaders.ACK, IpHeaders.ACK | 0x08)),
                        Tuple.of(
                                3,
                                Arbitraries.of(
                                        IpHeaders.SYN,
                                        IpHeaders.SYN | IpHeaders.ACK,
                                        IpHeaders.FIN | IpHeaders.ACK)),
                        Tuple.of(1, Arbitraries.of(IpHeaders.RST, 0, 0xff)));
        return Combinators.combine(
                        pauses,
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of(true, false),
                        flags,
                        Arbitraries.of(7, 8, 9, Integer.MIN_VALUE),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.of(true, false, false))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(120);
    }

    @Property(tries = 2_000)
    void shouldDoWhatTheReferenceDoes(
            @ForAll("steps") final List<Step> steps,
            @ForAll @IntRange(min = 1, max = 5) final int depth,
            @ForAll @IntRange(min = 1, max = 14) final int maxFlows) {
        final FlowAssembler.Options options =
                new FlowAssembler.Options(
                        "test", depth, 64, WAIT, TIMEOUTS, maxFlows, Tunnels.ALL, 0);
        final Ledger ledger = new Ledger();
        final List<FlowRecord> records = new ArrayList<>();
        final FlowAssembler assembler = new FlowAssembler(options, ledger, records::add);
        final ReferenceAssembler reference = new ReferenceAssembler(options);
        long latest = 1_000_000;
        for (final Step step : steps) {
            final long time = latest + step.pause();
            latest = Math.max(latest, time);
            final Packet packet = packet(time, step);
            reference.packet(packet);
            final byte[] bytes = bytes(packet);
            assertThat(assembler.packet(time, bytes, 0, bytes.length, bytes.length)).isTrue();
        }
        assembler.finish();
        reference.finish();

        assertThat(readable(records)).isEqualTo(reference.written());
        assertThat(ledger.total(Ledger.Entry.EVICTED)).isEqualTo(reference.evicted());
        assertThat(ledger.total(Ledger.Entry.FLOWS)).isEqualTo(records.size() / 2);
    }

    @Property(tries = 1_000)
    void shouldGiveEveryFlowItsTwoRecordsWhateverTheTimes(
            @ForAll @Size(max = 60)
                    final List<@LongRange(min = 0, max = END_OF_YEAR_9999) Long> times,
            @ForAll("steps") final List<Step> steps,
            @ForAll @IntRange(min = 1, max = 6) final int maxFlows) {
        final List<FlowRecord> records = new ArrayList<>();
        final FlowAssembler assembler =
                new FlowAssembler(
                        new FlowAssembler.Options(
                                "test", 3, 64, WAIT, TIMEOUTS, maxFlows, Tunnels.ALL, 0),
                        new Ledger(),
                        records::add);
        for (int i = 0; i < times.size(); i++) {
            final byte[] bytes = bytes(packet(0, steps.get(i % steps.size())));
            assembler.packet(times.get(i), bytes, 0, bytes.length, bytes.length);
        }
        assembler.finish();

        final Set<FlowId> seen = new HashSet<>();
        final Set<FlowId> open = new HashSet<>();
        for (final FlowRecord record : records) {
            if (record.stage() == Stage.FIRST) {
                assertThat(seen.add(record.id())).as("%s is new", record.id()).isTrue();
                open.add(record.id());
            } else {
                assertThat(open.remove(record.id())).as("%s is open", record.id()).isTrue();
            }
        }
        assertThat(open).isEmpty();
    }

    private static Packet packet(final long time, final Step step) {
        final String client = (step.client() < 2 ? "10.0.0." : "2001:db8::") + (1 + step.client());
        final String server =
                (step.client() < 2 ? "10.0.1." : "2001:db8:1::") + (1 + step.server());
        final String from = client + '|' + (40_000 + step.client());
        final String to = server + "|443";
        final int header = (step.client() < 2 ? 20 : 40) + (step.udp() ? 8 : 20);
        return new Packet(
                time,
                step.udp() ? Transport.UDP : Transport.TCP,
                step.answer() ? to : from,
                step.answer() ? from : to,
                step.flags(),
                step.sequence(),
                step.sequence() % 3 == 0 ? 8 : 9,
                header + step.payload());
    }

    private static byte[] bytes(final Packet packet) {
        final String[] from = packet.from().split("\\|");
        final String[] to = packet.to().split("\\|");
        final boolean ipv6 = IpAddress.isIpv6(from[0]);
        final boolean udp = packet.transport() == Transport.UDP;
        final byte[] payload = new byte[packet.length() - (ipv6 ? 40 : 20) - (udp ? 8 : 20)];
        final int source = Integer.parseInt(from[1]);
        final int destination = Integer.parseInt(to[1]);
        final byte[] segment =
                udp
                        ? TestPackets.udp(source, destination, payload)
                        : TestPackets.tcp(
                                source,
                                destination,
                                packet.sequence(),
                                packet.acknowledged(),
                                packet.flags(),
                                payload);
        final int protocol = packet.transport().number();
        return ipv6
                ? TestPackets.ipv6(protocol, from[0], to[0], segment)
                : TestPackets.ipv4(protocol, from[0], to[0], segment);
    }

    /** The records as the reference writes them; flows are numbered as they begin. */
    private static List<Written> readable(final List<FlowRecord> records) {
        final Map<FlowId, Integer> numbers = new HashMap<>();
        final List<Written> readable = new ArrayList<>();
        for (final FlowRecord record : records) {
            if (record.stage() == Stage.FIRST) {
                assertThat(numbers.put(record.id(), numbers.size()))
                        .as("%s is new", record.id())
                        .isNull();
            }
            final List<Long> offsets = new ArrayList<>();
            final List<Boolean> fromOriginator = new ArrayList<>();
            final List<Integer> lengths = new ArrayList<>();
            for (int i = 0; i < record.packets().count(); i++) {
                offsets.add(record.packets().offsetMicros(i));
                fromOriginator.add(record.packets().fromOriginator(i));
                lengths.add(record.packets().length(i));
            }
            final FlowTuple tuple = record.tuple();
            readable.add(
                    new Written(
                            numbers.get(record.id()),
                            record.stage(),
                            record.end(),
                            tuple.originator() + '|' + tuple.originatorPort(),
                            tuple.responder() + '|' + tuple.responderPort(),
                            record.startMicros(),
                            offsets,
                            fromOriginator,
                            lengths));
        }
        return readable;
    }
}
