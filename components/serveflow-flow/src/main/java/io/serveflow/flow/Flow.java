/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.flow;

/**
 * A flow that the assembler knows. Its context is let go once it is written; what stays is what
 * tells later packets of the flow from new flows.
 */
final class Flow extends FlowQueue.Member {

    private static final int ORIGINATOR_SENT = 0x01;
    private static final int RESPONDER_SENT = 0x02;
    private static final int ORIGINATOR_FINISHED = 0x04;
    private static final int RESPONDER_FINISHED = 0x08;
    private static final int RESET = 0x10;
    private static final int ESTABLISHED = 0x20;
    private static final int ORIGINATOR_NUMBERED = 0x40;
    private static final int RESPONDER_NUMBERED = 0x80;

    /** The originator's number is known from what the responder acknowledged. */
    private static final int INFERRED = 0x100;

    private static final int ORIGINATOR_ACKNOWLEDGED = 0x200;

    /** Data that a client may have sent with its SYN (RFC 7413). */
    private static final int MOST_DATA_OF_SYN = 65_535;

    /** Ports below are assigned to services (RFC 6335). */
    private static final int SYSTEM_PORTS_END = 1_024;

    private static final int BOTH_SENT = ORIGINATOR_SENT | RESPONDER_SENT;
    private static final int BOTH_FINISHED = ORIGINATOR_FINISHED | RESPONDER_FINISHED;

    final int hash;
    final String name;
    final int protocol;
    final long originatorHigh;
    final long originatorLow;
    final int originatorPort;
    final long responderHigh;
    final long responderLow;
    final int responderPort;

    final long startMicros;

    /** How many flows with the same endpoints were before it at the same moment. */
    final int generation;

    long lastSeen;

    /** Whose timeout holds, and so in which queue the flow is. */
    FlowState state;

    /** What has been seen of it. */
    private int seen;

    /** Initial sequence numbers, where they are known. */
    private int originatorNumber;

    private int responderNumber;

    /** What the context record will be made of, null once it is written. */
    FlowContext context;

    Flow(
            final FlowKey key,
            final boolean sentByResponder,
            final long startMicros,
            final int generation) {
        hash = key.hash;
        name = key.name;
        protocol = key.protocol;
        originatorHigh = sentByResponder ? key.destinationHigh : key.sourceHigh;
        originatorLow = sentByResponder ? key.destinationLow : key.sourceLow;
        originatorPort = sentByResponder ? key.destinationPort : key.sourcePort;
        responderHigh = sentByResponder ? key.sourceHigh : key.destinationHigh;
        responderLow = sentByResponder ? key.sourceLow : key.destinationLow;
        responderPort = sentByResponder ? key.sourcePort : key.destinationPort;
        state = key.isTcp() ? FlowState.TCP_NEW : FlowState.UDP_NEW;
        this.startMicros = startMicros;
        this.generation = generation;
    }

    /** Whether a packet with this key belongs to the flow, in either direction. */
    boolean matches(final FlowKey key) {
        if (hash != key.hash || !name.equals(key.name)) {
            return false;
        }
        return !name.isEmpty()
                || protocol == key.protocol
                        && (isOriginator(key.sourceHigh, key.sourceLow, key.sourcePort)
                                        && isResponder(
                                                key.destinationHigh,
                                                key.destinationLow,
                                                key.destinationPort)
                                || isResponder(key.sourceHigh, key.sourceLow, key.sourcePort)
                                        && isOriginator(
                                                key.destinationHigh,
                                                key.destinationLow,
                                                key.destinationPort));
    }

    /** Whether the originator sent the packet with this key. */
    boolean sentByOriginator(final FlowKey key) {
        return isOriginator(key.sourceHigh, key.sourceLow, key.sourcePort);
    }

    /** Whether the originator comes before the responder in the order of {@link FlowKey}. */
    boolean originatorIsLower() {
        return FlowKey.isLower(
                originatorHigh,
                originatorLow,
                originatorPort,
                responderHigh,
                responderLow,
                responderPort);
    }

    /**
     * Whether it is UDP between two ports of which none is a client's, such as NetBIOS and DHCP:
     * after a silence either end may open the next exchange.
     */
    boolean isAmongServers() {
        return switch (state) {
            case TCP_NEW, TCP_ESTABLISHED, TCP_CLOSED -> false;
            case UDP_NEW, UDP_ESTABLISHED ->
                    originatorPort == responderPort
                            || originatorPort < SYSTEM_PORTS_END
                                    && responderPort < SYSTEM_PORTS_END;
        };
    }

    /** Whether TCP has closed the flow: a reset, or no more data from both sides. */
    boolean closed() {
        return has(RESET) || (seen & BOTH_FINISHED) == BOTH_FINISHED;
    }

    /**
     * Whether a SYN without ACK opens another connection between the same endpoints, and is not
     * that of this one once more.
     *
     * @param number its sequence number
     */
    boolean isReopenedBySyn(final boolean fromOriginator, final int number) {
        if (fromOriginator && has(INFERRED)) {
            return originatorNumber != number; // or it is the flow's own SYN that came late
        }
        if (closed() || isNumbered(fromOriginator) && number(fromOriginator) != number) {
            return true;
        }
        if (isNumbered(fromOriginator) && number != 0) {
            return false; // a copy of the flow's own SYN that came late
        }
        // Numbers are unknown, or all 0 as in captures that somebody made up.
        return has(ESTABLISHED) && (has(BOTH_FINISHED) || !isNumbered(fromOriginator));
    }

    /**
     * The same for a SYN with ACK, as where the SYN before it was not captured. A server may answer
     * each SYN of a connection with another number, so that this alone says nothing where both
     * sides are seen.
     *
     * @param acknowledged its acknowledgement number
     */
    boolean isReopenedBySynAck(
            final boolean fromOriginator, final int number, final int acknowledged) {
        final boolean again = isNumbered(fromOriginator) && number(fromOriginator) == number;
        final boolean over = has(RESET | BOTH_FINISHED);
        return !again
                && !answersSyn(fromOriginator, acknowledged)
                && has(ESTABLISHED)
                && (over || (seen & BOTH_SENT) != BOTH_SENT);
    }

    /** Whether a SYN with ACK is for the flow's own SYN, behind which it may have come late. */
    private boolean answersSyn(final boolean fromOriginator, final int acknowledged) {
        return isNumbered(!fromOriginator)
                && number(!fromOriginator) != 0
                && number(!fromOriginator) == acknowledged - 1;
    }

    /** The state whose timeout holds when the sensor says that the flow is over. */
    FlowState stateWhenOver() {
        return switch (state) {
            case TCP_NEW, TCP_ESTABLISHED, TCP_CLOSED -> FlowState.TCP_CLOSED;
            case UDP_NEW, UDP_ESTABLISHED -> FlowState.UDP_NEW;
        };
    }

    /** Notes that a packet of UDP came; returns the flow's state then. */
    FlowState noteDatagram(final boolean fromOriginator) {
        seen |= fromOriginator ? ORIGINATOR_SENT : RESPONDER_SENT;
        return (seen & BOTH_SENT) == BOTH_SENT ? FlowState.UDP_ESTABLISHED : FlowState.UDP_NEW;
    }

    /**
     * Notes what a packet of TCP says; returns the flow's state then.
     *
     * @param number its sequence number, if it is a SYN or a reset
     * @param acknowledged its acknowledgement number, if it is that and has ACK
     */
    FlowState noteSegment(
            final int tcpFlags,
            final boolean fromOriginator,
            final int number,
            final int acknowledged) {
        if ((tcpFlags & IpHeaders.RST) != 0) {
            if (isResetBy(tcpFlags, fromOriginator, number, acknowledged)) {
                seen |= RESET;
            }
        } else {
            if ((tcpFlags & IpHeaders.SYN) != 0) {
                noteNumbers(tcpFlags, fromOriginator, number, acknowledged);
            } else if (has(BOTH_SENT) && (tcpFlags & IpHeaders.ACK) != 0) {
                seen |= ESTABLISHED;
            }
            if (fromOriginator && (tcpFlags & IpHeaders.ACK) != 0) {
                seen |= ORIGINATOR_ACKNOWLEDGED;
            }
        }
        seen |= fromOriginator ? ORIGINATOR_SENT : RESPONDER_SENT;
        if ((tcpFlags & IpHeaders.FIN) != 0) {
            seen |= fromOriginator ? ORIGINATOR_FINISHED : RESPONDER_FINISHED;
        }
        if (closed()) {
            return FlowState.TCP_CLOSED;
        }
        return has(ESTABLISHED) ? FlowState.TCP_ESTABLISHED : FlowState.TCP_NEW;
    }

    /**
     * Whether a reset ends the flow. While the originator waits for the answer to its SYN, a reset
     * that does not acknowledge the SYN is nothing to it, and one of its own with another number
     * refuses what came of an older connection: it goes on waiting, and sends the SYN again (RFC
     * 9293, 3.5.1 and 3.10.7.3).
     */
    private boolean isResetBy(
            final int tcpFlags,
            final boolean fromOriginator,
            final int number,
            final int acknowledged) {
        final boolean waiting =
                has(ORIGINATOR_NUMBERED)
                        && !has(RESPONDER_NUMBERED | ORIGINATOR_ACKNOWLEDGED)
                        && originatorNumber != 0;
        if (!waiting) {
            return true;
        }
        if (fromOriginator) {
            final int sent = number - originatorNumber;
            return sent >= 0 && sent <= 1 + MOST_DATA_OF_SYN;
        }
        return (tcpFlags & IpHeaders.ACK) != 0 && acknowledged - originatorNumber > 0;
    }

    private void noteNumbers(
            final int tcpFlags,
            final boolean fromOriginator,
            final int number,
            final int acknowledged) {
        if (fromOriginator) {
            originatorNumber = number;
            seen = seen & ~INFERRED | ORIGINATOR_NUMBERED;
        } else {
            responderNumber = number;
            seen |= RESPONDER_NUMBERED;
            if ((tcpFlags & IpHeaders.ACK) != 0 && !has(ORIGINATOR_NUMBERED)) {
                originatorNumber = acknowledged - 1;
                seen |= ORIGINATOR_NUMBERED | INFERRED;
            }
        }
    }

    private boolean isNumbered(final boolean originator) {
        return has(originator ? ORIGINATOR_NUMBERED : RESPONDER_NUMBERED);
    }

    private int number(final boolean originator) {
        return originator ? originatorNumber : responderNumber;
    }

    /** Whether any of these has been seen. */
    private boolean has(final int sights) {
        return (seen & sights) != 0;
    }

    private boolean isOriginator(final long high, final long low, final int port) {
        return originatorLow == low && originatorPort == port && originatorHigh == high;
    }

    private boolean isResponder(final long high, final long low, final int port) {
        return responderLow == low && responderPort == port && responderHigh == high;
    }
}
