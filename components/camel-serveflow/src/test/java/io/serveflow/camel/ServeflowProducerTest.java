/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.support.SourceExchange;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.Bundle;
import io.serveflow.model.Bundles;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.apache.camel.util.ObjectHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServeflowProducerTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private ProducerTemplate template;

    @BeforeEach
    void start() {
        context.getRegistry().bind("ledger", ledger);
        context.start();
        template = context.createProducerTemplate();
    }

    @AfterEach
    void stop() throws Exception {
        template.close();
        context.close();
    }

    @Test
    void shouldGiveEveryFlowOfABatchAVerdict() throws Exception {
        final List<FlowRecord> flows = Samples.records(FlowRecord.Stage.FIRST);

        final Exchange answer = send("fastest", FlowBatch.of(flows));

        final FlowBatch batch = answer.getMessage().getBody(FlowBatch.class);
        assertThat(batch.size()).isEqualTo(flows.size());
        for (int i = 0; i < batch.size(); i++) {
            assertThat(batch.verdict(i).confidence()).isBetween(0.0, 1.0);
            assertThat(batch.verdict(i).tier()).isEqualTo("fastest");
        }
    }

    @Test
    void shouldCountTheFlowsThatMoveOn() throws Exception {
        final Exchange answer =
                send("fastest", FlowBatch.of(Samples.records(FlowRecord.Stage.FIRST)));

        assertThat(ledger.byDetail(Ledger.Entry.ESCALATED))
                .containsEntry(
                        "service/fastest-fast",
                        (long) answer.getMessage().getBody(FlowBatch.class).uncertain().size());
    }

    @Test
    void shouldAnswerOneLineOfTheLog() throws Exception {
        final Exchange answer = send("fast", Samples.firstLine());

        assertThat(answer.getMessage().getHeader(ServeflowConstants.LABEL))
                .isInstanceOf(String.class);
        assertThat(answer.getMessage().getHeader(ServeflowConstants.TIER)).isEqualTo("fast");
        assertThat(answer.getMessage().getHeader(ServeflowConstants.TASK)).isEqualTo("service");
        assertThat(answer.getMessage().getHeader(ServeflowConstants.UNCERTAIN))
                .isEqualTo(!answer.getMessage().getBody(FlowBatch.class).verdict(0).isFinal());
    }

    /** Simple compares a Float with a number wrongly: 0.9f counts as not less than 0.95. */
    @Test
    void shouldStateTheConfidenceAsADouble() throws Exception {
        final Exchange answer = send("fast", Samples.firstLine());

        assertThat(answer.getMessage().getHeader(ServeflowConstants.CONFIDENCE))
                .isInstanceOf(Double.class);
    }

    @Test
    void shouldAnswerTheSameForALineAndForABatch() throws Exception {
        final FlowRecord flow = Samples.records(FlowRecord.Stage.FIRST).get(0);

        final Exchange single = send("fast", Samples.firstLine());
        final Exchange batch = send("fast", FlowBatch.of(flow));

        assertThat(single.getMessage().getHeader(ServeflowConstants.CONFIDENCE))
                .isEqualTo(batch.getMessage().getHeader(ServeflowConstants.CONFIDENCE));
    }

    @Test
    void shouldNeverEscalateFromTheLastTier() throws Exception {
        final Exchange answer =
                send("slow", FlowBatch.of(Samples.records(FlowRecord.Stage.CONTEXT)));

        assertThat(answer.getMessage().getHeader(ServeflowConstants.UNCERTAIN)).isEqualTo(false);
    }

    @Test
    void shouldFailTheExchangeOfABodyThatIsNoFlow() {
        assertThat(send("fast", 42).getException())
                .hasMessageContaining("must be a FlowBatch, a FlowRecord or a list of them")
                .hasMessageContaining("java.lang.Integer");
    }

    @Test
    void shouldFailTheExchangeOfALineThatIsNoRecord() {
        assertThat(send("fast", "{\"x\":1}").getException())
                .isInstanceOf(BadLineException.class)
                .hasMessageStartingWith("line 1: ")
                .hasMessageContaining("the JSON object is of no sensor");
    }

    @Test
    void shouldLetARouteNameTheExceptionOfABadLine() throws Exception {
        final List<String> caught = new CopyOnWriteArrayList<>();
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        onException(BadLineException.class)
                                .handled(true)
                                .process(
                                        exchange ->
                                                caught.add(
                                                        ObjectHelper.getException(
                                                                        BadLineException.class,
                                                                        exchange.getProperty(
                                                                                Exchange
                                                                                        .EXCEPTION_CAUGHT,
                                                                                Exception.class))
                                                                .reason()));
                        from("direct:lines").to(uri("fast"));
                    }
                });

        template.sendBody("direct:lines", "{\"ts\":1,\"stage\":\"first\"}");
        template.sendBody("direct:lines", "{\"ts\":");

        assertThat(caught).containsExactly("missing_field", "bad_json");
    }

    @Test
    void shouldSayThatALineOfConnLogIsForAnotherTier() {
        assertThat(
                        send(
                                        "fast",
                                        "{\"ts\":1.5,\"uid\":\"C\",\"id.orig_h\":\"192.0.2.1\","
                                                + "\"id.orig_p\":1,\"id.resp_h\":\"192.0.2.2\","
                                                + "\"id.resp_p\":2,\"proto\":\"tcp\","
                                                + "\"conn_state\":\"SF\"}")
                                .getException())
                .hasMessageContaining("a line of conn.log")
                .hasMessageContaining("send them to a tier with conn features");
    }

    @Test
    void shouldNotStartWithATierThatTheBundleLacks() {
        assertThatThrownBy(() -> template.sendBody(uri("medium"), "x"))
                .rootCause()
                .hasMessageContaining("has no tier 'medium'; it has fastest, fast, slow");
    }

    @Test
    void shouldNotStartWithoutABundle() {
        assertThatThrownBy(() -> template.sendBody("serveflow:fast", "x"))
                .rootCause()
                .hasMessageContaining("serveflow:fast: bundle is missing");
    }

    @Test
    void shouldShareOneBundleBetweenItsEndpoints() {
        final ServeflowComponent component =
                context.getComponent("serveflow", ServeflowComponent.class);

        try (Bundles.Use one = open(component, ProjectFiles.bundle("service").toString());
                Bundles.Use other = open(component, "file:" + ProjectFiles.bundle("service"))) {
            assertThat(one.bundle()).isSameAs(other.bundle());
        }
    }

    @Test
    void shouldCloseABundleWithItsLastUse() {
        final ServeflowComponent component =
                context.getComponent("serveflow", ServeflowComponent.class);
        final Bundles.Use first = open(component, ProjectFiles.bundle("service").toString());
        first.close();
        first.close();

        try (Bundles.Use second = open(component, ProjectFiles.bundle("service").toString())) {
            assertThat(second.bundle()).isNotSameAs(first.bundle());
            assertThat(component.getBundles().current("service").orElseThrow().number())
                    .isEqualTo(2);
        }
        assertThat(component.getBundles().current("service")).isEmpty();
    }

    private static Bundles.Use open(final ServeflowComponent component, final String bundle) {
        final ServeflowConfiguration configuration = new ServeflowConfiguration();
        configuration.setBundle(bundle);
        return component.open(
                configuration,
                new Bundles.Member() {
                    @Override
                    public void prepare(final Bundle opened) {
                        assertThat(opened.tiers()).isNotEmpty();
                    }

                    @Override
                    public void forget(final Bundle closed) {
                        assertThat(closed.tiers()).isNotEmpty();
                    }
                });
    }

    @Test
    void shouldTakeABundleFromTheClassPath() throws Exception {
        final Exchange answer =
                template.send(
                        "serveflow:fast?bundle=classpath:models/service",
                        exchange -> exchange.getMessage().setBody(Samples.firstLine()));

        assertThat(answer.getMessage().getHeader(ServeflowConstants.CONFIDENCE))
                .isEqualTo(
                        send("fast", Samples.firstLine())
                                .getMessage()
                                .getHeader(ServeflowConstants.CONFIDENCE));
    }

    @Test
    void shouldSayThatABundleIsNotOnTheClassPath() {
        assertThatThrownBy(
                        () -> template.sendBody("serveflow:fast?bundle=classpath:models/none", "x"))
                .rootCause()
                .hasMessage(
                        "bundle.json is not on the class path; add the jar that has it, such as"
                                + " io.serveflow:serveflow-models");
    }

    @Test
    void shouldTakeABundleOfTheRegistryAndLeaveItOpen() throws Exception {
        try (Bundle bundle = Bundle.load(ProjectFiles.bundle("service"))) {
            context.getRegistry().bind("mine", bundle);
            for (final String stated : List.of("ref:mine", "RAW(#mine)")) {
                final Exchange answer =
                        template.send(
                                "serveflow:fast?bundle=" + stated,
                                exchange -> exchange.getMessage().setBody(Samples.firstLine()));
                assertThat(answer.getException()).isNull();
                assertThat(answer.getMessage().getHeader(ServeflowConstants.TASK))
                        .isEqualTo("service");
            }
            context.stop();

            assertThat(bundle.tiers().get(0).classes()).isPositive();
        }
    }

    @Test
    void shouldRefuseATierThatReadsSecondsOfAFlow() {
        final String uri = "serveflow:after5s?bundle=" + ProjectFiles.bundle("qoe");

        assertThatThrownBy(() -> template.sendBody(uri, Samples.firstLine()))
                .rootCause()
                .hasMessage(
                        "tier after5s of bundle serveflow-qoe reads 5 second(s) of a flow, but"
                                + " sensors send its first packets only; use the bundle on"
                                + " captures, with serveflow classify");
    }

    @Test
    void shouldTakeTheBatchesOfAnAggregationAsOne() throws Exception {
        final List<FlowRecord> flows = Samples.records(FlowRecord.Stage.FIRST);
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:parts")
                                .split(body(), new GroupedBodyAggregationStrategy())
                                .to(uri("fastest"))
                                .end()
                                .to(uri("fast") + "&uncertainOnly=true");
                    }
                });

        final FlowBatch answer =
                template.requestBody(
                        "direct:parts",
                        List.of(
                                FlowBatch.of(flows.subList(0, 10)),
                                FlowBatch.of(flows.subList(10, flows.size()))),
                        FlowBatch.class);

        assertThat(answer.size()).isEqualTo(flows.size());
        final FlowBatch expected =
                send("fastest", FlowBatch.of(flows)).getMessage().getBody(FlowBatch.class);
        for (int i = 0; i < answer.size(); i++) {
            assertThat(answer.verdict(i).tier())
                    .isEqualTo(expected.verdict(i).isFinal() ? "fastest" : "fast");
        }
    }

    @Test
    void shouldRefuseAMapThatHoldsItself() {
        final Map<String, Object> map = new HashMap<>();
        map.put("self", map);

        assertThat(send("fast", map).getException())
                .isInstanceOf(BadLineException.class)
                .hasMessageContaining("the map is no line");
    }

    @Test
    void shouldReadAnArrayOfIntsInAMap() throws Exception {
        final Map<String, Object> map = new HashMap<>();
        final Map<?, ?> read = new ObjectMapper().readValue(Samples.firstLine(), Map.class);
        read.forEach((name, value) -> map.put((String) name, value));
        map.computeIfPresent(
                "pkt_len",
                (name, lengths) ->
                        ((List<?>) lengths).stream().mapToInt(n -> (Integer) n).toArray());

        assertThat(send("fast", map).getException()).isNull();
        assertThat(map.get("pkt_len")).isInstanceOf(int[].class);
    }

    @Test
    void shouldSayThatTextIsAnArrayOfJson() throws Exception {
        assertThat(send("fast", "[" + Samples.firstLine() + "]").getException())
                .isInstanceOf(BadLineException.class)
                .hasMessageContaining("a JSON array; let unmarshal().json() make a list of it");
    }

    @Test
    void shouldFindTheFlowsOfAStreamAgainWhenCamelRedelivers() throws Exception {
        final byte[] line = Samples.firstLine().getBytes(StandardCharsets.UTF_8);
        redeliver();

        for (final Object body : onceReadable(line)) {
            final Exchange answer = redelivered(body);

            assertThat(answer.getException())
                    .as(body.getClass().getName())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("reads");
        }
    }

    @Test
    void shouldRefuseAStreamWithABadLineAgainWhenCamelRedelivers() throws Exception {
        redeliver();

        for (final Object body : onceReadable("{\"ts\":".getBytes(StandardCharsets.UTF_8))) {
            assertThat(redelivered(body).getException())
                    .as(body.getClass().getName())
                    .isInstanceOf(BadLineException.class);
        }
    }

    @Test
    void shouldNotFillTheLogWithRecordsThatAreTooShort() throws Exception {
        final FlowRecord cut = tooShort();
        final Logger logger = (Logger) LoggerFactory.getLogger(ServeflowProducer.class);
        final ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(lines);
        try {
            for (int i = 0; i < 500; i++) {
                send("slow", FlowBatch.of(cut));
            }
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
        }

        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() == Level.WARN)
                .singleElement()
                .asString()
                .contains(
                        "slow", "of 0 the earlier verdict stands, 1 are dropped", "first 2 packet");
        assertThat(ledger.byDetail(Ledger.Entry.DROPPED))
                .isEqualTo(Map.of("record_too_short", 500L));
    }

    /** It was counted with each try of a batch that a later step did not take. */
    @Test
    void shouldCountWhatIsTooShortOnceAllStepsHaveTakenTheRest() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler());
                        from("direct:sent-again").to(uri("slow")).process(failing(2));
                    }
                });
        assertDropCountedAtTheThirdTry();
    }

    /** The copy of a task ends well before that of another, with which the batch comes again. */
    @Test
    void shouldCountWhatIsTooShortOnceAllTasksHaveTakenTheRest() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler());
                        from("direct:sent-again")
                                .process(SourceExchange::begin)
                                .recipientList(constant("direct:service,direct:device"))
                                .stopOnException();
                        from("direct:service").to(uri("slow"));
                        from("direct:device").process(failing(2));
                    }
                });
        assertDropCountedAtTheThirdTry();
    }

    /** A step that fails so often, and then no more. */
    private static Processor failing(final int times) {
        final AtomicInteger failures = new AtomicInteger(times);
        return exchange -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not yet");
            }
        };
    }

    private void assertDropCountedAtTheThirdTry() throws Exception {
        final FlowBatch flows = FlowBatch.of(tooShort());

        template.send("direct:sent-again", one -> one.getMessage().setBody(flows));
        template.send("direct:sent-again", one -> one.getMessage().setBody(flows));
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isZero();
        template.send("direct:sent-again", one -> one.getMessage().setBody(flows));

        assertThat(ledger.byDetail(Ledger.Entry.DROPPED)).isEqualTo(Map.of("record_too_short", 1L));
    }

    /** A context record of fewer packets than the tier reads, of a flow that goes on. */
    private static FlowRecord tooShort() throws Exception {
        final FlowRecord whole = Samples.records(FlowRecord.Stage.CONTEXT).get(0);
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

    private static List<Object> onceReadable(final byte[] text) {
        return List.of(
                new ByteArrayInputStream(text),
                new StringReader(new String(text, StandardCharsets.UTF_8)),
                List.of(new ByteArrayInputStream(text)).iterator(),
                List.of(new ByteArrayInputStream(text)));
    }

    /** A route without stream caching, as that of the application, whose tier needs context. */
    private void redeliver() throws Exception {
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(
                                defaultErrorHandler()
                                        .maximumRedeliveries(2)
                                        .redeliveryDelay(0)
                                        .logExhausted(false));
                        from("direct:again").streamCache("false").to(uri("slow"));
                    }
                });
    }

    private Exchange redelivered(final Object body) {
        return template.send("direct:again", exchange -> exchange.getMessage().setBody(body));
    }

    private Exchange send(final String tier, final Object body) {
        return template.send(uri(tier), exchange -> exchange.getMessage().setBody(body));
    }

    private static String uri(final String tier) {
        return "serveflow:" + tier + "?bundle=" + ProjectFiles.bundle("service");
    }
}
