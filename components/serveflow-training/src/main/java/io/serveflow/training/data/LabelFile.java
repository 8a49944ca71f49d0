/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.Transport;
import io.serveflow.training.notice.Notices;
import io.serveflow.training.notice.TrainingException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A CSV file with a header that says which flows of which captures are what.
 *
 * <p>Needs the columns {@code pcap, ts_first, proto, src_ip, src_port, dst_ip, dst_port} and {@code
 * label}, unless a class map says the label by other columns; {@code ts_first} is seconds since the
 * epoch. {@code group} is optional, without it every capture is its own group. {@code source_label}
 * is optional too: a finer label, such as the application of a service. Other columns are not read.
 *
 * @param rows the rows that could be read, in order
 * @param unreadable how many could not
 * @param unmatched how many could and are of no class of the class map
 */
record LabelFile(List<LabelRow> rows, int unreadable, int unmatched) {

    private static final List<String> NEEDED =
            List.of("pcap", "ts_first", "proto", "src_ip", "src_port", "dst_ip", "dst_port");

    /**
     * Reads a labels file. A row that cannot be read is counted and reported, and the rest goes on.
     *
     * @throws TrainingException if the file cannot be opened, lacks a column or holds no row
     */
    static LabelFile read(final Path file, final LabelChoice choice, final Notices notices) {
        final CsvRows<Optional<LabelRow>> read =
                CsvRows.read(
                        "labels file",
                        file,
                        choice.needed(NEEDED),
                        notices,
                        row -> row(row, choice));
        final List<LabelRow> rows = read.rows().stream().flatMap(Optional::stream).toList();
        return new LabelFile(rows, read.unreadable(), read.rows().size() - rows.size());
    }

    /** What a row means; nothing if it is of no class. */
    private static Optional<LabelRow> row(final CsvRows.Row row, final LabelChoice choice) {
        final String capture = row.cell("pcap");
        final long start = micros(row.cell("ts_first"));
        final String source = row.cell("src_ip");
        final FlowTuple tuple =
                new FlowTuple(
                        Transport.named(row.cell("proto"), IpAddress.isIpv6(source)),
                        canonical(source),
                        port(row, "src_port"),
                        canonical(row.cell("dst_ip")),
                        port(row, "dst_port"));
        return choice.label(row)
                .map(
                        label ->
                                new LabelRow(
                                        row.line(),
                                        capture,
                                        start,
                                        tuple,
                                        label,
                                        choice.application(row),
                                        choice.group(row).orElse(capture)));
    }

    private static int port(final CsvRows.Row row, final String name) {
        final String value = row.cell(name);
        try {
            return Integer.parseInt(value);
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException(
                    "column " + name + " must be 0 to 65535, was '" + value + "'", e);
        }
    }

    private static long micros(final String seconds) {
        try {
            return new BigDecimal(seconds)
                    .movePointRight(6)
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
        } catch (final ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "column ts_first must be seconds since 1970, was '" + seconds + "'", e);
        }
    }

    /** The form in which the core writes an address, for two spellings of one to be equal. */
    private static String canonical(final String address) {
        final byte[] bytes = IpAddress.parse(address);
        return IpAddress.format(bytes, 0, bytes.length);
    }
}
