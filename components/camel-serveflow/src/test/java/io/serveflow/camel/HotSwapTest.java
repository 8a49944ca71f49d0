/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.BundleFiles;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.Bundles;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.Verdict.BundleRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles that are replaced while flows pass through a whole cascade. */
class HotSwapTest {

    private static final int SENDERS = 2;

    /** All flows are of one source here, and come as fast as they can. */
    private static final String JOIN = "serveflow-join:slow?maxSourceShare=1&targetDelay=0";

    private static final int SWAPS = 40;

    @TempDir private Path work;

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();

    /** How often each flow got a verdict that stands. */
    private final Map<String, Integer> finals = new ConcurrentHashMap<>();

    private final Map<String, BundleRef> fastest = new ConcurrentHashMap<>();
    private final Map<String, BundleRef> provisional = new ConcurrentHashMap<>();
    private final Queue<Verdict> slow = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final List<FlowRecord> firsts = new ArrayList<>();
    private final List<FlowRecord> contexts = new ArrayList<>();
    private Path bundle;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        bundle = version("used", "v0");
        firsts.addAll(Samples.records(FlowRecord.Stage.FIRST));
        contexts.addAll(Samples.records(FlowRecord.Stage.CONTEXT));
        context.getRegistry().bind("ledger", ledger);
        context.getRegistry().bind("deadLetters", DeadLetterSink.dropping(ledger));
        context.getRegistry().bind("flowParts", FlowRouting.parts());
        context.addRoutes(new Cascade());
    }

    @AfterEach
    void stop() throws Exception {
        if (template != null) {
            template.close();
        }
        context.close();
    }

    @Test
    void shouldGiveEachFlowOneVerdictThatStandsWhileBundlesAreReplaced() throws Exception {
        context.start();
        template = context.createProducerTemplate();
        final List<Path> versions = List.of(version("one", "v1"), version("two", "v2"));
        final AtomicBoolean done = new AtomicBoolean();
        final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        final List<Future<Integer>> sending = new ArrayList<>();
        try {
            for (int sender = 0; sender < SENDERS; sender++) {
                final String name = "s" + sender;
                sending.add(senders.submit(() -> send(name, done)));
            }
            for (int swap = 0; swap < SWAPS; swap++) {
                bundles().replace(bundle.toString(), Bundle.load(versions.get(swap % 2)));
            }
        } finally {
            done.set(true);
            senders.shutdown();
        }
        int sent = 0;
        for (final Future<Integer> one : sending) {
            sent += one.get();
        }

        final int flows = sent;
        // Asked for by number: a message would hold 200,000 flows each time.
        await().atMost(Duration.ofMinutes(1)).until(() -> finals.size() >= flows);
        assertThat(finals.size()).isEqualTo(flows);
        assertThat(finals.values()).containsOnly(1);
        assertThat(wrong).isEmpty();
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
        assertThat(ledger.total(Ledger.Entry.FELL_BACK)).isZero();
        assertThat(bundles().inUse()).hasSize(1);
        assertThat(bundles().current("service").orElseThrow().number()).isEqualTo(SWAPS + 1);
    }

    /** A flow may wait for its context while the bundle is replaced. */
    @Test
    void shouldSupersedeTheVerdictOfTheOlderBundle() throws Exception {
        context.start();
        template = context.createProducerTemplate();
        template.sendBody("direct:first", FlowBatch.of(named(firsts, "x")));
        final BundleRef before = bundles().current("service").orElseThrow().ref();
        assertThat(provisional).isNotEmpty();

        final BundleRef after =
                bundles().replace(bundle.toString(), Bundle.load(version("one", "v1"))).ref();
        template.sendBody("direct:contexts", FlowBatch.of(named(contexts, "x")));

        await().untilAsserted(() -> assertThat(finals).hasSize(firsts.size()));
        assertThat(provisional.values()).containsOnly(before);
        assertThat(wrong).isEmpty();
        assertThat(slow).isNotEmpty().allMatch(verdict -> verdict.bundle().equals(after));
        assertThat(slow).allMatch(verdict -> verdict.superseded().orElseThrow().equals(before));
    }

    @Test
    void shouldTakeAFolderThatHasChangedAndKeepTheBundleWhereItIsDamaged() throws Exception {
        context.getComponent("serveflow", ServeflowComponent.class).setWatch(20);
        context.start();
        template = context.createProducerTemplate();
        version("used", "v1");
        await().untilAsserted(
                        () ->
                                assertThat(ledger.byDetail(Ledger.Entry.BUNDLE_SWAPS))
                                        .containsEntry("service", 1L));

        Files.writeString(bundle.resolve("slow.onnx"), "damaged");
        version("used", "v2", "slow.onnx");
        await().untilAsserted(
                        () ->
                                assertThat(ledger.byDetail(Ledger.Entry.BUNDLES_REFUSED))
                                        .containsEntry("service/bundle_damaged", 1L));

        template.sendBody("direct:first", FlowBatch.of(named(firsts, "x")));
        assertThat(fastest.values()).extracting(BundleRef::version).containsOnly("v1");
        assertThat(bundles().inUse()).hasSize(1);
    }

    /** Nobody says when such an exchange is done, however it ends. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldKeepNoBundleForAnExchangeWithoutAUnitOfWork(final boolean readable)
            throws Exception {
        context.start();
        final AsyncProducer producer =
                context.getEndpoint("serveflow:fastest?bundle=" + bundle).createAsyncProducer();
        producer.start();
        final Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(readable ? FlowBatch.of(firsts) : new Object());

        producer.process(exchange);

        assertThat(exchange.getException() == null).isEqualTo(readable);
        bundles().replace(bundle.toString(), Bundle.load(version("one", "v1")));
        assertThat(bundles().inUse()).hasSize(1);
        producer.stop();
    }

    /** Such as memory that is short while a bundle is loaded. */
    @Test
    void shouldGoOnLookingAtBundlesAfterAnError() throws Exception {
        context.getComponent("serveflow", ServeflowComponent.class).setWatch(20);
        context.start();
        final AtomicInteger errors = new AtomicInteger();
        final Bundles.Member failing =
                new Bundles.Member() {
                    @Override
                    public void prepare(final Bundle next) {
                        if (next.manifest().version().equals("v1")
                                && errors.incrementAndGet() < 3) {
                            throw new OutOfMemoryError("not enough of it");
                        }
                    }

                    @Override
                    public void forget(final Bundle unused) {
                        // Nothing was made ready.
                    }
                };
        try (Bundles.Use use =
                bundles().open(BundleFiles.in(bundle), BundleTrust.ANYBODY, failing)) {
            version("used", "v1");

            await().until(() -> use.bundle().manifest().version().equals("v1"));
            assertThat(errors).hasValue(3);
            assertThat(bundles().inUse()).hasSize(1);
        }
    }

    private int send(final String name, final AtomicBoolean done) {
        int sent = 0;
        for (int round = 0; !done.get(); round++) {
            final String suffix = name + "-" + round;
            template.sendBody("direct:first", FlowBatch.of(named(firsts, suffix)));
            template.sendBody("direct:contexts", FlowBatch.of(named(contexts, suffix)));
            sent += firsts.size();
        }
        return sent;
    }

    private static List<FlowRecord> named(final List<FlowRecord> records, final String suffix) {
        return records.stream()
                .map(
                        record ->
                                new FlowRecord(
                                        new FlowId(
                                                record.id().observer(),
                                                record.id().uid() + "-" + suffix),
                                        record.tuple(),
                                        record.communityId(),
                                        record.startMicros(),
                                        record.stage(),
                                        record.end(),
                                        record.packets(),
                                        record.readNanos(),
                                        record.summary(),
                                        record.tunnel()))
                .toList();
    }

    private Bundles bundles() {
        return context.getComponent("serveflow", ServeflowComponent.class).getBundles();
    }

    /** The shipped bundle in a folder, called by another version. */
    private Path version(final String folder, final String version, final String... without)
            throws IOException {
        final Path target = Files.createDirectories(work.resolve(folder));
        try (Stream<Path> files = Files.list(ProjectFiles.bundle("service"))) {
            for (final Path file : files.toList()) {
                final String name = file.getFileName().toString();
                if (!name.equals("bundle.json") && !List.of(without).contains(name)) {
                    Files.write(target.resolve(name), Files.readAllBytes(file));
                }
            }
        }
        final String json =
                Files.readString(ProjectFiles.bundle("service").resolve("bundle.json"))
                        .replaceFirst(
                                "\"version\" : \"[^\"]*\"", "\"version\" : \"" + version + "\"");
        Files.move(
                Files.writeString(work.resolve(folder + ".json"), json),
                target.resolve("bundle.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        return target;
    }

    /** Two tiers on packet 1, a wait for the context, and the slow tier. */
    private final class Cascade extends RouteBuilder {

        @Override
        public void configure() {
            from("direct:first")
                    .to("serveflow:fastest?bundle=" + bundle)
                    .process(exchange -> note(exchange, fastest))
                    .split()
                    .ref("flowParts")
                    .choice()
                    .when(simple("${header.CamelServeflowUncertain}"))
                    .to("direct:fast")
                    .otherwise()
                    .to("direct:out");
            from("direct:fast")
                    .to("serveflow:fast?bundle=" + bundle)
                    .process(this::compare)
                    .to(JOIN)
                    .to("direct:out");
            from("direct:contexts").to(JOIN);
            from(JOIN)
                    .to("serveflow:slow?uncertainOnly=true&bundle=" + bundle)
                    .process(exchange -> verdicts(exchange).forEach(slow::add))
                    .to("direct:out");
            from("direct:out").process(this::count);
        }

        private void note(final Exchange exchange, final Map<String, BundleRef> where) {
            final FlowBatch batch = exchange.getMessage().getBody(FlowBatch.class);
            for (int i = 0; i < batch.size(); i++) {
                where.put(batch.record(i).id().uid(), batch.verdict(i).bundle());
            }
        }

        private List<Verdict> verdicts(final Exchange exchange) {
            final FlowBatch batch = exchange.getMessage().getBody(FlowBatch.class);
            final List<Verdict> verdicts = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                verdicts.add(batch.verdict(i));
            }
            return verdicts;
        }

        /** Both tiers on packet 1 are asked in one pass, and so of one bundle. */
        private void compare(final Exchange exchange) {
            final FlowBatch batch = exchange.getMessage().getBody(FlowBatch.class);
            for (int i = 0; i < batch.size(); i++) {
                final BundleRef before = fastest.get(batch.record(i).id().uid());
                if (!batch.verdict(i).bundle().equals(before)) {
                    wrong.add(before + " began, but fast was of " + batch.verdict(i).bundle());
                }
            }
        }

        private void count(final Exchange exchange) {
            final FlowBatch batch = exchange.getMessage().getBody(FlowBatch.class);
            for (int i = 0; i < batch.size(); i++) {
                final String uid = batch.record(i).id().uid();
                final Verdict verdict = batch.verdict(i);
                if (!verdict.isFinal()) {
                    provisional.put(uid, verdict.bundle());
                    continue;
                }
                finals.merge(uid, 1, Integer::sum);
                if (verdict.supersedes()
                        && provisional.containsKey(uid)
                        && !verdict.superseded().orElseThrow().equals(provisional.get(uid))) {
                    wrong.add(verdict + " supersedes one that was not given");
                }
            }
        }
    }
}
