/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.file;

import io.serveflow.batch.FlowBatch;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.verdict.HostDocument;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.VerdictDocument;
import io.serveflow.verdict.VerdictWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;

/**
 * The lines that are written of a message: the documents of all its verdicts, as Elasticsearch is
 * to have them, with their ids in {@code event.id}.
 *
 * <p>For one message and one thread.
 */
final class VerdictLines {

    private static final int TYPICAL_BYTES = 1_200;

    private final Instant created;
    private final ByteArrayOutputStream bytes;
    private int documents;

    private VerdictLines(final Instant created, final int expected) {
        this.created = created;
        this.bytes = new ByteArrayOutputStream(Math.max(1, expected) * TYPICAL_BYTES);
    }

    /**
     * The lines of a message.
     *
     * @param created when its verdicts were given
     * @throws IllegalArgumentException if its body holds no verdicts
     */
    static Lines of(final Exchange exchange, final Instant created) {
        final Object body = exchange.getMessage().getBody();
        final VerdictLines lines =
                new VerdictLines(created, body instanceof FlowBatch batch ? batch.size() : 1);
        if (!lines.add(body, exchange)) {
            throw new IllegalArgumentException(
                    "serveflow-file takes a FlowBatch, a list of HostVerdicts, one of DeadLetters"
                            + " that hold documents, or documents themselves as text, bytes or"
                            + " file, one a line, or a list of those as body (of a stream, make"
                            + " text first), was "
                            + (body == null ? "empty" : body.getClass().getName()));
        }
        return new Lines(lines.bytes.toByteArray(), lines.documents);
    }

    /** Whether the body is something that is written. */
    private boolean add(final Object body, final Exchange exchange) {
        if (body instanceof FlowBatch batch) {
            addBatch(batch);
        } else if (body instanceof HostVerdict host) {
            line(HostDocument.json(host, created));
        } else if (body instanceof DeadLetter letter) {
            written(letter.payload().getBytes(StandardCharsets.UTF_8));
        } else if (body instanceof Collection<?> parts) {
            return !parts.isEmpty() && parts.stream().allMatch(part -> add(part, exchange));
        } else if (body instanceof String
                || body instanceof byte[]
                || body instanceof WrappedFile) {
            final String text =
                    exchange.getContext()
                            .getTypeConverter()
                            .convertTo(String.class, exchange, body);
            text.lines()
                    .filter(line -> !line.isBlank())
                    .forEach(line -> written(line.getBytes(StandardCharsets.UTF_8)));
        } else {
            return false;
        }
        return true;
    }

    private void addBatch(final FlowBatch batch) {
        final VerdictWriter writer = new VerdictWriter();
        if (batch.tasks().size() < 2) {
            addTask(batch, writer);
        } else {
            batch.tasks().forEach(task -> addTask(batch.of(task), writer));
        }
    }

    private void addTask(final FlowBatch batch, final VerdictWriter writer) {
        for (int i = 0; i < batch.size(); i++) {
            line(writer.write(batch.record(i), batch.verdict(i), created).json());
        }
    }

    /** A document that was written before. */
    private void written(final byte[] document) {
        if (!VerdictDocument.isOne(document)) {
            throw new IllegalArgumentException(
                    "a line of the body is no verdict document, which is a JSON object with"
                            + " event.id and event.module serveflow");
        }
        line(document);
    }

    private void line(final byte[] document) {
        bytes.write(document, 0, document.length);
        bytes.write('\n');
        documents++;
    }
}
