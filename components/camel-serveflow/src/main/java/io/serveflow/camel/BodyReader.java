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
import java.util.stream.BaseStream;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/**
 * Reads the body of a message as flow records, whatever a route has made of it: records, lines of a
 * sensor as text, bytes, stream, file or map, or a list of those.
 *
 * <p>Each body is an input of its own: packets of one flow belong into one body. Of a body with
 * records of several stages, those of the stage that is wanted most are given; flows that have none
 * of that stage are counted as {@link Ledger.Entry#SKIPPED}, and so is a body of no bytes.
 *
 * <p>Safe for use by many threads.
 */
final class BodyReader {

    /** The detail under which flows are counted that a body holds only at another stage. */
    static final String OTHER_STAGE = "other_stage";

    /** The detail under which bodies are counted that have no line and no record. */
    static final String EMPTY_BODY = "empty_body";

    /** The property of an exchange that holds what its body was read as. */
    private static final String READ = "CamelServeflowRead";

    private static final String TAKEN =
            "a FlowBatch, a FlowRecord or a list of them, or what a sensor wrote as String,"
                    + " byte[], InputStream, Reader, File, Path, Map or a list of those";

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
     * The flows in the body of the exchange; none if its lines are about something else. Of a body
     * that can be read once only, such as a stream that is not cached, a redelivery gets the same
     * as the first try, as Camel brings the body back that it had.
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
        if (exchange.getProperty(READ) instanceof ReadOnce before && before.body == body) {
            return before.again(this);
        }
        final Reading reading = new Reading(exchange);
        try {
            final FlowBatch batch = reading.read(body);
            if (reading.once) {
                exchange.setProperty(READ, new ReadOnce(this, body, batch, null));
            }
            return batch;
        } catch (final BadLineException | IOException | RuntimeException e) {
            if (reading.once) {
                exchange.setProperty(READ, new ReadOnce(this, body, null, e));
            }
            throw e;
        }
    }

    private static boolean isArray(final byte[] text) {
        int at = 0;
        while (at < text.length && Character.isWhitespace(text[at])) {
            at++;
        }
        return at < text.length && text[at] == '[';
    }

    private static String named(final Object body) {
        return body == null ? "empty" : "a " + body.getClass().getName();
    }

    /**
     * What a body that can be read once only was read as.
     *
     * @param batch null if it was refused
     * @param refusal null if it was not
     */
    private record ReadOnce(BodyReader reader, Object body, FlowBatch batch, Exception refusal) {

        private FlowBatch again(final BodyReader asking) throws IOException, BadLineException {
            if (asking != reader) {
                throw new IllegalStateException(
                        "the body, "
                                + named(body)
                                + ", was read by another endpoint before and can be read once"
                                + " only; turn on streamCaching, or convert it to a String before");
            }
            if (refusal instanceof BadLineException e) {
                throw e;
            }
            if (refusal instanceof IOException e) {
                throw e;
            }
            if (refusal instanceof RuntimeException e) {
                throw e;
            }
            return batch;
        }
    }

    /** One body being read. */
    private final class Reading {

        private final Exchange exchange;
        private final SensorMessage message = new SensorMessage(options, maxRecords, ledger);

        /** Whether something was read that cannot be read again. */
        private boolean once;

        private Reading(final Exchange exchange) {
            this.exchange = exchange;
        }

        private FlowBatch read(final Object body) throws IOException, BadLineException {
            if (body instanceof Collection<?> list
                    && !list.isEmpty()
                    && list.stream().allMatch(FlowBatch.class::isInstance)) {
                return joined(list.stream().map(FlowBatch.class::cast).toList());
            }
            if (!one(body)) {
                if (body instanceof Collection<?> list) {
                    all(list.iterator());
                } else if (body instanceof Object[] array) {
                    all(Arrays.asList(array).iterator());
                } else if (body instanceof Iterator<?> iterator) {
                    once = true;
                    all(iterator);
                } else {
                    throw new IllegalArgumentException(
                            "the body must be " + TAKEN + "; was " + named(body));
                }
            }
            final List<FlowRecord> records = message.records();
            if (message.isEmpty()) {
                ledger.add(Ledger.Entry.SKIPPED, EMPTY_BODY, 1);
            }
            return batch(records);
        }

        private FlowBatch joined(final List<FlowBatch> batches) {
            final List<FlowBatch> filled =
                    batches.stream().filter(batch -> !batch.isEmpty()).toList();
            final long size = filled.stream().mapToLong(FlowBatch::size).sum();
            if (size > maxRecords) {
                throw new IllegalArgumentException(
                        "the batches in the list hold "
                                + size
                                + " records, more than the "
                                + maxRecords
                                + " that maxRecords allows; aggregate fewer");
            }
            return filled.isEmpty() ? batches.get(0) : FlowBatch.joined(filled);
        }

        private void all(final Iterator<?> elements) throws IOException, BadLineException {
            for (int i = 1; elements.hasNext(); i++) {
                final Object element = elements.next();
                if (!one(element)) {
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

        /** Takes a body or an element of one that is no list; false if it is of no use. */
        private boolean one(final Object body) throws IOException, BadLineException {
            if (body instanceof byte[] bytes) {
                text(bytes);
            } else if (body instanceof String text) {
                text(text.getBytes(StandardCharsets.UTF_8));
            } else if (body instanceof Map<?, ?> map) {
                message.read(JsonLine.of(map));
            } else if (body instanceof FlowRecord record) {
                message.add(record);
            } else if (body instanceof InputStream in) {
                stream(in, in);
            } else if (body instanceof Reader reader) {
                stream(reader, new EncodedInput(reader));
            } else if (body instanceof Path path) {
                file(path);
            } else if (body instanceof File file) {
                file(file.toPath());
            } else if (body instanceof WrappedFile<?> wrapped) {
                return one(wrapped.getFile() instanceof File file ? file : wrapped.getBody());
            } else {
                return converted(body);
            }
            return true;
        }

        private void text(final byte[] bytes) throws BadLineException {
            try {
                message.read(bytes);
            } catch (final BadLineException e) {
                if (e.number() == 1 && isArray(bytes)) {
                    throw new BadLineException(
                            BadLineException.BAD_JSON,
                            "the body is a JSON array; let unmarshal().json() make a list of it"
                                    + " before");
                }
                throw e;
            }
        }

        /** A cached stream is rewound, so that the body is whole for whoever handles a failure. */
        private void stream(final Object body, final InputStream in)
                throws IOException, BadLineException {
            once |=
                    (body instanceof InputStream
                                    || body instanceof Reader
                                    || body instanceof BaseStream)
                            && !(body instanceof StreamCache);
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

        private void file(final Path file) throws IOException, BadLineException {
            try (InputStream in = Files.newInputStream(file)) {
                message.read(in);
            }
        }

        /** Takes whatever else the context knows how to read as a stream, such as a JsonNode. */
        private boolean converted(final Object body) throws IOException, BadLineException {
            if (body == null
                    || body instanceof Collection
                    || body instanceof Iterator
                    || body instanceof FlowBatch) {
                return false;
            }
            final InputStream in =
                    exchange.getContext()
                            .getTypeConverter()
                            .tryConvertTo(InputStream.class, exchange, body);
            if (in == null) {
                return false;
            }
            stream(body, in);
            return true;
        }
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
