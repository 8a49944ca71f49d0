/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.sensor.Samples;
import io.serveflow.camel.sensor.SourceRoute;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.sensor.SensorStream;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.SuspendableService;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.LoggingExceptionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeflowSocketTest {

    private final SourceRoute route = new SourceRoute();
    private final List<SocketChannel> sensors = new ArrayList<>();

    @TempDir private Path folder;

    @AfterEach
    void close() throws Exception {
        for (final SocketChannel sensor : sensors) {
            sensor.close();
        }
        route.close();
    }

    @ParameterizedTest
    @CsvSource({"unix, 777", "unix, 1000000", "tcp, 777", "tcp, 100000"})
    void shouldReadWhatSuricataSendsAsFromItsFile(final String protocol, final int piece)
            throws Exception {
        route.from(protocol.equals("unix") ? unix("") : "serveflow-socket:tcp:127.0.0.1:0");
        send(connect(), Samples.eve("mixed"), piece).close();

        final List<FlowRecord> expected = Samples.ofEve("mixed");
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected.size()));
        assertThat(Samples.sorted(route.records)).isEqualTo(Samples.sorted(expected));
        assertThat(route.letters).isEmpty();
        assertThat(route.ledger.total(Ledger.Entry.EVENTS)).isEqualTo(expected.size());
    }

    @Test
    void shouldReadWhatIsWrittenInTheFormOfZeek() throws Exception {
        route.from(unix(""));
        final String log = Files.readString(ProjectFiles.records("ntp"));
        send(connect(), log, 10_000).close();

        final List<FlowRecord> expected = Samples.ntp();
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected.size()));
        assertThat(route.records)
                .filteredOn(record -> record.stage() == Stage.FIRST)
                .hasSize((int) expected.stream().filter(r -> r.stage() == Stage.FIRST).count());
    }

    @Test
    void shouldAskAboutAFlowBeforeItsContextIsOffered() throws Exception {
        route.from(unix("?batchSize=16"));
        send(connect(), Samples.eve("mixed"), 50_000).close();
        final int expected = Samples.ofEve("mixed").size();
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected));

        final List<String> asked = new ArrayList<>();
        for (final FlowRecord record : route.records) {
            if (record.stage() == Stage.FIRST) {
                asked.add(record.id().uid());
            } else {
                assertThat(asked).contains(record.id().uid());
            }
        }
        assertThat(route.batches).extracting(FlowBatch::size).allMatch(size -> size <= 16);
    }

    @Test
    void shouldGoOnWithTheEventThatBeginsInsideATornOne() throws Exception {
        route.from(unix(""));
        final List<String> lines = Samples.eve("ntp").lines().toList();
        send(connect(), lines.get(0).substring(0, 300) + lines.get(2) + "\n", 100).close();

        await().untilAsserted(() -> assertThat(route.records).hasSize(2));
        assertThat(route.letters).extracting(DeadLetter::reason).containsExactly("torn_line");
    }

    @Test
    void shouldKeepALineThatAConnectionEndsInsideAsADeadLetter() throws Exception {
        route.from(unix(""));
        final List<String> lines = Samples.eve("ntp").lines().toList();
        send(connect(), lines.get(0) + "\n" + lines.get(1).substring(0, 100), 64).close();

        await().untilAsserted(() -> assertThat(route.letters).hasSize(1));
        final DeadLetter letter = route.letters.get(0);
        assertThat(letter.reason()).isEqualTo("torn_line");
        assertThat(letter.source()).isEqualTo("unix:" + folder.resolve("eve.sock") + "#1");
        assertThat(letter.offset()).isEqualTo(lines.get(0).length() + 1L);
        await().untilAsserted(() -> assertThat(route.records).hasSize(2));
    }

    @Test
    void shouldGoOnAfterALineThatIsTooLong() throws Exception {
        route.from(unix(""));
        final String lines = Samples.eve("ntp");
        send(connect(), "x".repeat(SensorStream.MAX_LINE_BYTES + 2) + "\n" + lines, 65_536).close();

        final int expected = Samples.ofEve("ntp").size();
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected));
        assertThat(route.letters).extracting(DeadLetter::reason).containsExactly("line_too_long");
    }

    @Test
    void shouldNotFillTheLogWithLinesThatCannotBeKept() throws Exception {
        route.diskFull = true;
        route.from(unix(""));
        final List<String> reported = new CopyOnWriteArrayList<>();
        ((DefaultConsumer) route.consumer())
                .setExceptionHandler(
                        new LoggingExceptionHandler(route.context, ServeflowSocketTest.class) {
                            @Override
                            public void handleException(
                                    final String message, final Throwable failure) {
                                reported.add(message);
                            }
                        });
        send(connect(), "{ no JSON\n".repeat(1_000), 65_536).close();

        await().untilAsserted(
                        () ->
                                assertThat(route.dropped(Reason.LINE_FAILED.code()))
                                        .isEqualTo(1_000));
        assertThat(reported).containsExactly("Cannot keep a line");
    }

    @Test
    void shouldReadManySensorsAtATimeAndOneThatComesBack() throws Exception {
        route.from(unix(""));
        final SocketChannel one = connect();
        final SocketChannel other = connect();
        send(one, Samples.eve("ntp"), 500);
        send(other, Samples.eve("mqtt"), 500);
        one.close();
        send(connect(), Samples.eve("dns"), 500).close();
        other.close();

        final List<FlowRecord> expected = new ArrayList<>(Samples.ofEve("ntp"));
        expected.addAll(Samples.ofEve("mqtt"));
        expected.addAll(Samples.ofEve("dns"));
        await().untilAsserted(
                        () ->
                                assertThat(Samples.sorted(route.records))
                                        .isEqualTo(Samples.sorted(expected)));
    }

    @Test
    void shouldTurnAwayMoreSensorsThanItMayHave() throws Exception {
        route.from(unix("?maxConnections=1"));
        final SocketChannel first = connect();
        await().until(() -> route.health().getDetails().get("connections").equals(1));
        assertThat(route.health().getCheck().getId()).isEqualTo("consumer:source");

        final SocketChannel second = connect();

        assertThat(second.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        first.close();
        await().until(() -> route.health().getDetails().get("connections").equals(0));
        send(connect(), Samples.eve("ntp"), 500).close();
        final int expected = Samples.ofEve("ntp").size();
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected));
    }

    @Test
    void shouldCompleteContextsWhileTheSensorSaysNothing() throws Exception {
        route.from(unix("?wait=1"));
        send(connect(), Samples.eve("ntp").lines().findFirst().orElseThrow() + "\n", 5_000);

        await().untilAsserted(
                        () ->
                                assertThat(route.records)
                                        .extracting(FlowRecord::stage)
                                        .containsExactly(Stage.FIRST, Stage.CONTEXT));
        assertThat(route.records.get(1).end()).isEqualTo(FlowRecord.End.TIMEOUT);
    }

    @Test
    void shouldSendAgainWhatTheRouteDoesNotTakeAndReadOnMeanwhile() throws Exception {
        route.failing = true;
        route.from(unix("?redeliveryDelay=1&batchSize=64"));
        send(connect(), Samples.eve("mixed"), 10_000).close();
        await().until(
                        () ->
                                route.ledger
                                                .byDetail(Ledger.Entry.RETRIED)
                                                .getOrDefault(Reason.SOURCE_ROUTE_FAILED.code(), 0L)
                                        > 2);
        await().until(() -> (long) route.health().getDetails().get("bytes.waiting") > 0);
        assertThat(route.health().getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(route.health().getMessage().orElseThrow())
                .isEqualTo("the route has not taken a batch: the sink is out of order");

        route.failing = false;

        final int expected = Samples.ofEve("mixed").size();
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected));
        assertThat(route.health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void shouldStopReadingWhileTheRouteIsBehindAndLoseNothing() throws Exception {
        route.gate = new CountDownLatch(1);
        route.from(unix("?readAhead=65536"));
        // More than any system keeps between a socket's two ends.
        final String eve = Samples.eve("mixed") + "{\"event_type\":\"stats\"}\n".repeat(1_000_000);
        final SocketChannel sensor = connect();
        final CompletableFuture<Void> sent =
                CompletableFuture.runAsync(
                        () -> {
                            try {
                                send(sensor, eve, 65_536).close();
                            } catch (final IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        await().until(() -> (long) route.health().getDetails().get("bytes.waiting") >= 65_536);
        await().until(() -> route.ledger.total(Ledger.Entry.HELD_BACK) > 0);
        assertThat((long) route.health().getDetails().get("bytes.waiting")).isLessThan(2 * 65_536);
        assertThat(route.ledger.byDetail(Ledger.Entry.HELD_BACK)).containsOnlyKeys("socket");
        assertThat(sent).isNotDone();

        route.gate.countDown();

        sent.get();
        final List<FlowRecord> expected = Samples.ofEve("mixed");
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected.size()));
        assertThat(Samples.sorted(route.records)).isEqualTo(Samples.sorted(expected));
    }

    @Test
    void shouldSendWhatWasReadBeforeItStops() throws Exception {
        route.gate = new CountDownLatch(1);
        route.from(unix(""));
        send(connect(), Samples.eve("ntp"), 1_000).close();
        await().until(() -> route.health().getDetails().get("connections").equals(0));

        final CompletableFuture<Void> stopped = CompletableFuture.runAsync(route.context::stop);
        await().until(() -> Files.notExists(folder.resolve("eve.sock")));
        route.gate.countDown();
        stopped.get();

        assertThat(route.records).hasSize(Samples.ofEve("ntp").size());
        assertThat(route.ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    @Test
    void shouldBeDownWhereSomethingInterruptedTheThreadThatDelivers() throws Exception {
        route.interrupting = true;
        route.from(unix(""));
        send(connect(), Samples.eve("ntp"), 1_000).close();

        await().until(() -> route.health().getState() == HealthCheck.State.DOWN);
        assertThat(route.health().getMessage().orElseThrow())
                .startsWith("delivering has ended, restart the route");
    }

    @Test
    void shouldCountWhatAFailingRouteHasNotTakenWhenItStops() throws Exception {
        route.failing = true;
        route.from(unix("?redeliveryDelay=60000"));
        send(connect(), Samples.eve("ntp"), 1_000).close();
        await().until(() -> route.health().getState() == HealthCheck.State.DOWN);
        await().until(() -> route.health().getDetails().get("connections").equals(0));

        route.context.stop();

        assertThat(route.records).isEmpty();
        assertThat(route.dropped(Reason.SOURCE_STOPPED.code()))
                .isEqualTo(route.ledger.total(Ledger.Entry.EVENTS))
                .isEqualTo(Samples.ofEve("ntp").size());
    }

    @Test
    void shouldSendWhatWasReadWhereTheRouteSuspendsItOnItsOwnThread() throws Exception {
        final AtomicBoolean interrupted = new AtomicBoolean();
        route.gate = new CountDownLatch(1);
        route.taken =
                () -> {
                    ((SuspendableService) route.consumer()).suspend();
                    interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
                };
        route.from(unix("?batchSize=5"));
        send(connect(), Samples.eve("ntp"), 1_000).close();
        await().until(() -> route.health().getDetails().get("connections").equals(0));

        route.gate.countDown();

        final int expected = Samples.ofEve("ntp").size();
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected));
        assertThat(interrupted).isFalse();
        assertThat(route.ledger.total(Ledger.Entry.DROPPED)).isZero();
    }

    @Test
    void shouldCountTheLinesThatAForcedStopLeavesUnread() throws Exception {
        route.gate = new CountDownLatch(1);
        route.from(unix("?batchSize=1"));
        route.context.getExecutorServiceManager().setShutdownAwaitTermination(1);
        final String eve = Samples.eve("ntp");
        final SocketChannel sensor = send(connect(), eve, eve.length());
        await().until(() -> route.health().getDetails().get("bytes.waiting").equals(0L));
        await().until(() -> route.ledger.total(Ledger.Entry.EVENTS) > 0);
        final String more = "{\"event_type\":\"stats\"}\n".repeat(7);
        send(sensor, more, more.length()).close();
        await().until(
                        () ->
                                route.health()
                                        .getDetails()
                                        .get("bytes.waiting")
                                        .equals((long) more.length()));

        ((SuspendableService) route.consumer()).suspend();

        route.gate.countDown();

        await().until(() -> route.dropped(Reason.SOCKET_ABANDONED.code()) == 7);
    }

    @Test
    void shouldListenAgainAfterTheRouteWasStopped() throws Exception {
        route.from(unix(""));
        route.context.getRouteController().stopRoute("source");
        assertThat(folder.resolve("eve.sock")).doesNotExist();
        route.context.getRouteController().startRoute("source");

        send(connect(), Samples.eve("ntp"), 500).close();

        final int expected = Samples.ofEve("ntp").size();
        await().untilAsserted(() -> assertThat(route.records).hasSize(expected));
    }

    @Test
    void shouldNotStartWhereAnotherListens() throws Exception {
        route.from(unix(""));
        try (SourceRoute other = new SourceRoute()) {
            assertThatThrownBy(() -> other.from(unix("")))
                    .hasRootCauseMessage(
                            "cannot listen on "
                                    + folder.resolve("eve.sock")
                                    + ": another process does; stop it or choose another address");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    unix:eve.sock | address must be the absolute path of a socket file, was eve.sock
                    tcp:127.0.0.1 | address must be HOST:PORT with a port of 0 to 65535, was 127.0.0.1
                    tcp:127.0.0.1:70000 | address must be HOST:PORT with a port of 0 to 65535, was 127.0.0.1:70000
                    tcp:::1:5045 | address must be HOST:PORT with a port of 0 to 65535, was ::1:5045
                    udp:127.0.0.1:5045 | protocol must be unix or tcp, was udp
                    unix:/tmp/s?permissions=0660 | permissions must be nine characters such as rw-rw----, was 0660
                    unix:/tmp/s?maxConnections=0 | maxConnections must be 1 to 256, was 0
                    unix:/tmp/s?readAhead=1 | readAhead must be 65536 to 1073741824, was 1
                    unix:/tmp/s?format=pcap | format must be auto or one of zeek, eve, conn, ndpid here, was pcap: serveflow-pcap reads captures
                    unix:/tmp/s?batchSize=0 | batchSize must be 1 to 65536, was 0
                    """)
    void shouldRefuseOptionsThatItCannotUse(final String uri, final String message) {
        assertThatThrownBy(() -> route.from("serveflow-socket:" + uri))
                .hasStackTraceContaining(message);
    }

    private String unix(final String options) {
        return "serveflow-socket:unix:" + folder.resolve("eve.sock") + options;
    }

    private SocketChannel connect() throws IOException {
        final SocketAddress address =
                ((ServeflowSocketConsumer) route.consumer()).socket().orElseThrow().address();
        final SocketChannel sensor = SocketChannel.open(address);
        sensors.add(sensor);
        return sensor;
    }

    private static SocketChannel send(
            final SocketChannel sensor, final String text, final int piece) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += piece) {
            final ByteBuffer part = ByteBuffer.wrap(bytes, i, Math.min(piece, bytes.length - i));
            while (part.hasRemaining()) {
                sensor.write(part);
            }
        }
        return sensor;
    }
}
