/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.capture;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.CaptureStream;
import io.serveflow.sensor.packet.LinkLayer;
import io.serveflow.sensor.packet.LinkTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The flow records of a capture, taken packet by packet, for whoever has to know when each packet
 * came: pcap (micro- and nanoseconds, both byte orders, modified) or pcapng, gzip-compressed or
 * not, detected by its first bytes and read in constant memory.
 *
 * <p>A capture that is cut off or damaged ends there with a dead letter ({@code truncated_capture}
 * or {@code corrupt_capture}), after all that was whole before. A link type that cannot be read
 * costs its own packets and one dead letter. Records are counted as {@link Ledger.Entry#EVENTS},
 * packets without a flow as {@link Ledger.Entry#SKIPPED}. Not safe for use by more than one thread.
 */
final class PacketCapture implements CaptureStream {

    private static final String NOT_IP = "not_ip";
    private static final String UNKNOWN_LINK_TYPE = "unknown_link_type";
    private static final String UNDEFINED_INTERFACE = "undefined_interface";

    private final String file;
    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final CaptureReader capture;
    private final FlowAssembler assembler;
    private final Set<Integer> refusedLinkTypes = new HashSet<>();
    private final Set<CaptureReader.Oddity> reported = EnumSet.noneOf(CaptureReader.Oddity.class);
    private long packets;

    /**
     * Opens a capture.
     *
     * @param out takes the records before {@link #take}, {@link #elapse} or {@link #finish} returns
     * @throws IOException if the file cannot be read or is no capture; one sentence that names it
     */
    PacketCapture(
            final Path file,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final Consumer<FlowRecord> out)
            throws IOException {
        this(file.toString(), CaptureReader.open(file), options, ledger, deadLetters, out);
    }

    /**
     * Opens a capture in a stream, which is closed with this one.
     *
     * @param name what messages call it
     * @param out takes the records before {@link #take}, {@link #elapse} or {@link #finish} returns
     * @throws IOException if it cannot be read or is no capture
     */
    PacketCapture(
            final String name,
            final InputStream in,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final Consumer<FlowRecord> out)
            throws IOException {
        this(
                name,
                CaptureReader.open(name, CaptureInput.open(name, in)),
                options,
                ledger,
                deadLetters,
                out);
    }

    private PacketCapture(
            final String name,
            final CaptureReader capture,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters,
            final Consumer<FlowRecord> out) {
        Objects.requireNonNull(out, "out");
        this.file = Objects.requireNonNull(name, "name");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.deadLetters = Objects.requireNonNull(deadLetters, "deadLetters");
        this.assembler =
                new FlowAssembler(
                        options,
                        ledger,
                        record -> {
                            ledger.add(Ledger.Entry.EVENTS, PcapFormat.ID, 1);
                            out.accept(record);
                        });
        this.capture = capture;
    }

    @Override
    public boolean next() throws IOException {
        try {
            if (capture.next()) {
                packets++;
                if (!capture.oddities().isEmpty()) {
                    capture.oddities().forEach(this::report);
                }
                return true;
            }
            capture.damage().ifPresent(damage -> giveUp(DamagedCaptureException.TRUNCATED, damage));
            capture.leftover().ifPresent(what -> deadLetter(packets + 1, "bad_gzip", what));
        } catch (final DamagedCaptureException e) {
            final String cause = capture.damage().map(damage -> ", " + damage).orElse("");
            giveUp(e.reason(), e.getMessage() + cause);
        }
        return false;
    }

    @Override
    public long timeMicros() {
        return capture.timeMicros();
    }

    @Override
    public long packets() {
        return packets;
    }

    @Override
    public void take() {
        final int linkType = capture.linkType();
        if (!LinkLayer.isKnown(linkType)) {
            refuse(linkType);
            return;
        }
        final int ip =
                LinkLayer.ipOffset(
                        linkType,
                        capture.bytes(),
                        capture.offset(),
                        capture.captured(),
                        capture.wireLength());
        if (ip == LinkLayer.NO_IP) {
            ledger.add(Ledger.Entry.SKIPPED, NOT_IP, 1);
            return;
        }
        final int linkHeader = ip - capture.offset();
        assembler.packet(
                capture.timeMicros(),
                capture.bytes(),
                ip,
                capture.captured() - linkHeader,
                capture.wireLength() - linkHeader);
    }

    private void report(final CaptureReader.Oddity oddity) {
        ledger.add(Ledger.Entry.UNKNOWN_VALUES, oddity.id(), 1);
        if (reported.add(oddity)) {
            deadLetters.notice(
                    file
                            + switch (oddity) {
                                case UNROUNDED_LENGTH ->
                                        " has blocks whose length is no multiple of 4, the first"
                                                + " at packet "
                                                + packets
                                                + "; they are read as if it were rounded up";
                                case WITHOUT_TIME ->
                                        " has packets without a time, the first is packet "
                                                + packets
                                                + "; each is given that of the packet before it,"
                                                + " so waits and pauses between them are not known";
                            });
        }
    }

    private void refuse(final int linkType) {
        final boolean undefined = linkType == CaptureReader.UNDEFINED_INTERFACE;
        final String reason = undefined ? UNDEFINED_INTERFACE : UNKNOWN_LINK_TYPE;
        ledger.add(Ledger.Entry.SKIPPED, reason, 1);
        if (refusedLinkTypes.add(linkType)) {
            deadLetter(
                    packets,
                    reason,
                    undefined
                            ? "Packet "
                                    + packets
                                    + " of "
                                    + file
                                    + " names an interface that the capture does not describe;"
                                    + " such packets are skipped."
                            : "Packet "
                                    + packets
                                    + " of "
                                    + file
                                    + " has link type "
                                    + LinkTypes.name(linkType)
                                    + ", which cannot be read; its packets are skipped.");
        }
    }

    private void giveUp(final String reason, final String why) {
        deadLetter(
                packets + 1,
                reason,
                "Nothing after packet " + packets + " could be read, because " + why + ".");
    }

    private void deadLetter(final long packet, final String reason, final String detail) {
        deadLetters.accept(new DeadLetter(file, packet, reason, detail, ""));
    }

    @Override
    public void elapse(final long micros) {
        assembler.elapse(micros);
    }

    @Override
    public void finish() {
        assembler.finish();
    }

    @Override
    public void close() throws IOException {
        capture.close();
    }
}
