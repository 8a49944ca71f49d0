/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.cascade.ContextJoin;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.Bundles;
import io.serveflow.model.TierScorer;
import io.serveflow.model.TierSpec;
import io.serveflow.remote.RemoteModel;
import io.serveflow.remote.server.Batching;
import io.serveflow.remote.server.InferenceServer;
import io.serveflow.remote.server.ServedModel;
import io.serveflow.remote.server.ServerTls;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.testing.tls.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tier that a real server scores, by the option {@code endpoints}. */
class RemoteTierTest {

    private static final String HOST = "127.0.0.1";
    private static final String PATIENT = "&deadline=30000";

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private final Bundles bundles = new Bundles();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private ProducerTemplate template;

    @BeforeEach
    void start() {
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry().bind("bundles", bundles);
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        context.close();
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void shouldAnswerAsInTheProcess() throws Exception {
        final int port = serve(0, "service-slow");

        final FlowBatch there = ask("serveflow:slow", "&endpoints=" + HOST + ":" + port);

        final FlowBatch here = ask("serveflow:slow", "");
        assertThat(there.size()).isEqualTo(here.size()).isGreaterThan(100);
        for (int i = 0; i < here.size(); i++) {
            assertThat(there.verdict(i).label()).isEqualTo(here.verdict(i).label());
            assertThat(there.verdict(i).confidence()).isEqualTo(here.verdict(i).confidence());
        }
    }

    @Test
    void shouldAskAServerThatShowsACertificate(@TempDir final Path folder) throws Exception {
        final Certificate certificate = Certificate.valid(folder);
        final int port = serve(certificate, Optional.empty());

        final FlowBatch answered =
                ask("serveflow:slow", trusting(port, certificate) + PATIENT, answered());

        assertThat(answered.verdict(0).tier()).isEqualTo("slow");
        assertThat(reasons(answered)).doesNotContain(ContextJoin.SLOW_UNAVAILABLE);
    }

    @Test
    void shouldShowItsCertificateToAServerThatAsksForOne(@TempDir final Path folder)
            throws Exception {
        final Certificate certificate = Certificate.valid(folder);
        final int port = serve(certificate, Optional.of(certificate.authority()));

        final FlowBatch unknown =
                ask("serveflow:slow", trusting(port, certificate) + "&deadline=1000", answered());
        final FlowBatch known =
                ask(
                        "serveflow:slow",
                        trusting(port, certificate)
                                + PATIENT
                                + "&certificate="
                                + certificate.chain()
                                + "&privateKey="
                                + certificate.key(),
                        answered());

        assertThat(reasons(unknown)).containsOnly(ContextJoin.SLOW_UNAVAILABLE);
        assertThat(known.verdict(0).tier()).isEqualTo("slow");
        assertThat(reasons(known)).doesNotContain(ContextJoin.SLOW_UNAVAILABLE);
    }

    @Test
    void shouldNameTheOptionThatIsMissingForAServerWithACertificate(@TempDir final Path folder)
            throws Exception {
        final int port = serve(Certificate.valid(folder), Optional.empty());

        assertThatThrownBy(
                        () ->
                                ask(
                                        "serveflow:slow",
                                        "&deadline=1000&endpoints=" + HOST + ":" + port))
                .hasStackTraceContaining("set the option tls");
    }

    private static String trusting(final int port, final Certificate certificate) {
        return "&tls=true&endpoints="
                + HOST
                + ":"
                + port
                + "&trustedCertificates="
                + certificate.authority();
    }

    @Test
    void shouldKeepTheFastAnswerWhileNoServerIsThereAndAskItWhenItIs() throws Exception {
        final int port = freePort();
        final String remote = "&endpoints=" + HOST + ":" + port + "&deadline=100&openFor=50";

        final FlowBatch without = ask("serveflow:slow", remote, answered());

        assertThat(reasons(without)).containsOnly(ContextJoin.SLOW_UNAVAILABLE);
        assertThat(without.verdict(0).isFinal()).isTrue();
        assertThat(without.verdict(0).tier()).isEqualTo("fast");
        assertThat(ledger.byDetail(Ledger.Entry.FELL_BACK))
                .containsEntry("service/tier_failed", (long) without.size());
        serve(port, "service-slow");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(
                                                ask("serveflow:slow", remote, answered())
                                                        .verdict(0)
                                                        .tier())
                                        .isEqualTo("slow"));
    }

    @Test
    void shouldNotCountRecordsAsDroppedOfABatchThatComesAgain() throws Exception {
        final FlowRecord whole = Samples.records(FlowRecord.Stage.CONTEXT).get(0);
        final FlowBatch unanswered = FlowBatch.of(List.of(whole, cut(whole)));

        assertThatThrownBy(
                        () ->
                                ask(
                                        "serveflow:slow",
                                        "&endpoints=" + HOST + ":" + freePort() + "&deadline=100",
                                        unanswered))
                .hasStackTraceContaining(HOST);

        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    private static FlowRecord cut(final FlowRecord whole) {
        return new FlowRecord(
                whole.id(),
                whole.tuple(),
                whole.communityId(),
                whole.startMicros(),
                whole.stage(),
                FlowRecord.End.DEPTH,
                whole.packets().first(2),
                whole.readNanos());
    }

    @Test
    void shouldNotStartBesideAnotherModel() throws Exception {
        final int port = serve(0, "service-fast");

        assertThatThrownBy(
                        () ->
                                ask(
                                        "serveflow:slow",
                                        "&endpoints="
                                                + HOST
                                                + ":"
                                                + port
                                                + "&remoteModel=service-fast"))
                .hasStackTraceContaining(
                        "model service-fast of " + HOST + ":" + port + " is not the tier's");
        assertThat(bundles.inUse()).isEmpty();
    }

    @Test
    void shouldSayWhereEachTierIsScored() throws Exception {
        final int port = serve(0, "service-slow");

        ask("serveflow:slow", "&endpoints=" + HOST + ":" + port);
        ask("serveflow:slow", "");

        final List<TierPlacement> placements =
                context.getComponent("serveflow", ServeflowComponent.class).placements();
        assertThat(placements)
                .extracting(TierPlacement::task, TierPlacement::tier, TierPlacement::scorers)
                .containsExactly(
                        tuple(
                                "service",
                                "slow",
                                List.of(new TierPlacement.Scorer(HOST + ":" + port, "connected"))),
                        tuple("service", "slow", List.of(new TierPlacement.Scorer("cpu", ""))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "endpoints=nowhere | endpoints: an address must be HOST:PORT, was nowhere",
                "endpoints=a:1,a:1 | addresses [a:1, a:1] name one twice",
                "endpoints=a:1&deadline=0 | deadline must be 1 to 60000 ms, was 0",
                "endpoints=a:1&maxInFlight=0 | maxInFlight must be 1 to 65536, was 0",
                "endpoints=a:1&maxRows=70000 | maxRows must be 1 to 65536, was 70000",
                "endpoints=a:1&device=cpu | device is cpu although endpoints names servers",
                "endpoints=a:1&canary=x | canary is set although endpoints names servers",
                "endpoints=a:1&tls=true&certificate=x | certificate and privateKey must both be"
                        + " set",
                "endpoints=a:1&trustedCertificates=x | tls is false although certificates are set"
            })
    void shouldRefuseOptionsThatCannotBe(final String options, final String said) {
        assertThatThrownBy(() -> ask("serveflow:slow", "&" + options))
                .hasStackTraceContaining(said);
    }

    @Test
    void shouldSayWhichCertificateCannotBeRead(@TempDir final Path folder) throws Exception {
        final Path broken = Files.writeString(folder.resolve("ca.pem"), "no certificate");

        assertThatThrownBy(
                        () ->
                                ask(
                                        "serveflow:slow",
                                        "&endpoints=a:1&tls=true&trustedCertificates=" + broken))
                .hasStackTraceContaining("tier slow: ")
                .hasStackTraceContaining(broken.toString());
    }

    private static List<String> reasons(final FlowBatch batch) {
        final List<String> reasons = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            reasons.add(batch.verdict(i).reason());
        }
        return reasons;
    }

    /** Flows with their context that the tier before has answered. */
    private FlowBatch answered() throws Exception {
        return ask("serveflow:fast", "");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static FlowBatch contexts() throws Exception {
        return FlowBatch.of(Samples.records(FlowRecord.Stage.CONTEXT));
    }

    private FlowBatch ask(final String uri, final String options) throws Exception {
        return ask(uri, options, contexts());
    }

    private FlowBatch ask(final String uri, final String options, final FlowBatch body) {
        try {
            return template.requestBody(
                    uri + "?bundle=" + ProjectFiles.bundle("service") + options,
                    body,
                    FlowBatch.class);
        } catch (final CamelExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private int serve(final Certificate certificate, final Optional<Path> clients)
            throws Exception {
        return serve(
                new InetSocketAddress(HOST, 0),
                "service-slow",
                Optional.of(new ServerTls(certificate.chain(), certificate.key(), clients)));
    }

    private int serve(final int port, final String model) throws Exception {
        return serve(new InetSocketAddress(HOST, port), model, Optional.empty());
    }

    /** Serves a tier of the shipped bundle as a worker does; returns the port. */
    private int serve(final InetSocketAddress at, final String model, final Optional<ServerTls> tls)
            throws Exception {
        final String tier = model.substring(model.indexOf('-') + 1);
        final List<ServedModel> served = new ArrayList<>();
        final Bundle bundle =
                Bundle.load(
                        BundleFiles.in(ProjectFiles.bundle("service")),
                        new TierScorer.Provider() {
                            @Override
                            public boolean opens(final TierSpec spec) {
                                return true;
                            }

                            @Override
                            public TierScorer open(
                                    final TierSpec spec, final int classes, final byte[] content) {
                                final TierScorer scorer =
                                        TierScorer.Provider.INSTALLED.open(spec, classes, content);
                                if (spec.name().equals(tier)) {
                                    served.add(
                                            new ServedModel(
                                                    new RemoteModel(
                                                            model, scorer.columns(), classes, ""),
                                                    "1",
                                                    scorer));
                                }
                                return scorer;
                            }
                        });
        opened.push(bundle);
        final InferenceServer server =
                tls.isPresent()
                        ? InferenceServer.start(at, tls.get(), served, Batching.defaults(), "test")
                        : InferenceServer.start(at, served, Batching.defaults(), "test");
        opened.push(server);
        return server.port();
    }
}
