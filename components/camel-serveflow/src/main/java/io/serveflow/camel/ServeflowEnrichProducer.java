/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.support.Shared;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Keeps the verdicts of a {@link FlowBatch}, which passes as it is; adds theirs to the records in
 * any other body: text with a record a line, bytes, a stream or file of those, a map, or a list of
 * these. Records without a verdict pass as they are.
 *
 * <p>Records of one body wait for their verdicts at the same time, and the body leaves when all of
 * them have one or have waited.
 */
public class ServeflowEnrichProducer extends DefaultAsyncProducer {

    private static final JsonFactory JSON = new JsonFactory();
    private static final ObjectMapper MAPPER = new JsonMapper();

    private final ServeflowEnrichEndpoint endpoint;
    private Optional<Shared.Use<ServeflowEnrichComponent.Window>> use = Optional.empty();
    private volatile VerdictWindow verdicts;
    private Ledger ledger;

    public ServeflowEnrichProducer(final ServeflowEnrichEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        final Shared.Use<ServeflowEnrichComponent.Window> begun =
                endpoint.getComponent().acquire(endpoint.getName(), endpoint.bounds());
        use = Optional.of(begun);
        ledger = endpoint.getComponent().account();
        verdicts = begun.value().verdicts();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        use.ifPresent(Shared.Use::release);
        use = Optional.empty();
    }

    @Override
    public boolean process(final Exchange exchange, final AsyncCallback callback) {
        final CompletableFuture<Object> enriched;
        try {
            final Object body = exchange.getMessage().getBody();
            if (body instanceof FlowBatch batch) {
                keep(batch);
                callback.done(true);
                return true;
            }
            enriched = enriched(body, exchange);
        } catch (final RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        final boolean done = enriched.isDone();
        enriched.whenComplete(
                (body, error) -> {
                    if (error == null) {
                        exchange.getMessage().setBody(body);
                    } else {
                        exchange.setException(
                                error instanceof CompletionException ? error.getCause() : error);
                    }
                    callback.done(done);
                });
        return done;
    }

    private void keep(final FlowBatch flows) {
        for (final String task : flows.tasks()) {
            final FlowBatch answered = flows.of(task);
            for (int i = 0; i < answered.size(); i++) {
                if (answered.hasVerdict(i)) {
                    final FlowRecord flow = answered.record(i);
                    verdicts.put(
                            flow.id().observer(),
                            flow.id().uid(),
                            flow.communityId(),
                            flow.startMicros(),
                            given(flow, answered.verdict(i)));
                }
            }
        }
    }

    private static VerdictWindow.Given given(final FlowRecord flow, final Verdict verdict) {
        final StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("task", verdict.bundle().task());
            json.writeStringField("label", verdict.label());
            json.writeNumberField("confidence", Math.round(verdict.confidence() * 1e6) / 1e6);
            json.writeStringField("tier", verdict.tier());
            json.writeStringField("stage", verdict.stage().id());
            json.writeBooleanField("final", verdict.isFinal());
            json.writeStringField("verdict_id", VerdictDocument.id(flow, verdict));
            json.writeObjectFieldStart("bundle");
            json.writeStringField("name", verdict.bundle().name());
            json.writeStringField("version", verdict.bundle().version());
            json.writeEndObject();
            json.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return new VerdictWindow.Given(
                verdict.bundle().task(), verdict.isFinal(), verdict.stage().id(), text.toString());
    }

    private CompletableFuture<Object> enriched(final Object body, final Exchange exchange) {
        if (body instanceof Collection<?> records) {
            return all(records.stream().map(record -> enriched(record, exchange)).toList());
        }
        if (body instanceof Map<?, ?> map) {
            return enrichedMap(map);
        }
        if (body instanceof String text) {
            return enrichedText(text).thenApply(Object.class::cast);
        }
        if (body instanceof byte[] bytes) {
            return enrichedText(new String(bytes, StandardCharsets.UTF_8))
                    .thenApply(text -> text.getBytes(StandardCharsets.UTF_8));
        }
        if (body instanceof InputStream || body instanceof WrappedFile) {
            return enrichedText(
                            exchange.getContext()
                                    .getTypeConverter()
                                    .convertTo(String.class, exchange, body))
                    .thenApply(Object.class::cast);
        }
        throw new IllegalArgumentException(
                endpoint
                        + " takes a FlowBatch, whose verdicts it keeps, or records as text, bytes,"
                        + " stream, file, Map or a list of those as body, was "
                        + (body == null ? "empty" : body.getClass().getName()));
    }

    private static CompletableFuture<Object> all(final List<CompletableFuture<Object>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(
                        nothing -> {
                            final List<Object> ended = new ArrayList<>(parts.size());
                            parts.forEach(part -> ended.add(part.join()));
                            return ended;
                        });
    }

    private CompletableFuture<Object> enrichedMap(final Map<?, ?> map) {
        final String line;
        try {
            line = new String(JsonLine.of(map), StandardCharsets.UTF_8);
        } catch (final BadLineException e) {
            missed(Reason.ENRICH_NO_KEY);
            return CompletableFuture.completedFuture(map);
        }
        return verdict(line)
                .thenApply(
                        given -> {
                            if (given.isEmpty()) {
                                return map;
                            }
                            final Map<Object, Object> copy = new LinkedHashMap<>(map);
                            copy.put(endpoint.getField(), tree(given.get().json()));
                            return copy;
                        });
    }

    private static Map<?, ?> tree(final String json) {
        try {
            return MAPPER.readValue(json, Map.class);
        } catch (final JsonProcessingException e) {
            throw new UncheckedIOException("it was written here", e);
        }
    }

    /** The lines of a text, each with its line end as it was. */
    private CompletableFuture<String> enrichedText(final String text) {
        if (text.indexOf('\n') < 0) {
            return enrichedLine(text);
        }
        final List<CompletableFuture<Object>> lines = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            final int end = text.indexOf('\n', from);
            final String line = text.substring(from, end < 0 ? text.length() : end);
            final String after = end < 0 ? "" : "\n";
            lines.add(
                    (line.isBlank() ? CompletableFuture.completedFuture(line) : enrichedLine(line))
                            .thenApply(enriched -> enriched + after));
            from += line.length() + after.length();
        }
        return all(lines)
                .thenApply(
                        parts ->
                                ((List<?>) parts)
                                        .stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining()));
    }

    /** The line with the verdict behind its last field; all before it stays as it is. */
    private CompletableFuture<String> enrichedLine(final String line) {
        return verdict(line)
                .thenApply(
                        given -> {
                            if (given.isEmpty()) {
                                return line;
                            }
                            final int end = line.lastIndexOf('}');
                            return line.substring(0, end)
                                    + ",\""
                                    + new String(
                                            JsonStringEncoder.getInstance()
                                                    .quoteAsString(endpoint.getField()))
                                    + "\":"
                                    + given.get().json()
                                    + line.substring(end);
                        });
    }

    private CompletableFuture<Optional<VerdictWindow.Given>> verdict(final String line) {
        final Optional<FlowReference> reference = FlowReference.of(line);
        if (reference.isEmpty()) {
            missed(Reason.ENRICH_NO_KEY);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (!reference.get().transported()) {
            missed(Reason.ENRICH_OTHER_TRANSPORT);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return verdicts.find(reference.get(), endpoint.getTask())
                .thenApply(
                        answer -> {
                            answer.missed().ifPresent(this::missed);
                            answer.given()
                                    .ifPresent(
                                            given ->
                                                    ledger.add(
                                                            Ledger.Entry.ENRICHED,
                                                            given.stage(),
                                                            1));
                            return answer.given();
                        });
    }

    private void missed(final Reason reason) {
        ledger.add(Ledger.Entry.ENRICH_MISSED, reason, 1);
    }
}
