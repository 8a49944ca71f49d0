/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import io.serveflow.flow.FlowRecord.End;
import io.serveflow.flow.FlowRecord.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What {@link FlowAssembler} shall do, written down as plainly as can be: lists that are searched
 * from end to end, decoded packets in, readable records out.
 */
final class ReferenceAssembler {

    /** A decoded packet; {@code from} and {@code to} are endpoints such as {@code 10.0.0.1:80}. */
    record Packet(
            long time,
            Transport transport,
            String from,
            String to,
            int flags,
            int sequence,
            int acknowledged,
            int length) {

        private boolean has(final int flag) {
            return (flags & flag) != 0;
        }

        private boolean numbers() {
            return transport == Transport.TCP && has(IpHeaders.SYN) && !has(IpHeaders.RST);
        }

        private boolean opens() {
            return transport == Transport.TCP && has(IpHeaders.SYN) && !has(IpHeaders.ACK);
        }

        private boolean accepts() {
            return transport == Transport.TCP && has(IpHeaders.SYN) && has(IpHeaders.ACK);
        }

        private boolean resets() {
            return transport == Transport.TCP && has(IpHeaders.RST);
        }

        private Set<String> ends() {
            return Set.of(from + ' ' + transport, to + ' ' + transport);
        }
    }

    /** A record without its bytes; flows are numbered in the order in which they begin. */
    record Written(
            int flow,
            Stage stage,
            End end,
            String originator,
            String responder,
            long start,
            List<Long> offsets,
            List<Boolean> fromOriginator,
            List<Integer> lengths) {}

    private static final class Talk {
        private int number;
        private Packet opening;
        private String originator;
        private String responder;
        private final List<Packet> packets = new ArrayList<>();
        private boolean contextWritten;
        private long lastSeen;
        private long deadline;
        private final List<Packet> all = new ArrayList<>();

        private boolean finished(final String end) {
            return all.stream()
                    .anyMatch(
                            packet ->
                                    packet.from().equals(end)
                                            && packet.transport() == Transport.TCP
                                            && packet.has(IpHeaders.FIN));
        }

        private boolean closed() {
            return isReset() || finished(originator) && finished(responder);
        }

        private boolean isReset() {
            return IntStream.range(0, all.size())
                    .anyMatch(i -> all.get(i).resets() && ends(all.get(i), all.subList(0, i)));
        }

        /** Whether a reset is one to an originator that may be waiting for its SYN's answer. */
        private boolean ends(final Packet reset, final List<Packet> before) {
            final Optional<Integer> number = number(originator, before);
            final boolean answered = number(responder, before).isPresent();
            final boolean acknowledged =
                    before.stream()
                            .anyMatch(
                                    packet ->
                                            packet.from().equals(originator)
                                                    && packet.has(IpHeaders.ACK)
                                                    && !packet.resets());
            if (number.isEmpty() || number.get() == 0 || answered || acknowledged) {
                return true;
            }
            if (reset.from().equals(originator)) {
                final int sent = reset.sequence() - number.get();
                return sent >= 0 && sent <= 1 << 16;
            }
            return reset.has(IpHeaders.ACK) && reset.acknowledged() - number.get() > 0;
        }

        private boolean established() {
            return all.stream()
                    .skip(1)
                    .anyMatch(
                            packet ->
                                    packet.has(IpHeaders.ACK)
                                            && !packet.has(IpHeaders.SYN)
                                            && !packet.resets());
        }

        private boolean heard(final String end) {
            return all.stream().anyMatch(packet -> packet.from().equals(end));
        }

        /** The number of the latest SYN that an end sent. */
        private Optional<Integer> number(final String end) {
            return number(end, all);
        }

        private static Optional<Integer> number(final String end, final List<Packet> packets) {
            return packets.stream()
                    .filter(packet -> packet.from().equals(end) && packet.numbers())
                    .reduce((before, last) -> last)
                    .map(Packet::sequence);
        }

        /** What the responder's first SYN-ACK says of the originator's number. */
        private Optional<Integer> numberOfUnseenSyn() {
            return number(originator).isPresent()
                    ? Optional.empty()
                    : all.stream()
                            .filter(packet -> packet.accepts() && packet.numbers())
                            .filter(packet -> packet.from().equals(responder))
                            .findFirst()
                            .map(packet -> packet.acknowledged() - 1);
        }

        private boolean answersSyn(final Packet packet) {
            final Optional<Integer> number =
                    number(packet.to())
                            .or(
                                    () ->
                                            packet.to().equals(originator)
                                                    ? numberOfUnseenSyn()
                                                    : Optional.empty());
            return number.isPresent()
                    && number.get() != 0
                    && number.get() == packet.acknowledged() - 1;
        }

        private FlowState state() {
            if (opening.transport() == Transport.UDP) {
                return heard(originator) && heard(responder)
                        ? FlowState.UDP_ESTABLISHED
                        : FlowState.UDP_NEW;
            }
            if (closed()) {
                return FlowState.TCP_CLOSED;
            }
            return established() ? FlowState.TCP_ESTABLISHED : FlowState.TCP_NEW;
        }

        private long timeout(final FlowTimeouts timeouts) {
            return switch (state()) {
                case TCP_NEW -> timeouts.tcpNewMicros();
                case TCP_ESTABLISHED -> timeouts.tcpEstablishedMicros();
                case TCP_CLOSED -> timeouts.tcpClosedMicros();
                case UDP_NEW -> timeouts.udpNewMicros();
                case UDP_ESTABLISHED -> timeouts.udpEstablishedMicros();
            };
        }

        /** Whether a packet between the same ends is of another connection. */
        private boolean isBefore(final Packet packet) {
            if (packet.transport() == Transport.UDP || packet.resets()) {
                return false;
            }
            final Optional<Integer> number =
                    number(packet.from())
                            .or(
                                    () ->
                                            packet.from().equals(originator)
                                                    ? numberOfUnseenSyn()
                                                    : Optional.empty());
            final boolean repeated = number.equals(Optional.of(packet.sequence()));
            final boolean finished = finished(originator) || finished(responder);
            if (packet.opens()) {
                if (packet.from().equals(originator) && numberOfUnseenSyn().isPresent()) {
                    return numberOfUnseenSyn().get() != packet.sequence();
                }
                if (closed() || number.isPresent() && !repeated) {
                    return true;
                }
                if (repeated && packet.sequence() != 0) {
                    return false;
                }
                return established() && (finished || number.isEmpty());
            }
            final boolean over = closed() || finished;
            final boolean oneWay = !heard(originator) || !heard(responder);
            return packet.accepts()
                    && !repeated
                    && !answersSyn(packet)
                    && established()
                    && (over || oneWay);
        }
    }

    private final FlowAssembler.Options options;
    private final List<Talk> talks = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();

    /** Who opened the flows that were forgotten. */
    private final Map<Set<String>, String> originators = new HashMap<>();

    private int started;
    private int evicted;
    private long now = Long.MIN_VALUE;

    ReferenceAssembler(final FlowAssembler.Options options) {
        this.options = options;
    }

    List<Written> written() {
        return written;
    }

    int evicted() {
        return evicted;
    }

    void packet(final Packet packet) {
        now = Math.max(now, packet.time());
        talks.stream()
                .filter(talk -> !talk.contextWritten && now > talk.deadline)
                .sorted(Comparator.comparingInt(talk -> talk.number))
                .toList()
                .forEach(talk -> writeContext(talk, End.TIMEOUT));
        talks.stream()
                .filter(talk -> left(talk) < 0)
                .sorted(nextToEnd())
                .toList()
                .forEach(this::forget);

        final Optional<Talk> known =
                talks.stream().filter(talk -> sameEndpoints(talk.opening, packet)).findFirst();
        if (known.isPresent() && !known.get().isBefore(packet)) {
            add(known.get(), packet);
        } else {
            known.ifPresent(this::end);
            add(start(packet), packet);
        }
    }

    private Comparator<Talk> nextToEnd() {
        return Comparator.<Talk>comparingLong(this::left).thenComparing(Talk::state);
    }

    private long left(final Talk talk) {
        return talk.lastSeen + talk.timeout(options.timeouts()) - now;
    }

    private void end(final Talk talk) {
        if (!talk.contextWritten) {
            writeContext(talk, End.END);
        }
        talks.remove(talk);
    }

    private void forget(final Talk talk) {
        originators.put(talk.opening.ends(), talk.originator);
        end(talk);
    }

    void finish() {
        talks.stream()
                .filter(talk -> !talk.contextWritten)
                .sorted(Comparator.comparingInt(talk -> talk.number))
                .forEach(talk -> writeContext(talk, End.END));
        talks.clear();
    }

    private Talk start(final Packet packet) {
        if (talks.size() == options.maxFlows()) {
            evicted++;
            forget(Collections.min(talks, nextToEnd()));
        }
        final Talk talk = new Talk();
        talk.number = started++;
        talk.opening = packet;
        final String opener = originators.remove(packet.ends());
        final boolean answers = packet.accepts() || !packet.opens() && packet.to().equals(opener);
        talk.originator = answers ? packet.to() : packet.from();
        talk.responder = answers ? packet.from() : packet.to();
        talk.deadline = now + options.waitMicros();
        return talk;
    }

    private void add(final Talk talk, final Packet packet) {
        talks.remove(talk);
        talks.add(talk); // the list is in the order of the last packet
        talk.lastSeen = now;
        talk.all.add(packet);
        if (talk.contextWritten) {
            return;
        }
        talk.packets.add(packet);
        if (talk.packets.size() == 1) {
            write(talk, Stage.FIRST, End.DEPTH);
        }
        if (talk.packets.size() == options.depth()) {
            writeContext(talk, End.DEPTH);
        } else if (talk.closed()) {
            writeContext(talk, End.END);
        }
    }

    private void writeContext(final Talk talk, final End end) {
        talk.contextWritten = true;
        write(talk, Stage.CONTEXT, end);
    }

    private void write(final Talk talk, final Stage stage, final End end) {
        written.add(
                new Written(
                        talk.number,
                        stage,
                        end,
                        talk.originator,
                        talk.responder,
                        talk.opening.time(),
                        talk.packets.stream()
                                .map(packet -> Math.max(0, packet.time() - talk.opening.time()))
                                .toList(),
                        talk.packets.stream()
                                .map(packet -> packet.from().equals(talk.originator))
                                .toList(),
                        talk.packets.stream().map(Packet::length).toList()));
    }

    private static boolean sameEndpoints(final Packet one, final Packet other) {
        return one.transport() == other.transport()
                && (one.from().equals(other.from()) && one.to().equals(other.to())
                        || one.from().equals(other.to()) && one.to().equals(other.from()));
    }
}
