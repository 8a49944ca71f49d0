/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.support.ExchangeEnd;
import io.serveflow.camel.support.ServeflowBeans;
import io.serveflow.camel.support.Shared;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.verdict.HostDocument;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.VerdictWriter;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.support.DefaultAsyncProducer;
import org.elasticsearch.client.RestClient;

/**
 * Sends the verdicts of a {@link FlowBatch}, those of all its tasks, or those on hosts in a list,
 * and ends the exchange when every one of them has been indexed or kept as a dead letter.
 *
 * <p>{@link #process} waits while {@code maxInFlight} requests are under way and another one has
 * gathered, against the custom of asynchronous producers: this wait holds up the source that calls
 * it, and so nothing between source and server grows without bound. The rest of the exchange runs
 * on a thread of the pool {@code ServeflowIndex}.
 */
class ServeflowIndexProducer extends DefaultAsyncProducer {

    /** The property of an exchange that holds the text of the streams in its body. */
    private static final String READ = "CamelServeflowIndexRead";

    /** How long requests that are under way may take to end when the producer stops. */
    private static final int DRAIN_SECONDS = 10;

    private final ServeflowIndexEndpoint endpoint;
    private Optional<Shared.Use<RestClient>> client = Optional.empty();
    private volatile BulkDelivery delivery;
    private Clock clock;
    private ScheduledExecutorService scheduler;
    private ExecutorService continuations;
    private Optional<ServeflowIndexHealthCheck> healthCheck = Optional.empty();

    ServeflowIndexProducer(final ServeflowIndexEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public boolean process(final Exchange exchange, final AsyncCallback callback) {
        final List<IndexDocument> documents;
        try {
            if (!isRunAllowed()) {
                throw new RejectedExecutionException(endpoint + " is not running");
            }
            documents = ofProfile(documents(exchange));
        } catch (final RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        ExchangeEnd.after(delivery.index(documents), exchange, callback, continuations);
        return false;
    }

    /** Why documents are held or were given up, or empty. */
    Optional<String> trouble() {
        return delivery.trouble();
    }

    /** How many documents are held because the server does not take them. */
    long heldDocuments() {
        return delivery.heldDocuments();
    }

    /** For how long documents have been held without a break, nanoseconds. */
    long heldNanos() {
        return delivery.heldNanos();
    }

    @Override
    public ServeflowIndexEndpoint getEndpoint() {
        return endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        final ServeflowIndexComponent component = endpoint.getComponent();
        final ServeflowIndexConfiguration configuration = endpoint.getConfiguration();
        final DeadLetterSink deadLetters =
                ServeflowBeans.deadLetters(
                        "serveflow-index",
                        component.account(),
                        endpoint.getDeadLetters(),
                        component.getDeadLetters());
        final Shared.Use<RestClient> use = component.client(configuration.connection());
        client = Optional.of(use);
        clock = Objects.requireNonNullElseGet(component.getClock(), Clock::systemUTC);
        final ExecutorServiceManager executors =
                endpoint.getCamelContext().getExecutorServiceManager();
        scheduler = executors.newSingleThreadScheduledExecutor(this, "ServeflowIndexRetry");
        continuations = executors.newCachedThreadPool(this, "ServeflowIndex");
        delivery =
                new BulkDelivery(
                        store(use.value(), configuration),
                        configuration.deliveryOptions(),
                        scheduler,
                        System::nanoTime,
                        component.account(),
                        deadLetters);
        component.opened(delivery);
        endpoint.started(this);
        final WritableHealthCheckRepository checks =
                HealthCheckHelper.getHealthCheckRepository(
                        endpoint.getCamelContext(),
                        "producers",
                        WritableHealthCheckRepository.class);
        if (checks != null) {
            final ServeflowIndexHealthCheck check = new ServeflowIndexHealthCheck(endpoint);
            check.setEnabled(component.isHealthCheckProducerEnabled());
            checks.addHealthCheck(check);
            healthCheck = Optional.of(check);
        }
    }

    @Override
    protected void doStop() throws Exception {
        healthCheck.ifPresent(
                check ->
                        HealthCheckHelper.getHealthCheckRepository(
                                        endpoint.getCamelContext(),
                                        "producers",
                                        WritableHealthCheckRepository.class)
                                .removeHealthCheck(check));
        healthCheck = Optional.empty();
        endpoint.stopping(this);
        // It was not opened if the start failed.
        if (delivery != null) {
            // What is under way may end, or it would count as returned though it is stored.
            delivery.drain();
            delivery.awaitDrained(DRAIN_SECONDS, TimeUnit.SECONDS);
            delivery.close();
            endpoint.getComponent().closed(delivery);
            final ExecutorServiceManager executors =
                    endpoint.getCamelContext().getExecutorServiceManager();
            executors.shutdown(scheduler);
            executors.shutdown(continuations);
        }
        client.ifPresent(Shared.Use::release);
        client = Optional.empty();
        super.doStop();
    }

    private List<IndexDocument> ofProfile(final List<IndexDocument> documents) {
        return switch (endpoint.getConfiguration().profiled()) {
            case ECS -> documents;
            case MALCOLM -> documents.stream().map(MalcolmDocument::of).toList();
        };
    }

    private DocumentStore store(
            final RestClient connected, final ServeflowIndexConfiguration configuration) {
        final IndexProfile profile = configuration.profiled();
        final Optional<TemplateInstaller> templates =
                configuration.isInstallTemplates()
                        ? Optional.of(new TemplateInstaller(connected, profile))
                        : Optional.empty();
        return switch (profile) {
            case ECS ->
                    new ElasticDataStream(
                            connected,
                            configuration.getDataStream(),
                            System::nanoTime,
                            clock,
                            templates);
            case MALCOLM ->
                    new DailyIndices(
                            connected, configuration.getDataStream(), templates, continuations);
        };
    }

    /** The documents of all verdicts; none is sent if one cannot be made. */
    private List<IndexDocument> documents(final Exchange exchange) {
        final Object body = exchange.getMessage().getBody();
        final Instant created = clock.instant();
        if (body instanceof FlowBatch batch) {
            return documents(batch, created);
        }
        if (body instanceof Collection<?> hosts
                && !hosts.isEmpty()
                && hosts.stream().allMatch(HostVerdict.class::isInstance)) {
            return hosts.stream()
                    .map(HostVerdict.class::cast)
                    .map(
                            host ->
                                    new IndexDocument(
                                            HostDocument.id(host),
                                            HostDocument.json(host, created),
                                            TimeUnit.MICROSECONDS.toMillis(host.lastMicros())))
                    .toList();
        }
        if (body instanceof Collection<?> letters
                && !letters.isEmpty()
                && letters.stream().allMatch(DeadLetter.class::isInstance)) {
            return letters.stream()
                    .map(letter -> KeptDocument.of(((DeadLetter) letter).payload()))
                    .toList();
        }
        final Object kept = kept(exchange);
        final List<IndexDocument> written = new ArrayList<>();
        if (kept instanceof Collection<?> parts
                && !parts.isEmpty()
                && parts.stream().allMatch(part -> written(part, exchange, written))
                && !written.isEmpty()) {
            return written;
        }
        if (!(kept instanceof Collection) && written(kept, exchange, written)) {
            return written;
        }
        throw new IllegalArgumentException(
                endpoint
                        + " takes a FlowBatch, a list of HostVerdicts, one of DeadLetters that"
                        + " hold documents, or documents themselves as text, bytes, stream, file,"
                        + " Map or a list of those as body, was "
                        + (body == null ? "empty" : body.getClass().getName()));
    }

    /**
     * The body, in which streams that can be read once only have become their text. A redelivery,
     * to which Camel brings the body back that it had, is given the same text, and not the end of
     * the stream.
     */
    private static Object kept(final Exchange exchange) {
        final Object body = exchange.getMessage().getBody();
        final boolean many = body instanceof Collection;
        if (many
                ? ((Collection<?>) body).stream().noneMatch(ServeflowIndexProducer::isReadOnce)
                : !isReadOnce(body)) {
            return body;
        }
        if (exchange.getProperty(READ) instanceof ReadOnce before && before.body == body) {
            return before.text.orElseThrow(
                    () ->
                            new IllegalStateException(
                                    "the stream in the body broke off when it was read first, and"
                                            + " can be read once only"));
        }
        exchange.setProperty(READ, new ReadOnce(body, Optional.empty()));
        final Object text =
                many
                        ? ((Collection<?>) body).stream().map(part -> text(part, exchange)).toList()
                        : text(body, exchange);
        exchange.setProperty(READ, new ReadOnce(body, Optional.of(text)));
        return text;
    }

    /** A body with streams that are read by now, and what they held; empty if one broke off. */
    private record ReadOnce(Object body, Optional<Object> text) {}

    private static boolean isReadOnce(final Object body) {
        return body instanceof WrappedFile<?> file
                ? isReadOnce(file.getBody())
                : body instanceof InputStream && !(body instanceof StreamCache);
    }

    private static Object text(final Object part, final Exchange exchange) {
        return isReadOnce(part)
                ? exchange.getContext().getTypeConverter().convertTo(String.class, exchange, part)
                : part;
    }

    /** Adds documents that are written already, one a line or one a map; false if it is neither. */
    private static boolean written(
            final Object body, final Exchange exchange, final List<IndexDocument> into) {
        if (body instanceof Map<?, ?> map) {
            into.add(KeptDocument.of(map));
            return true;
        }
        if (!(body instanceof String
                || body instanceof byte[]
                || body instanceof InputStream
                || body instanceof WrappedFile)) {
            return false;
        }
        exchange.getContext()
                .getTypeConverter()
                .convertTo(String.class, exchange, body)
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> into.add(KeptDocument.of(line)));
        return true;
    }

    private static List<IndexDocument> documents(final FlowBatch batch, final Instant created) {
        final List<IndexDocument> documents = new ArrayList<>(batch.size());
        final VerdictWriter writer = new VerdictWriter();
        if (batch.tasks().size() < 2) {
            add(documents, writer, batch, created);
        } else {
            for (final String task : batch.tasks()) {
                add(documents, writer, batch.of(task), created);
            }
        }
        return documents;
    }

    private static void add(
            final List<IndexDocument> documents,
            final VerdictWriter writer,
            final FlowBatch batch,
            final Instant created) {
        for (int i = 0; i < batch.size(); i++) {
            final VerdictWriter.Document document =
                    writer.write(batch.record(i), batch.verdict(i), created);
            documents.add(
                    new IndexDocument(
                            document.id(),
                            document.json(),
                            TimeUnit.MICROSECONDS.toMillis(batch.record(i).startMicros())));
        }
    }
}
