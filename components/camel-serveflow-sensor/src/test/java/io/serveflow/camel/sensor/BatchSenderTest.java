/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.batch.Receipt;
import io.serveflow.camel.support.SourceExchange;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.DefaultConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchSenderTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Ledger ledger = new Ledger();
    private final List<FlowBatch> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger handedBack = new AtomicInteger();
    private final Receipt receipt = Receipt.held(() -> {}, handedBack::incrementAndGet);
    private final ReadRecords records = new ReadRecords(uid -> true);
    private volatile int failuresLeft;
    private volatile boolean throwing;

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void shouldSendOneBatchAStageAndReleaseTheReceipt() throws Exception {
        Samples.inTurn().forEach(records);

        assertThat(sender(1, batch -> {}).send(records, receipt)).isTrue();

        assertThat(taken).extracting(FlowBatch::stage).containsExactly(Stage.FIRST, Stage.CONTEXT);
        assertThat(receipt.isSettled()).isTrue();
        assertThat(records.size()).isEqualTo(20);
        assertThat(ledger.total(Ledger.Entry.RETRIED)).isZero();
    }

    @Test
    void shouldHoldTheReceiptWhileTheRouteWorks() throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        final AtomicBoolean settledInTheRoute = new AtomicBoolean(true);

        sender(1, batch -> settledInTheRoute.set(batch.receipt().isSettled()))
                .send(records, receipt);

        assertThat(settledInTheRoute).isFalse();
    }

    @Test
    void shouldSendAgainUntilTheRouteTakesIt() throws Exception {
        Samples.ntp(Stage.FIRST, 2).forEach(records);
        failuresLeft = 3;
        final BatchSender sender = sender(1, batch -> {});

        assertThat(sender.send(records, receipt)).isTrue();
        await().until(receipt::isSettled);

        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).size()).isEqualTo(2);
        assertThat(taken.get(0).receipt()).isSameAs(receipt);
        assertThat(receipt.isSettled()).isTrue();
        assertThat(ledger.byDetail(Ledger.Entry.RETRIED))
                .isEqualTo(Map.of(Reason.SOURCE_ROUTE_FAILED.code(), 3L));
        assertThat(sender.failure()).isEmpty();
    }

    /** What one copy found was counted with each try in which another failed. */
    @Test
    void shouldLetCopiesCountOnceTheRouteHasTakenTheBatch() throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        failuresLeft = 2;
        context.addRoutes(
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(noErrorHandler());
                        from("direct:copies")
                                .routeId("copies")
                                .multicast()
                                .stopOnException()
                                .to("direct:finds", "direct:fails");
                        from("direct:finds").process(BatchSenderTest.this::find);
                        from("direct:fails").process(BatchSenderTest.this::failIfSet);
                    }
                });
        context.start();
        final DefaultConsumer source = consumer(1, 16, context.getRoute("copies").getProcessor());

        new BatchSender(source, endpoint(1, 16)).send(records, receipt);
        await().until(receipt::isSettled);

        assertThat(ledger.total(Ledger.Entry.RETRIED)).isEqualTo(2);
        assertThat(ledger.total(Ledger.Entry.DROPPED)).isEqualTo(1);
    }

    private void find(final Exchange copy) {
        SourceExchange.count(copy, ledger, Ledger.Entry.DROPPED, Reason.RECORD_TOO_SHORT, 1);
    }

    private void failIfSet(final Exchange copy) {
        if (failuresLeft > 0) {
            failuresLeft--;
            throw new IllegalStateException("as the test has it");
        }
    }

    @Test
    void shouldSendAgainWhatARouteThrewBack() throws Exception {
        Samples.ntp(Stage.FIRST, 2).forEach(records);
        failuresLeft = 1;
        throwing = true;

        assertThat(sender(1, batch -> {}).send(records, receipt)).isTrue();
        await().until(receipt::isSettled);

        assertThat(taken).hasSize(1);
    }

    @Test
    void shouldNotSendAStageAgainThatTheRouteHasTaken() throws Exception {
        Samples.inTurn().forEach(records);
        final BatchSender sender =
                sender(
                        1,
                        batch -> {
                            if (batch.stage() == Stage.CONTEXT && failuresLeft == 0) {
                                failuresLeft = -1;
                                throw new IllegalStateException("the sink is out of order");
                            }
                        });

        sender.send(records, receipt);
        await().until(receipt::isSettled);

        assertThat(taken).extracting(FlowBatch::stage).containsExactly(Stage.FIRST, Stage.CONTEXT);
    }

    @Test
    void shouldGiveUpWhenTheSourceStops() throws Exception {
        Samples.inTurn().forEach(records);
        failuresLeft = Integer.MAX_VALUE;
        final BatchSender sender = sender(60_000, batch -> {});
        final CompletableFuture<Boolean> sent =
                CompletableFuture.supplyAsync(() -> sender.send(records, receipt));
        await().until(() -> sender.failure().isPresent());
        assertThat(sender.failure().get()).hasMessage("the sink is out of order");

        sender.stop();

        assertThat(sent.get()).isFalse();
        assertThat(taken).isEmpty();
        assertThat(receipt.isSettled()).isFalse();
        assertThat(ledger.total(Ledger.Entry.RETRIED)).isZero();
    }

    @Test
    void shouldLetABatchEndThatIsBeingSentAgainWhenTheSourceStops() throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        failuresLeft = 1;
        final AtomicInteger tries = new AtomicInteger();
        final CountDownLatch again = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);
        final BatchSender sender =
                sender(
                        1,
                        batch -> {
                            if (tries.incrementAndGet() == 2) {
                                again.countDown();
                                awaitUninterrupted(end);
                            }
                        });
        sender.send(records, receipt);
        again.await();

        sender.stop();
        end.countDown();

        await().until(receipt::isSettled);
        assertThat(taken).hasSize(1);
        assertThat(handedBack).hasValue(0);
    }

    private static void awaitUninterrupted(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Test
    void shouldStillTryOnceAfterTheSourceStopped() throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        final BatchSender sender = sender(60_000, batch -> {});
        sender.stop();

        assertThat(sender.send(records, receipt)).isTrue();

        assertThat(taken).hasSize(1);
        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldGiveUpWhenItsThreadIsInterrupted() throws Exception {
        Samples.inTurn().forEach(records);
        failuresLeft = Integer.MAX_VALUE;
        final BatchSender sender = sender(60_000, batch -> {});
        final CompletableFuture<Boolean> sent = new CompletableFuture<>();
        final Thread thread = new Thread(() -> sent.complete(sender.send(records, receipt)));
        thread.start();
        await().until(() -> sender.failure().isPresent());

        thread.interrupt();

        assertThat(sent.get()).isFalse();
        assertThat(receipt.isSettled()).isFalse();
        sender.stop();
    }

    @Test
    void shouldSendTheNextBatchWhileTheRouteAnswers() throws Exception {
        final Answering route = new Answering();
        final BatchSender sender = new BatchSender(consumer(60_000, 2, route), endpoint(60_000, 2));
        final Receipt second = Receipt.held(() -> {});
        Samples.ntp(Stage.FIRST, 1).forEach(records);

        assertThat(sender.send(records, receipt)).isTrue();
        assertThat(sender.send(records, second)).isTrue();

        assertThat(route.open).hasSize(2);
        assertThat(sender.awaitTaken(0, TimeUnit.SECONDS)).isFalse();
        route.answer(1);
        assertThat(second.isSettled()).isTrue();
        assertThat(receipt.isSettled()).isFalse();
        route.answer(0);
        assertThat(sender.awaitTaken(0, TimeUnit.SECONDS)).isTrue();
        assertThat(receipt.isSettled()).isTrue();
    }

    @Test
    void shouldWaitWhileAsManyBatchesAreUnderWayAsAllowed() throws Exception {
        final Answering route = new Answering();
        final BatchSender sender = new BatchSender(consumer(60_000, 1, route), endpoint(60_000, 1));
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        sender.send(records, receipt);
        final Thread thread =
                new Thread(() -> sender.send(records, Receipt.held(() -> {})), "second");
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        assertThat(route.open).hasSize(1);

        route.answer(0);

        await().untilAsserted(() -> assertThat(route.open).hasSize(2));
        thread.join();
    }

    @Test
    void shouldLetNoTimePassWhileItWaits() throws Exception {
        final Answering route = new Answering();
        final BatchSender sender = new BatchSender(consumer(60_000, 1, route), endpoint(60_000, 1));
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        sender.send(records, receipt);
        final long begun = sender.clock().nanos();
        final Thread thread =
                new Thread(() -> sender.send(records, Receipt.held(() -> {})), "second");
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);

        final long stood = sender.clock().nanos();
        assertThat(stood).isGreaterThan(begun);
        assertThat(sender.clock().nanos()).isEqualTo(stood);
        route.answer(0);
        thread.join();

        assertThat(sender.clock().nanos()).isGreaterThan(stood);
    }

    @Test
    void shouldSendNothingFurtherWhileABatchIsToBeSentAgain() throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        failuresLeft = 1;
        final BatchSender sender = sender(60_000, batch -> {});
        assertThat(sender.send(records, receipt)).isTrue();
        final CompletableFuture<Boolean> next = new CompletableFuture<>();
        final Thread thread =
                new Thread(
                        () ->
                                next.complete(
                                        sender.send(
                                                records,
                                                Receipt.held(
                                                        () -> {}, handedBack::incrementAndGet))),
                        "next");
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);

        sender.stop();

        assertThat(next.get()).isFalse();
        assertThat(taken).isEmpty();
        assertThat(handedBack).hasValue(2);
    }

    @Test
    void shouldSendAgainInTheOrderOfTheFirstTryWhateverFailsFirst() throws Exception {
        final int batches = 6;
        final Answering route = new Answering();
        final BatchSender sender =
                new BatchSender(consumer(100, batches, route), endpoint(100, batches));
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        final List<Receipt> receipts = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            receipts.add(Receipt.held(() -> {}));
            sender.send(records, receipts.get(i));
        }
        for (int i = batches - 1; i >= 0; i--) {
            route.fail(i);
        }

        await().until(() -> route.open.size() == 2 * batches);

        assertThat(route.receipts.subList(batches, 2 * batches)).isEqualTo(receipts);
    }

    @Test
    void shouldLetNothingPassABatchThatIsAboutToEnterTheRouteAgain() throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        final AtomicInteger tries = new AtomicInteger();
        final CountDownLatch again = new CountDownLatch(1);
        final CountDownLatch enter = new CountDownLatch(1);
        failuresLeft = 1;
        final BatchSender sender =
                sender(
                        1,
                        batch -> {
                            if (batch.receipt() == receipt && tries.incrementAndGet() == 2) {
                                again.countDown();
                                awaitUninterrupted(enter);
                            }
                        });
        sender.send(records, receipt);
        again.await();
        final Receipt next = Receipt.held(() -> {});
        final Thread thread = new Thread(() -> sender.send(records, next), "next");
        thread.start();
        await().until(
                        () ->
                                thread.getState() == Thread.State.WAITING
                                        || thread.getState() == Thread.State.TERMINATED);
        assertThat(taken).isEmpty();

        enter.countDown();

        await().until(next::isSettled);
        assertThat(taken).extracting(FlowBatch::receipt).containsExactly(receipt, next);
    }

    @Test
    void shouldReportAFailingRouteOnceUntilItTakesBatchesAgain() throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        final List<Throwable> reported = new CopyOnWriteArrayList<>();
        final BatchSender sender = sender(1, batch -> {}, reported);
        failuresLeft = 4;
        assertThat(sender.send(records, receipt)).isTrue();
        await().until(receipt::isSettled);
        assertThat(reported).hasSize(1);

        failuresLeft = 2;
        final Receipt second = Receipt.held(() -> {});
        assertThat(sender.send(records, second)).isTrue();
        await().until(second::isSettled);

        assertThat(reported).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldSendABatchAgainAfterAnErrorOfTheJvm(final int failingTry) throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        failuresLeft = failingTry - 1;
        final AtomicInteger tries = new AtomicInteger();
        final DefaultConsumer consumer =
                new DefaultConsumer(
                        endpoint(1, 16),
                        exchange -> {
                            if (failuresLeft > 0) {
                                failuresLeft--;
                                fail(exchange);
                                return;
                            }
                            taken.add(exchange.getMessage().getBody(FlowBatch.class));
                        }) {
                    @Override
                    public Exchange createExchange(final boolean autoRelease) {
                        if (tries.incrementAndGet() == failingTry) {
                            throw new OutOfMemoryError("of the test");
                        }
                        return super.createExchange(autoRelease);
                    }
                };
        final BatchSender sender = new BatchSender(consumer, endpoint(1, 16));
        final Receipt second = Receipt.held(() -> {});

        assertThat(sender.send(records, receipt)).isTrue();
        await().until(receipt::isSettled);
        assertThat(sender.send(records, second)).isTrue();

        await().until(second::isSettled);
        assertThat(taken).extracting(FlowBatch::receipt).containsExactly(receipt, second);
        assertThat(sender.awaitTaken(0, TimeUnit.SECONDS)).isTrue();
    }

    /** Who waits for what a route answers late may have sent the batch again meanwhile. */
    @Test
    void shouldTakeNoAnswerOfATryThatHasEnded() throws Exception {
        Samples.ntp(Stage.FIRST, 1).forEach(records);
        final Answering route = new Answering();
        route.error = true;
        final BatchSender sender = new BatchSender(consumer(1, 16, route), endpoint(1, 16));
        sender.send(records, receipt);
        await().until(() -> route.open.size() == 2);

        route.answer(0);

        assertThat(receipt.isSettled()).isFalse();
        route.answer(1);
        assertThat(receipt.isSettled()).isTrue();
    }

    /** A route whose batches are acknowledged when a test says so. */
    private static final class Answering extends AsyncProcessorSupport {

        private final List<Receipt> receipts = new CopyOnWriteArrayList<>();
        private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
        private final List<AsyncCallback> open = new CopyOnWriteArrayList<>();

        /** Whether the next batch meets an error of the JVM behind what answers it later. */
        private volatile boolean error;

        @Override
        public boolean process(final Exchange exchange, final AsyncCallback callback) {
            receipts.add(exchange.getMessage().getBody(FlowBatch.class).receipt());
            exchanges.add(exchange);
            open.add(callback);
            if (error) {
                error = false;
                throw new OutOfMemoryError("of the test");
            }
            return false;
        }

        private void fail(final int batch) {
            exchanges.get(batch).setException(new IllegalStateException("out of order"));
            answer(batch);
        }

        private void answer(final int batch) {
            open.get(batch).done(false);
        }
    }

    /** A sender whose route looks at a batch, fails as often as it is set to, and takes it. */
    private BatchSender sender(final long redeliveryDelay, final Consumer<FlowBatch> look)
            throws Exception {
        return sender(redeliveryDelay, look, new CopyOnWriteArrayList<>());
    }

    private BatchSender sender(
            final long redeliveryDelay,
            final Consumer<FlowBatch> look,
            final List<Throwable> reported)
            throws Exception {
        final DefaultConsumer consumer =
                consumer(
                        redeliveryDelay,
                        16,
                        exchange -> {
                            final FlowBatch batch =
                                    exchange.getMessage().getMandatoryBody(FlowBatch.class);
                            look.accept(batch);
                            if (failuresLeft > 0) {
                                failuresLeft--;
                                fail(exchange);
                                return;
                            }
                            taken.add(batch);
                        });
        consumer.setExceptionHandler(
                new ExceptionHandler() {
                    @Override
                    public void handleException(final Throwable exception) {
                        reported.add(exception);
                    }

                    @Override
                    public void handleException(final String message, final Throwable exception) {
                        reported.add(exception);
                    }

                    @Override
                    public void handleException(
                            final String message,
                            final Exchange exchange,
                            final Throwable exception) {
                        reported.add(exception);
                    }
                });
        return new BatchSender(consumer, endpoint(redeliveryDelay, 16));
    }

    private DefaultConsumer consumer(
            final long redeliveryDelay, final int maxInFlight, final Processor route)
            throws Exception {
        return new DefaultConsumer(endpoint(redeliveryDelay, maxInFlight), route);
    }

    private SensorEndpoint endpoint(final long redeliveryDelay, final int maxInFlight)
            throws Exception {
        final SensorComponent component = new TestComponent();
        component.setCamelContext(context);
        component.setLedger(ledger);
        component.init();
        final SensorEndpoint endpoint = new TestEndpoint(component);
        endpoint.setRedeliveryDelay(redeliveryDelay);
        endpoint.setMaxInFlight(maxInFlight);
        endpoint.init();
        return endpoint;
    }

    private void fail(final Exchange exchange) {
        final IllegalStateException failure = new IllegalStateException("the sink is out of order");
        if (throwing) {
            throw failure;
        }
        exchange.setException(failure);
    }

    private static final class TestComponent extends SensorComponent {

        @Override
        protected Endpoint createEndpoint(
                final String uri, final String remaining, final Map<String, Object> parameters) {
            throw new UnsupportedOperationException("this source is made by hand");
        }
    }

    private static final class TestEndpoint extends SensorEndpoint {

        private TestEndpoint(final SensorComponent component) {
            super("serveflow-test:source", component);
        }

        @Override
        public org.apache.camel.Consumer createConsumer(final Processor processor) {
            throw new UnsupportedOperationException("this source is made by hand");
        }
    }
}
