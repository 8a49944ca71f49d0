/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A CSV file with a header that says which flows of which captures are what.
 *
 * <p>Needs the columns {@code pcap, ts_first, proto, src_ip, src_port, dst_ip, dst_port, label};
 * {@code ts_first} is seconds since the epoch. {@code group} is optional, without it every capture
 * is its own group. {@code source_label} is optional too: a finer label, such as the application of
 * a service. Other columns are not read.
 *
 * @param rows the rows that could be read, in order
 * @param unreadable how many could not
 */
record LabelFile(List<LabelRow> rows, int unreadable) {

    private static final List<String> NEEDED =
            List.of(
                    "pcap",
                    "ts_first",
                    "proto",
                    "src_ip",
                    "src_port",
                    "dst_ip",
                    "dst_port",
                    "label");

    private static final CsvMapper CSV =
            CsvMapper.builder()
                    .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
                    .enable(CsvParser.Feature.TRIM_SPACES)
                    .build();

    /**
     * Reads a labels file. A row that cannot be read is counted and told, and the rest goes on.
     *
     * @throws TrainingException if the file cannot be opened, lacks a column or holds no row
     */
    static LabelFile read(final Path file, final Notices notices) {
        try (InputStream in = Files.newInputStream(file);
                MappingIterator<Map<String, String>> lines =
                        CSV.readerForMapOf(String.class)
                                .with(CsvSchema.emptySchema().withHeader())
                                .readValues(in)) {
            return read(file, lines, notices);
        } catch (final IOException e) {
            throw new TrainingException(
                    "The labels file " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static LabelFile read(
            final Path file,
            final MappingIterator<Map<String, String>> lines,
            final Notices notices)
            throws IOException {
        requireColumns(file, (CsvSchema) lines.getParserSchema());
        final List<LabelRow> rows = new ArrayList<>();
        int unreadable = 0;
        for (boolean more = true; more; ) {
            long line = 0;
            String problem = "";
            try {
                more = lines.hasNextValue();
                line = lines.getCurrentLocation().getLineNr();
                if (more) {
                    rows.add(row(line, lines.nextValue()));
                }
            } catch (final JacksonException e) {
                line = e.getLocation().getLineNr();
                problem = e.getOriginalMessage();
            } catch (final IllegalArgumentException e) {
                problem = e.getMessage();
            }
            if (!problem.isEmpty()) {
                unreadable++;
                notices.add(
                        "unreadable rows",
                        "Row left out: " + file.getFileName() + " line " + line + ": " + problem);
            }
        }
        if (rows.isEmpty()) {
            throw new TrainingException(
                    "The labels file "
                            + file
                            + " holds no readable row; it needs a header and one row a flow.");
        }
        return new LabelFile(List.copyOf(rows), unreadable);
    }

    private static void requireColumns(final Path file, final CsvSchema header) {
        for (final String name : NEEDED) {
            if (header.column(name) == null) {
                throw new TrainingException(
                        "The labels file "
                                + file
                                + " has no column "
                                + name
                                + "; it needs "
                                + String.join(",", NEEDED)
                                + ".");
            }
        }
    }

    private static LabelRow row(final long line, final Map<String, String> cells) {
        final String source = cell(cells, "src_ip");
        final String capture = cell(cells, "pcap");
        return new LabelRow(
                line,
                capture,
                micros(cell(cells, "ts_first")),
                new FlowTuple(
                        Transport.named(cell(cells, "proto"), IpAddress.isIpv6(source)),
                        canonical(source),
                        port(cells, "src_port"),
                        canonical(cell(cells, "dst_ip")),
                        port(cells, "dst_port")),
                cell(cells, "label"),
                Optional.ofNullable(cells.get("source_label")).orElse(""),
                Optional.ofNullable(cells.get("group"))
                        .filter(group -> !group.isEmpty())
                        .orElse(capture));
    }

    private static String cell(final Map<String, String> cells, final String name) {
        final String value = cells.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("column " + name + " is empty");
        }
        return value;
    }

    private static int port(final Map<String, String> cells, final String name) {
        final String value = cell(cells, name);
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
