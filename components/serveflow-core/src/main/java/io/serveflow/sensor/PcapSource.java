/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/**
 * The flow records of a capture: pcap (micro- and nanoseconds, both byte orders, modified) or
 * pcapng, gzip'd or not, told by its first bytes and read in constant memory.
 *
 * <p>A capture that is cut off or damaged ends there with a dead letter ({@code truncated_capture}
 * or {@code corrupt_capture}), after all that was whole before. A link type that cannot be read
 * costs its own packets and one dead letter. Records are counted as {@link Ledger.Entry#EVENTS},
 * packets without a flow as {@link Ledger.Entry#SKIPPED}.
 */
public final class PcapSource implements FlowRecordSource {

    private static final String NOT_IP = "not_ip";
    private static final String UNKNOWN_LINK_TYPE = "unknown_link_type";
    private static final String UNDEFINED_INTERFACE = "undefined_interface";

    private final Path file;
    private final Ledger ledger;
    private final DeadLetterSink deadLetters;
    private final CaptureReader capture;
    private final FlowAssembler assembler;
    private final Queue<FlowRecord> ready = new ArrayDeque<>();
    private final Set<Integer> refusedLinkTypes = new HashSet<>();
    private long packets;
    private boolean ended;

    /**
     * Opens a capture.
     *
     * @throws IOException if the file cannot be read or is no capture; one sentence that names it
     */
    public PcapSource(
            final Path file,
            final FlowAssembler.Options options,
            final Ledger ledger,
            final DeadLetterSink deadLetters)
            throws IOException {
        this.file = Objects.requireNonNull(file, "file");
        this.ledger = Objects.requireNonNull(ledger, "ledger");
        this.deadLetters = Objects.requireNonNull(deadLetters, "deadLetters");
        this.assembler = new FlowAssembler(options, ledger, ready::add);
        this.capture = CaptureReader.open(file);
    }

    @Override
    public Optional<FlowRecord> next() throws IOException {
        while (ready.isEmpty() && !ended) {
            if (advance()) {
                takeFrame();
            } else {
                ended = true;
                assembler.finish();
            }
        }
        final Optional<FlowRecord> next = Optional.ofNullable(ready.poll());
        if (next.isPresent()) {
            ledger.add(Ledger.Entry.EVENTS, SensorFormat.PCAP.id(), 1);
        }
        return next;
    }

    /** Goes on to the next frame; false at the end, be it the proper one or not. */
    private boolean advance() throws IOException {
        try {
            if (capture.next()) {
                packets++;
                return true;
            }
            capture.damage().ifPresent(damage -> giveUp(DamagedCaptureException.TRUNCATED, damage));
        } catch (final DamagedCaptureException e) {
            final String cause = capture.damage().map(damage -> ", " + damage).orElse("");
            giveUp(e.reason(), e.getMessage() + cause);
        }
        return false;
    }

    private void takeFrame() {
        final int linkType = capture.linkType();
        if (!LinkLayer.isKnown(linkType)) {
            refuse(linkType);
            return;
        }
        final int ip =
                LinkLayer.ipOffset(linkType, capture.bytes(), capture.offset(), capture.captured());
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

    private void refuse(final int linkType) {
        final boolean undefined = linkType == CaptureReader.UNDEFINED_INTERFACE;
        final String reason = undefined ? UNDEFINED_INTERFACE : UNKNOWN_LINK_TYPE;
        ledger.add(Ledger.Entry.SKIPPED, reason, 1);
        if (refusedLinkTypes.add(linkType)) {
            bury(
                    packets,
                    reason,
                    undefined
                            ? "Packet "
                                    + packets
                                    + " of "
                                    + file
                                    + " names an interface that the capture does not describe;"
                                    + " such packets are passed over."
                            : "Packet "
                                    + packets
                                    + " of "
                                    + file
                                    + " has link type "
                                    + linkType
                                    + ", which cannot be read; its packets are passed over.");
        }
    }

    private void giveUp(final String reason, final String why) {
        bury(
                packets + 1,
                reason,
                "Nothing after packet "
                        + packets
                        + " of "
                        + file
                        + " could be read, because "
                        + why
                        + ".");
    }

    private void bury(final long packet, final String reason, final String detail) {
        deadLetters.accept(new DeadLetter(file.toString(), packet, reason, detail, ""));
    }

    @Override
    public void close() throws IOException {
        capture.close();
    }
}
