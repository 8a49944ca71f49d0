/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.data;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.SkippedWords;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.training.notice.DiskFailure;
import io.serveflow.training.notice.Notices;
import io.serveflow.training.notice.TrainingException;
import io.serveflow.training.notice.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Labelled flows, and how those of captures are read: as a sensor would have seen them.
 *
 * <p>A row of the labels of captures means the flow with its 5-tuple, in either direction, that
 * starts nearest to its time; a flow is meant by one row at most.
 *
 * @param flows the labelled flows, in the order of captures in the labels and of rows in them
 * @param counts what could not be used; of flows that are in no captures, the files that hold them
 *     count as captures
 * @param kind what they were read from
 */
public record LabelledCaptures(List<LabelledFlow> flows, Counts counts, DataKind kind) {

    /**
     * What went into the flows and what did not.
     *
     * @param rows readable rows of the labels file
     * @param unreadableRows rows of the labels file that could not be read
     * @param rowsWithoutClass readable rows that are of no class of the class map
     * @param captures captures read to their end
     * @param missingCaptures captures that are not in the folder or cannot be read
     * @param rowsWithoutCapture rows that mean a flow of such a capture
     * @param rowsWithoutFlow rows whose flow is not in their capture
     * @param flowsWithoutRow flows of the captures that no row means
     * @param deadLetters parts of captures that could not be read
     */
    public record Counts(
            int rows,
            int unreadableRows,
            int rowsWithoutClass,
            int captures,
            int missingCaptures,
            int rowsWithoutCapture,
            int rowsWithoutFlow,
            long flowsWithoutRow,
            long deadLetters) {}

    public static final String STEP = "reading captures";

    private static final Pattern CAPTURE =
            Pattern.compile(".*\\.(pcap|pcapng|cap)(\\.gz)?", Pattern.CASE_INSENSITIVE);

    /**
     * Reads all captures that the labels name, one after the other.
     *
     * @param options how packets become flows; the same as where the bundle will serve
     * @throws TrainingException if no row can be used
     */
    static LabelledCaptures read(
            final Path labels,
            final Path folder,
            final LabelChoice choice,
            final FlowAssembler.Options options,
            final TrainingListener listener) {
        if (!Files.isDirectory(folder)) {
            throw new TrainingException(
                    "The captures folder " + folder + " does not exist or is not a folder.");
        }
        final Notices notices = new Notices(listener);
        final LabelFile file = LabelFile.read(labels, choice, notices);
        final Reader reader = new Reader(folder, options, notices);
        final Map<String, List<LabelRow>> byCapture = new LinkedHashMap<>();
        for (final LabelRow row : file.rows()) {
            byCapture.computeIfAbsent(row.capture(), name -> new ArrayList<>()).add(row);
        }
        long done = 0;
        for (final Map.Entry<String, List<LabelRow>> capture : byCapture.entrySet()) {
            listener.progress(STEP, done++, byCapture.size());
            reader.read(capture.getKey(), capture.getValue());
        }
        listener.progress(STEP, done, byCapture.size());
        notices.finish();
        reader.tellSkipped(listener);
        LabelChoice.tellUnmatched(
                file.unmatched(), file.rows().size() + file.unmatched(), listener);
        if (reader.flowsWithoutRow > 0) {
            listener.notice(
                    reader.flowsWithoutRow
                            + " flows of the captures have no row in the labels and are left"
                            + " out.");
        }
        if (reader.flows.isEmpty()) {
            throw new TrainingException(
                    "None of the "
                            + file.rows().size()
                            + " rows of "
                            + labels
                            + " means a flow in the captures under "
                            + folder
                            + "; check that both belong together.");
        }
        return new LabelledCaptures(
                List.copyOf(reader.flows),
                new Counts(
                        file.rows().size() + file.unmatched(),
                        file.unreadable(),
                        file.unmatched(),
                        byCapture.size() - reader.missingCaptures,
                        reader.missingCaptures,
                        reader.rowsWithoutCapture,
                        reader.rowsWithoutFlow,
                        reader.flowsWithoutRow,
                        reader.ledger.total(Ledger.Entry.DEAD_LETTERED)),
                DataKind.CAPTURES);
    }

    /**
     * Reads all flows of all captures of a folder, without labels; the group of a flow is its
     * capture.
     *
     * @throws TrainingException if there is no flow
     */
    public static LabelledCaptures unlabelled(
            final Path folder,
            final FlowAssembler.Options options,
            final TrainingListener listener) {
        final Notices notices = new Notices(listener);
        final Reader reader = new Reader(folder, options, notices);
        final List<Path> files = files(folder);
        long done = 0;
        for (final Path file : files) {
            listener.progress(STEP, done++, files.size());
            reader.readAll(file);
        }
        listener.progress(STEP, done, files.size());
        notices.finish();
        reader.tellSkipped(listener);
        if (reader.flows.isEmpty()) {
            throw new TrainingException(
                    "There is no flow in the " + files.size() + " file(s) of " + folder + ".");
        }
        return new LabelledCaptures(
                List.copyOf(reader.flows),
                new Counts(
                        0,
                        0,
                        0,
                        files.size() - reader.missingCaptures,
                        reader.missingCaptures,
                        0,
                        0,
                        reader.flows.size(),
                        reader.ledger.total(Ledger.Entry.DEAD_LETTERED)),
                DataKind.CAPTURES);
    }

    private static List<Path> files(final Path folder) {
        if (Files.isRegularFile(folder)) {
            throw new TrainingException(
                    "The captures folder " + folder + " is a file; name the folder that it is in.");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> CAPTURE.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (final IOException e) {
            throw new TrainingException(
                    "The captures folder "
                            + folder
                            + " cannot be read: "
                            + DiskFailure.reason(e)
                            + ".",
                    e);
        }
    }

    private static final class Reader {

        private final Path folder;
        private final FlowAssembler.Options options;
        private final Notices notices;
        private final Ledger ledger = new Ledger();
        private final List<LabelledFlow> flows = new ArrayList<>();
        private int missingCaptures;
        private int rowsWithoutCapture;
        private int rowsWithoutFlow;
        private long flowsWithoutRow;
        private long packets;

        Reader(final Path folder, final FlowAssembler.Options options, final Notices notices) {
            this.folder = folder;
            this.options = options;
            this.notices = notices;
        }

        void read(final String capture, final List<LabelRow> rows) {
            final Map<Conversation, List<FlowRecord>> contexts = new HashMap<>();
            for (final LabelRow row : rows) {
                contexts.put(Conversation.of(row.tuple()), new ArrayList<>());
            }
            final Path file;
            try {
                file = folder.resolve(capture);
            } catch (final InvalidPathException e) {
                missing(capture, rows, "can be the name of no file (" + e.getReason() + ")");
                return;
            }
            if (!Files.isRegularFile(file)) {
                missing(capture, rows, "is not in the captures folder");
                return;
            }
            try {
                read(file, contexts);
            } catch (final IOException e) {
                missing(capture, rows, "cannot be read (" + e.getMessage() + ")");
                return;
            }
            for (final LabelRow row : rows) {
                final List<FlowRecord> candidates = contexts.get(Conversation.of(row.tuple()));
                final Optional<FlowRecord> nearest =
                        candidates.stream()
                                .min(
                                        Comparator.comparingLong(
                                                flow ->
                                                        Math.abs(
                                                                flow.startMicros()
                                                                        - row.startMicros())));
                if (nearest.isPresent()) {
                    candidates.remove(nearest.get());
                    flows.add(
                            new LabelledFlow(
                                    nearest.get(),
                                    row.label(),
                                    row.application(),
                                    row.group(),
                                    capture));
                } else {
                    rowsWithoutFlow++;
                    notices.add(
                            "rows without a flow",
                            "Line "
                                    + row.line()
                                    + " of the labels means a flow that is not in "
                                    + capture
                                    + ".");
                }
            }
            for (final List<FlowRecord> left : contexts.values()) {
                flowsWithoutRow += left.size();
            }
        }

        void readAll(final Path file) {
            final String name = file.getFileName().toString();
            try {
                read(file, context -> flows.add(new LabelledFlow(context, "", name, name)));
            } catch (final IOException e) {
                missingCaptures++;
                notices.add(
                        "missing captures",
                        "Capture " + name + " cannot be read (" + e.getMessage() + ").");
            }
        }

        private void read(final Path file, final Map<Conversation, List<FlowRecord>> contexts)
                throws IOException {
            read(
                    file,
                    flow -> {
                        final List<FlowRecord> wanted = contexts.get(Conversation.of(flow.tuple()));
                        if (wanted == null) {
                            flowsWithoutRow++;
                        } else {
                            wanted.add(flow);
                        }
                    });
        }

        private void read(final Path file, final Consumer<FlowRecord> context) throws IOException {
            try (FlowRecordSource source =
                    SensorInput.open(
                            file,
                            SensorFormats.installed().only("pcap"),
                            options,
                            ledger,
                            letter -> {
                                ledger.add(Ledger.Entry.DEAD_LETTERED, letter.reason(), 1);
                                notices.add(
                                        "unreadable parts of captures",
                                        file.getFileName() + ": " + letter.detail());
                            })) {
                for (Optional<FlowRecord> record = source.next();
                        record.isPresent();
                        record = source.next()) {
                    final FlowRecord flow = record.get();
                    if (flow.stage() == FlowRecord.Stage.CONTEXT) {
                        context.accept(flow);
                    }
                }
                packets += source.read();
            }
        }

        void tellSkipped(final TrainingListener listener) {
            new SkippedWords(ledger)
                    .next()
                    .ifPresent(
                            skipped ->
                                    listener.notice(
                                            skipped.count()
                                                    + " of "
                                                    + packets
                                                    + " packets of the captures skipped: "
                                                    + skipped.reasons()
                                                    + "."));
        }

        private void missing(final String capture, final List<LabelRow> rows, final String why) {
            missingCaptures++;
            rowsWithoutCapture += rows.size();
            notices.add(
                    "missing captures",
                    "Capture "
                            + capture
                            + " "
                            + why
                            + "; its "
                            + rows.size()
                            + " labelled flows are left out.");
        }
    }

    /** A 5-tuple without direction: the end that sorts first comes first. */
    private record Conversation(
            Transport transport, String address, int port, String otherAddress, int otherPort) {

        static Conversation of(final FlowTuple tuple) {
            final int order = tuple.originator().compareTo(tuple.responder());
            final boolean swap =
                    order > 0 || order == 0 && tuple.originatorPort() > tuple.responderPort();
            return swap
                    ? new Conversation(
                            tuple.transport(),
                            tuple.responder(),
                            tuple.responderPort(),
                            tuple.originator(),
                            tuple.originatorPort())
                    : new Conversation(
                            tuple.transport(),
                            tuple.originator(),
                            tuple.originatorPort(),
                            tuple.responder(),
                            tuple.responderPort());
        }
    }
}
