/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.training.notice.Notices;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads flows of which only the payload sizes are known: a CSV file, or a gzip-compressed one, with
 * a row a flow.
 *
 * <p>{@code signed_sizes} are the bytes of each payload, apart by spaces, positive from the
 * originator; {@code proto} is {@code tcp} or {@code udp}, {@code tcp} where it is missing. The
 * label and the group are as in every labels file; where there is no group, flows that begin with
 * the same {@value #ALIKE} sizes are one, so that no model is tested on a flow that it knows the
 * beginning of.
 *
 * <p>A row becomes a context record whose packets have IPv4 and TCP or UDP headers, zero but for
 * what says their length, and all came at once.
 */
final class SizeSequences {

    private static final String SIZES = "signed_sizes";
    private static final int ALIKE = 12;
    private static final int MOST_SIZE = 65_000;
    private static final int IP_HEADER = 20;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;

    private SizeSequences() {}

    private record Sequence(
            long line,
            Transport transport,
            int[] sizes,
            Optional<String> label,
            String application,
            String group) {}

    /**
     * Reads the flows.
     *
     * @param packets how many sizes of a flow are kept
     * @throws TrainingException if no row can be used
     */
    static LabelledCaptures read(
            final Path file,
            final LabelChoice choice,
            final int packets,
            final String observer,
            final TrainingListener listener) {
        final Notices notices = new Notices(listener);
        final CsvRows<Sequence> rows =
                CsvRows.read(
                        "file of size sequences",
                        file,
                        choice.needed(List.of(SIZES)),
                        notices,
                        row -> sequence(row, choice));
        notices.finish();
        final List<LabelledFlow> flows = new ArrayList<>();
        for (final Sequence row : rows.rows()) {
            row.label()
                    .ifPresent(
                            label ->
                                    flows.add(
                                            new LabelledFlow(
                                                    record(row, packets, observer),
                                                    label,
                                                    row.application(),
                                                    row.group(),
                                                    file.getFileName().toString())));
        }
        final int unmatched = rows.rows().size() - flows.size();
        LabelChoice.tellUnmatched(unmatched, rows.rows().size(), listener);
        if (flows.isEmpty()) {
            throw new TrainingException(
                    "No row of " + file + " is of a class of the class map; check both.");
        }
        return new LabelledCaptures(
                List.copyOf(flows),
                new LabelledCaptures.Counts(
                        rows.rows().size(), rows.unreadable(), unmatched, 1, 0, 0, 0, 0, 0),
                DataKind.SEQUENCES);
    }

    private static Sequence sequence(final CsvRows.Row row, final LabelChoice choice) {
        final int[] sizes =
                Arrays.stream(row.cell(SIZES).split(" +")).mapToInt(SizeSequences::size).toArray();
        return new Sequence(
                row.line(),
                transport(row.find("proto").orElse("tcp")),
                sizes,
                choice.label(row),
                choice.application(row),
                choice.group(row).orElseGet(() -> beginning(sizes)));
    }

    private static int size(final String word) {
        try {
            final int size = Integer.parseInt(word);
            if (size != 0 && Math.abs(size) <= MOST_SIZE) {
                return size;
            }
        } catch (final NumberFormatException e) {
            throw wrongSize(word, e);
        }
        throw wrongSize(word, null);
    }

    private static IllegalArgumentException wrongSize(final String word, final Exception cause) {
        return new IllegalArgumentException(
                "column "
                        + SIZES
                        + " must hold numbers from -"
                        + MOST_SIZE
                        + " to "
                        + MOST_SIZE
                        + " other than 0, was '"
                        + word
                        + "'",
                cause);
    }

    private static Transport transport(final String name) {
        return switch (name) {
            case "tcp", "TCP" -> Transport.TCP;
            case "udp", "UDP" -> Transport.UDP;
            default ->
                    throw new IllegalArgumentException(
                            "column proto must be tcp or udp, was '" + name + "'");
        };
    }

    private static String beginning(final int[] sizes) {
        return Arrays.stream(sizes)
                .limit(ALIKE)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(" "));
    }

    private static FlowRecord record(final Sequence row, final int most, final String observer) {
        final byte[] headers = headers(row.transport());
        final Packets.Builder packets = new Packets.Builder();
        for (int i = 0; i < Math.min(most, row.sizes().length); i++) {
            final int size = row.sizes()[i];
            final int length = headers.length + Math.abs(size);
            ByteBuffer.wrap(headers).putShort(2, (short) length);
            packets.add(0, size > 0, length, headers, 0, headers.length);
        }
        return new FlowRecord(
                new FlowId(observer, "line" + row.line()),
                new FlowTuple(row.transport(), "192.0.2.1", 0, "203.0.113.1", 0),
                "",
                0,
                FlowRecord.Stage.CONTEXT,
                row.sizes().length >= most ? FlowRecord.End.DEPTH : FlowRecord.End.END,
                packets.build(),
                0);
    }

    private static byte[] headers(final Transport transport) {
        final boolean tcp = transport == Transport.TCP;
        final byte[] headers = new byte[IP_HEADER + (tcp ? TCP_HEADER : UDP_HEADER)];
        headers[0] = 0x45;
        headers[9] = (byte) transport.number();
        if (tcp) {
            headers[IP_HEADER + 12] = TCP_HEADER / 4 << 4;
        }
        return headers;
    }
}
