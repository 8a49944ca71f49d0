/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.feature.ContextReach;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.training.notice.Notices;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads labelled sessions, all packets of a client while it does something, as time series next to
 * a labels file.
 *
 * <p>The labels file has the column {@code file}, and {@code session} where a file holds several;
 * the label and the group are as in every labels file, and where there is no group, it is the file.
 *
 * <p>A session file, which may be gzip-compressed, has a line a packet, apart by commas: first
 * microseconds, last the length from the IP header on, positive from the client; columns between
 * them are not read. A line that begins with {@code #} begins the session of that name if the
 * labels have the column {@code session}, and is skipped if not.
 *
 * <p>A session becomes one context record without bytes, its client the originator.
 */
final class SessionFiles {

    private static final String FILE = "file";
    private static final String SESSION = "session";
    private static final String LINES = "unreadable lines of sessions";
    private static final int MOST_LENGTH = 65_535;

    private final Path folder;
    private final long readMicros;
    private final String observer;
    private final TrainingListener listener;
    private final Notices notices;

    private final List<LabelledFlow> flows = new ArrayList<>();
    private int missingFiles;
    private int rowsWithoutFile;
    private int rowsWithoutSession;
    private long sessionsWithoutRow;
    private long unreadableLines;
    private int cut;

    /**
     * @param seconds how much of a session is kept
     */
    SessionFiles(
            final Path folder,
            final int seconds,
            final String observer,
            final TrainingListener listener) {
        if (!Files.isDirectory(folder)) {
            throw new TrainingException(
                    "The sessions folder " + folder + " does not exist or is not a folder.");
        }
        this.folder = folder;
        this.readMicros = TimeUnit.SECONDS.toMicros(seconds);
        this.observer = observer;
        this.listener = listener;
        this.notices = new Notices(listener);
    }

    private record Session(
            long line,
            String file,
            String name,
            Optional<String> label,
            String application,
            String group) {}

    /**
     * Reads the sessions that a labels file names.
     *
     * @throws TrainingException if no row can be used
     */
    LabelledCaptures read(final Path labels, final LabelChoice choice) {
        final CsvRows<Session> rows =
                CsvRows.read(
                        "labels file",
                        labels,
                        choice.needed(List.of(FILE)),
                        notices,
                        row -> session(row, choice));
        final Map<String, List<Session>> byFile = new LinkedHashMap<>();
        int unmatched = 0;
        for (final Session row : rows.rows()) {
            if (row.label().isPresent()) {
                byFile.computeIfAbsent(row.file(), name -> new ArrayList<>()).add(row);
            } else {
                unmatched++;
            }
        }
        long done = 0;
        for (final Map.Entry<String, List<Session>> file : byFile.entrySet()) {
            listener.progress("reading sessions", done++, byFile.size());
            read(file.getKey(), file.getValue());
        }
        listener.progress("reading sessions", done, byFile.size());
        notices.finish();
        LabelChoice.tellUnmatched(unmatched, rows.rows().size(), listener);
        if (cut > 0) {
            listener.notice(
                    cut
                            + " sessions have more than "
                            + ContextReach.MOST_PACKETS
                            + " packets; what comes after them is left out.");
        }
        if (flows.isEmpty()) {
            throw new TrainingException(
                    "None of the "
                            + rows.rows().size()
                            + " rows of "
                            + labels
                            + " means a session under "
                            + folder
                            + "; check that both belong together.");
        }
        return new LabelledCaptures(
                List.copyOf(flows),
                new LabelledCaptures.Counts(
                        rows.rows().size(),
                        rows.unreadable(),
                        unmatched,
                        byFile.size() - missingFiles,
                        missingFiles,
                        rowsWithoutFile,
                        rowsWithoutSession,
                        sessionsWithoutRow,
                        unreadableLines),
                DataKind.SESSIONS);
    }

    private static Session session(final CsvRows.Row row, final LabelChoice choice) {
        final String file = row.cell(FILE);
        return new Session(
                row.line(),
                file,
                row.find(SESSION).orElse(""),
                choice.label(row),
                choice.application(row),
                choice.group(row).orElse(file));
    }

    private void read(final String name, final List<Session> rows) {
        final Path file = folder.resolve(name);
        final boolean several = rows.stream().anyMatch(row -> !row.name().isEmpty());
        final Map<String, Packets> found;
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(CsvRows.open(file), StandardCharsets.UTF_8))) {
            found = sessions(name, lines, several);
        } catch (final IOException e) {
            missingFiles++;
            rowsWithoutFile += rows.size();
            notices.add(
                    "missing session files",
                    "Session file "
                            + name
                            + " cannot be read ("
                            + e
                            + "); its "
                            + rows.size()
                            + " labelled sessions are left out.");
            return;
        }
        for (final Session row : rows) {
            final Packets packets = found.remove(row.name());
            if (packets == null) {
                rowsWithoutSession++;
                notices.add(
                        "rows without a session",
                        "Line "
                                + row.line()
                                + " of the labels means a session that is not in "
                                + name
                                + ".");
            } else {
                flows.add(
                        new LabelledFlow(
                                record(row, packets),
                                row.label().orElseThrow(),
                                row.application(),
                                row.group(),
                                name));
            }
        }
        sessionsWithoutRow += found.size();
    }

    /** The sessions of a file that have a packet, by their names. */
    private Map<String, Packets> sessions(
            final String name, final BufferedReader lines, final boolean several)
            throws IOException {
        final Map<String, Packets> sessions = new HashMap<>();
        final Packets.Builder packets = new Packets.Builder();
        final PacketLine packet = new PacketLine();
        String session = "";
        long began = 0;
        boolean whole = true;
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.startsWith("#")) {
                if (several) {
                    keep(sessions, session, packets);
                    session = line.substring(1).strip();
                    whole = true;
                }
            } else if (!packet.read(line)) {
                unreadableLines++;
                notices.add(
                        LINES,
                        "Line left out: "
                                + name
                                + " line "
                                + number
                                + ": it must be microseconds, ..., signed length, was '"
                                + line.substring(0, Math.min(line.length(), 40))
                                + "'");
            } else {
                began = packets.count() == 0 ? packet.micros : began;
                final long offset = Math.max(0, packet.micros - began);
                if (packets.count() == ContextReach.MOST_PACKETS) {
                    cut += whole ? 1 : 0;
                    whole = false;
                } else if (offset < readMicros) {
                    packets.add(
                            offset,
                            packet.length > 0,
                            Math.abs(packet.length),
                            PacketLine.NO_BYTES,
                            0,
                            0);
                }
            }
        }
        keep(sessions, session, packets);
        return sessions;
    }

    private static void keep(
            final Map<String, Packets> sessions, final String name, final Packets.Builder packets) {
        if (packets.count() > 0) {
            sessions.put(name, packets.build());
            packets.clear();
        }
    }

    private FlowRecord record(final Session row, final Packets packets) {
        return new FlowRecord(
                new FlowId(observer, row.file() + ":" + row.name()),
                new FlowTuple(Transport.UDP, "192.0.2.1", 0, "203.0.113.1", 0),
                "",
                0,
                FlowRecord.Stage.CONTEXT,
                FlowRecord.End.TIMEOUT,
                packets,
                0);
    }

    /** One line of a session file. */
    private static final class PacketLine {

        static final byte[] NO_BYTES = {};

        long micros;
        int length;

        /** Takes a line in; returns false if it is none of a packet. */
        boolean read(final String line) {
            final int first = line.indexOf(',');
            if (first <= 0) {
                return false;
            }
            try {
                micros = Long.parseLong(line, 0, first, 10);
                length = Integer.parseInt(line, line.lastIndexOf(',') + 1, line.length(), 10);
            } catch (final NumberFormatException e) {
                return false;
            }
            return length != 0 && Math.abs(length) <= MOST_LENGTH;
        }
    }
}
