/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.serveflow.batch.FlowBatch;
import io.serveflow.verdict.HostDocument;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.VerdictWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The documents of the verdicts in a message body, the same that {@code serveflow-index:} creates:
 * of the flows of a batch, or of hosts.
 */
final class VerdictBody {

    /** Made when the first map is asked for, as most routes ask for none. */
    private static final class Maps {
        static final ObjectReader READER =
                new ObjectMapper().readerFor(new TypeReference<Map<String, Object>>() {});
    }

    private VerdictBody() {}

    /** Whether every flow of a batch has a verdict; also true of a batch without flows. */
    static boolean isAnswered(final FlowBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.hasVerdict(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a document a line, UTF-8, each line with its end.
     *
     * @param created when the documents are made
     * @throws IllegalArgumentException if the body holds no verdicts
     * @throws IllegalStateException if a flow has no verdict yet
     */
    static void write(final Object body, final Instant created, final OutputStream out)
            throws IOException {
        for (final byte[] document : documents(body, created)) {
            out.write(document);
            out.write('\n');
        }
    }

    /** The same as an array of bytes. */
    static byte[] lines(final FlowBatch batch, final Instant created) {
        final ByteArrayOutputStream lines = new ByteArrayOutputStream();
        try {
            write(batch, created, lines);
        } catch (final IOException e) {
            throw new UncheckedIOException("an array of bytes does not fail", e);
        }
        return lines.toByteArray();
    }

    /** The documents as maps of maps, in the order of the flows. */
    static List<Map<String, Object>> maps(final FlowBatch batch, final Instant created) {
        final List<Map<String, Object>> maps = new ArrayList<>(batch.size());
        for (final byte[] document : documents(batch, created)) {
            try {
                maps.add(Maps.READER.readValue(document));
            } catch (final IOException e) {
                throw new UncheckedIOException("a document is JSON", e);
            }
        }
        return maps;
    }

    private static List<byte[]> documents(final Object body, final Instant created) {
        if (body instanceof FlowBatch batch) {
            final VerdictWriter writer = new VerdictWriter();
            final List<byte[]> documents = new ArrayList<>(batch.size());
            for (int i = 0; i < batch.size(); i++) {
                documents.add(writer.write(batch.record(i), batch.verdict(i), created).json());
            }
            return documents;
        }
        if (body instanceof HostVerdict host) {
            return List.of(HostDocument.json(host, created));
        }
        if (body instanceof Collection<?> hosts
                && hosts.stream().allMatch(HostVerdict.class::isInstance)) {
            return hosts.stream()
                    .map(host -> HostDocument.json((HostVerdict) host, created))
                    .toList();
        }
        throw new IllegalArgumentException(
                "the data format serveflow writes verdicts: a FlowBatch, as serveflow:TIER leaves"
                        + " it, or HostVerdicts; the body was "
                        + (body == null ? "empty" : "a " + body.getClass().getName()));
    }
}
