/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

import io.serveflow.flow.FlowRecord.End;
import io.serveflow.flow.FlowRecord.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link FlowAssembler} shall do, written down as plainly as can be: lists that are searched
 * from end to end, decoded packets in, readable records out.
 */
final class ReferenceAssembler {

    /** A decoded packet; {@code from} and {@code to} are endpoints such as {@code 10.0.0.1:80}. */
    record Packet(long time, Transport transport, String from, String to, int flags, int length) {}

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
        private final Map<String, Boolean> finished = new HashMap<>();
        private boolean reset;

        private boolean closed() {
            return reset || finished.size() == 2;
        }
    }

    private final FlowAssembler.Options options;
    private final List<Talk> talks = new ArrayList<>();
    private final List<Written> written = new ArrayList<>();
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
        talks.removeIf(talk -> now > talk.lastSeen + options.idleMicros());

        final Optional<Talk> known =
                talks.stream().filter(talk -> sameEndpoints(talk.opening, packet)).findFirst();
        final boolean opens =
                packet.transport() == Transport.TCP
                        && (packet.flags() & IpHeaders.SYN) != 0
                        && (packet.flags() & IpHeaders.ACK) == 0;
        if (known.isPresent() && !(known.get().closed() && opens)) {
            add(known.get(), packet);
        } else {
            known.ifPresent(talks::remove);
            add(start(packet), packet);
        }
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
            final Talk longestIdle = talks.get(0);
            evicted++;
            if (!longestIdle.contextWritten) {
                writeContext(longestIdle, End.END);
            }
            talks.remove(longestIdle);
        }
        final Talk talk = new Talk();
        talk.number = started++;
        talk.opening = packet;
        final boolean answersSyn =
                packet.transport() == Transport.TCP
                        && (packet.flags() & IpHeaders.SYN) != 0
                        && (packet.flags() & IpHeaders.ACK) != 0;
        talk.originator = answersSyn ? packet.to() : packet.from();
        talk.responder = answersSyn ? packet.from() : packet.to();
        talk.deadline = now + options.waitMicros();
        return talk;
    }

    private void add(final Talk talk, final Packet packet) {
        talks.remove(talk);
        talks.add(talk); // the list is in the order of the last packet
        talk.lastSeen = now;
        if (packet.transport() == Transport.TCP) {
            talk.reset |= (packet.flags() & IpHeaders.RST) != 0;
            if ((packet.flags() & IpHeaders.FIN) != 0) {
                talk.finished.put(packet.from(), true);
            }
        }
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
