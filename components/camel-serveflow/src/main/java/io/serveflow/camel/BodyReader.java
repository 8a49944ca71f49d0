/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.SensorMessage;
import io.serveflow.sensor.line.BadLineException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/**
 * Reads the body of a message as flow records, whatever a route has made of it: records, lines of a
 * sensor as text, bytes, stream, file or map, or a list of those.
 *
 * <p>Each body is an input of its own: packets of one flow belong into one body. Of a body with
 * records of several stages, those of the stage that is wanted most are given; flows that have none
 * of that stage are counted as {@link Ledger.Entry#SKIPPED}.
 *
 * <p>Safe for use by many threads.
 */
final class BodyReader {

    /** The detail under which flows are counted that a body holds only at another stage. */
    static final String OTHER_STAGE = "other_stage";

    private static final String TAKEN =
            "a FlowBatch, a FlowRecord or a list of them, or what a sensor wrote as String, byte[],"
                    + " InputStream, Reader, File, Path, Map or a list of those";

    private final FlowAssembler.Options options;
    private final List<FlowRecord.Stage> stages;
    private final int maxRecords;
    private final Ledger ledger;

    /**
     * @param options what flows are made of, where lines carry packets, and whose records are that
     *     name no sensor
     * @param stages the stages of records that are of use, the best first
     * @param maxRecords most records that a body may have
     * @param ledger where is counted what is skipped
     */
    BodyReader(
            final FlowAssembler.Options options,
            final List<FlowRecord.Stage> stages,
            final int maxRecords,
            final Ledger ledger) {
        this.options = Objects.requireNonNull(options, "options");
        this.stages = List.copyOf(stages);
        this.maxRecords = maxRecords;
        this.ledger = Objects.requireNonNull(ledger, "ledger");
    }

    /**
     * The flows in the body of the exchange; none if its lines are about something else.
     *
     * @throws BadLineException if a line cannot be read; nothing of the body is used then
     * @throws IOException if a file or stream fails
     * @throws IllegalArgumentException if the body is of a kind that cannot be read
     */
    FlowBatch read(final Exchange exchange) throws IOException, BadLineException {
        final Object body = exchange.getMessage().getBody();
        if (body instanceof FlowBatch batch) {
            return batch;
        }
        if (body instanceof FlowRecord record) {
            return FlowBatch.of(record);
        }
        final SensorMessage message = new SensorMessage(options, maxRecords, ledger);
        if (!one(body, exchange, message)) {
            if (body instanceof Collection<?> list) {
                all(list.iterator(), exchange, message);
            } else if (body instanceof Object[] array) {
                all(Arrays.asList(array).iterator(), exchange, message);
            } else if (body instanceof Iterator<?> iterator) {
                all(iterator, exchange, message);
            } else {
                throw new IllegalArgumentException(
                        "the body must be " + TAKEN + "; was " + named(body));
            }
        }
        return batch(message.records());
    }

    private void all(
            final Iterator<?> elements, final Exchange exchange, final SensorMessage message)
            throws IOException, BadLineException {
        for (int i = 1; elements.hasNext(); i++) {
            final Object element = elements.next();
            if (!one(element, exchange, message)) {
                throw new IllegalArgumentException(
                        "the body must be "
                                + TAKEN
                                + "; element "
                                + i
                                + " of the list was "
                                + named(element));
            }
        }
    }

    private static String named(final Object body) {
        return body == null ? "empty" : "a " + body.getClass().getName();
    }

    /** Takes a body or an element of one that is no list; false if it is of no use. */
    private static boolean one(
            final Object body, final Exchange exchange, final SensorMessage message)
            throws IOException, BadLineException {
        if (body instanceof byte[] bytes) {
            message.read(bytes);
        } else if (body instanceof String text) {
            message.read(text.getBytes(StandardCharsets.UTF_8));
        } else if (body instanceof Map<?, ?> map) {
            message.read(JsonLine.of(map));
        } else if (body instanceof FlowRecord record) {
            message.add(record);
        } else if (body instanceof InputStream in) {
            stream(in, in, message);
        } else if (body instanceof Reader reader) {
            stream(reader, new EncodedInput(reader), message);
        } else if (body instanceof Path path) {
            file(path, message);
        } else if (body instanceof File file) {
            file(file.toPath(), message);
        } else if (body instanceof WrappedFile<?> wrapped) {
            return one(
                    wrapped.getFile() instanceof File file ? file : wrapped.getBody(),
                    exchange,
                    message);
        } else {
            return converted(body, exchange, message);
        }
        return true;
    }

    /** A cached stream is rewound, so that the body is whole for whoever handles a failure. */
    private static void stream(final Object body, final InputStream in, final SensorMessage message)
            throws IOException, BadLineException {
        try {
            message.read(in);
        } finally {
            if (body instanceof StreamCache cache) {
                cache.reset();
            } else {
                in.close();
            }
        }
    }

    private static void file(final Path file, final SensorMessage message)
            throws IOException, BadLineException {
        try (InputStream in = Files.newInputStream(file)) {
            message.read(in);
        }
    }

    /** Takes whatever else the context knows how to read as a stream, such as a JsonNode. */
    private static boolean converted(
            final Object body, final Exchange exchange, final SensorMessage message)
            throws IOException, BadLineException {
        if (body == null || body instanceof Collection || body instanceof Iterator) {
            return false;
        }
        final InputStream in =
                exchange.getContext()
                        .getTypeConverter()
                        .tryConvertTo(InputStream.class, exchange, body);
        if (in == null) {
            return false;
        }
        stream(body, in, message);
        return true;
    }

    private FlowBatch batch(final List<FlowRecord> records) {
        if (records.isEmpty()) {
            return FlowBatch.empty(stages.get(0));
        }
        for (final FlowRecord.Stage stage : stages) {
            final List<FlowRecord> chosen =
                    records.stream().filter(record -> record.stage() == stage).toList();
            if (!chosen.isEmpty()) {
                countOthers(records, chosen);
                return FlowBatch.of(chosen);
            }
        }
        return FlowBatch.of(
                records.stream()
                        .filter(record -> record.stage() == records.get(0).stage())
                        .toList());
    }

    private void countOthers(final List<FlowRecord> records, final List<FlowRecord> chosen) {
        if (chosen.size() == records.size()) {
            return;
        }
        final Set<FlowId> flows = new HashSet<>();
        chosen.forEach(record -> flows.add(record.id()));
        long others = 0;
        for (final FlowRecord record : records) {
            others += flows.add(record.id()) ? 1 : 0;
        }
        if (others > 0) {
            ledger.add(Ledger.Entry.SKIPPED, OTHER_STAGE, others);
        }
    }
}
