/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.serveflow.batch.SourceClock;
import io.serveflow.ledger.Ledger;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A route that fails, is slow, is stopped or suspended, and what health says meanwhile. */
class TailRouteTest {

    @TempDir private Path folder;
    private Path log;

    @BeforeEach
    void begin() throws IOException {
        log = folder.resolve("serveflow.log");
        NumberedLines.append(log, 0, 10);
    }

    @Test
    void shouldNameTheObserverOfEachLogAfterItsFile() throws Exception {
        final Path other = folder.resolve("serveflow-eth1.log");
        NumberedLines.append(other, 10, 20);
        try (Tail tail =
                Tail.start(
                        folder,
                        folder.resolve("serveflow*.log").toString(),
                        "observer=zeek-{file}")) {
            await().until(() -> tail.records.size() == 20);
            Files.move(other, folder.resolve("serveflow-eth1.log.1"));
            NumberedLines.append(folder.resolve("serveflow-eth1.log.1"), 20, 25);
            NumberedLines.append(other, 25, 30);
            await().until(() -> tail.records.size() == 30);

            assertThat(tail.records)
                    .extracting(record -> record.id().observer())
                    .containsOnly("zeek-serveflow", "zeek-serveflow-eth1")
                    .filteredOn("zeek-serveflow"::equals)
                    .hasSize(10);
        }
    }

    /**
     * The contexts that such flows wait for are in the log, behind what the route does not take.
     */
    @Test
    void shouldLetNoTimePassForFlowsThatWaitWhileTheRouteTakesNothing() throws Exception {
        try (Tail tail = Tail.create(folder, log.toString(), "")) {
            tail.holds = true;
            tail.context.start();
            tail.awaitExactly(0, 10);
            final SourceClock clock = tail.held.element().clock();
            tail.fails = true;
            final int before = tail.deliveries;
            NumberedLines.append(log, 10, 20);
            await().until(() -> tail.deliveries > before);
            NumberedLines.append(log, 20, 30);
            final AtomicLong stood = new AtomicLong();
            await().until(() -> stood.getAndSet(clock.nanos()) == clock.nanos());

            tail.fails = false;

            tail.awaitExactly(0, 30);
            assertThat(clock.nanos()).isGreaterThan(stood.get());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "zeek-{file}, zeek-eve",
        "{folder}, suricata",
        "{path}, /var/log/suricata/eve-*.json",
        "sensor, sensor"
    })
    void shouldTellALogByWhatItIsCalled(final String observer, final String name) {
        assertThat(LogName.inPlaceholders(observer, "/var/log/suricata/eve-*.json"))
                .isEqualTo(name);
    }

    @Test
    void shouldReadRowsBelowAHeaderWithAByteOrderMark() throws Exception {
        final Path conn = folder.resolve("x.log");
        final String row = "1.5\tC%d\t192.0.2.1\t1\t192.0.2.2\t2\tudp\tSF\n";
        Files.writeString(
                conn,
                "\ufeff#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h"
                        + "\tid.resp_p\tproto\tconn_state\n"
                        + row.formatted(1));
        try (Tail tail = Tail.start(folder, conn.toString(), "")) {
            await().until(() -> tail.uids().equals(List.of("C1")));
        }
        Files.writeString(conn, row.formatted(2), StandardOpenOption.APPEND);
        try (Tail tail = Tail.start(folder, conn.toString(), "")) {
            await().until(() -> tail.uids().equals(List.of("C2")));
            assertThat(tail.letters).isEmpty();
        }
    }

    @Test
    void shouldReadRowsBelowAHeaderThatStandsBehindBlankLines() throws Exception {
        final Path conn = folder.resolve("x.log");
        final String row = "1.5\tC%d\t192.0.2.1\t1\t192.0.2.2\t2\tudp\tSF\n";
        Files.writeString(
                conn,
                "\n \r\n#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h"
                        + "\tid.resp_p\tproto\tconn_state\n"
                        + row.formatted(1));
        try (Tail tail = Tail.start(folder, conn.toString(), "")) {
            await().until(() -> tail.uids().equals(List.of("C1")));
        }
        Files.writeString(conn, row.formatted(2), StandardOpenOption.APPEND);
        try (Tail tail = Tail.start(folder, conn.toString(), "")) {
            await().until(() -> tail.uids().equals(List.of("C2")));
            assertThat(tail.letters).isEmpty();
        }
    }

    @Test
    void shouldSayWhatWasSkippedOfALogThatIsOfNoUse() throws Exception {
        final Logger logger = (Logger) LoggerFactory.getLogger(LogFollower.class);
        final ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(said);
        final Path dns = folder.resolve("dns.log");
        Files.writeString(dns, "{\"ts\":1.5,\"query\":\"x\"}\n".repeat(3));
        try (Tail tail = Tail.start(folder, dns.toString(), "")) {
            await().until(
                            () ->
                                    tail.ledger
                                            .byDetail(Ledger.Entry.SKIPPED)
                                            .equals(Map.of("other_log", 3L)));
        } finally {
            logger.detachAppender(said);
            logger.setLevel(null);
        }

        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .endsWith("has skipped 3 packets or lines: 3 other_log.");
    }

    @Test
    void shouldReadWhatAContainerEngineWrote() throws Exception {
        final Path docker = folder.resolve("c-json.log");
        final String line = NumberedLines.json(1).strip();
        Files.writeString(
                docker,
                "{\"log\":\""
                        + line.replace("\"", "\\\"")
                        + "\\n\",\"stream\":\"stdout\",\"time\":\"2023-11-14T22:13:25Z\"}\n"
                        + "{\"log\":\"cut\",\"stream\":\"stdout\",\"time\":\"2023\"}\n");
        try (Tail tail = Tail.start(folder, docker.toString(), "")) {
            tail.awaitExactly(1, 2);
            await().until(() -> tail.letters.size() == 1);
            assertThat(tail.letters.get(0).detail())
                    .startsWith("a container engine's log has only");
        }
    }

    @Test
    void shouldSendABatchAgainUntilTheRouteTakesIt() throws Exception {
        try (Tail tail = Tail.create(folder, log.toString(), "")) {
            tail.fails = true;
            tail.context.start();
            await().until(() -> tail.deliveries > 3);
            assertThat(tail.health().getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(tail.health().getMessage()).get().asString().contains("the sink is away");
            tail.fails = false;

            tail.awaitExactly(0, 10);
            assertThat(tail.ledger.byDetail(Ledger.Entry.RETRIED))
                    .containsOnlyKeys("source_route_failed");
            await().until(() -> tail.health().getState() == HealthCheck.State.UP);
        }
    }

    @Test
    void shouldReadAgainWhatTheRouteHadNotTakenWhenItStopped() throws Exception {
        try (Tail tail = Tail.create(folder, log.toString(), "redeliveryDelay=60000")) {
            tail.fails = true;
            tail.context.start();
            await().until(() -> tail.deliveries > 0);
            tail.context.stop();
            assertThat(tail.uids()).isEmpty();
        }
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
        }
    }

    @Test
    void shouldKeepThePositionOfFlowsThatStillWaitForTheirAnswer() throws Exception {
        try (Tail tail = Tail.create(folder, log.toString(), "batchSize=1")) {
            tail.holds = true;
            tail.context.start();
            tail.awaitExactly(0, 10);
            for (int i = 0; i < 4; i++) {
                tail.held.remove().release();
            }
            tail.held.stream().skip(1).forEach(receipt -> receipt.release());
            tail.context.getShutdownStrategy().setTimeout(1);
        }
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(4, 10);
        }
    }

    /** As where a shutdown runs out of time; a file channel is closed under such a thread. */
    @Test
    void shouldKeepItsPositionWhenItIsStoppedByAThreadThatIsInterrupted() throws Exception {
        try (Tail tail = Tail.create(folder, log.toString(), "positionDelay=60000")) {
            tail.context.start();
            tail.awaitExactly(0, 10);
            await().until(
                            () ->
                                    ((ServeflowTailConsumer)
                                                            tail.context
                                                                    .getRoutes()
                                                                    .get(0)
                                                                    .getConsumer())
                                                    .getPendingExchangesSize()
                                            == 1);
            Thread.currentThread().interrupt();
            tail.context.getRoutes().get(0).getConsumer().stop();
            assertThat(Thread.interrupted()).isTrue();
        }
        // Who is interrupted does not wait for the thread that reads, which lets go of the file.
        await().ignoreExceptions()
                .untilAsserted(
                        () -> PositionFile.open(Tail.positionFile(folder), log.toString()).close());
        NumberedLines.append(log, 10, 20);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 20);
        }
    }

    @Test
    void shouldWaitForTheAnswersToAllFlowsWhenItStops() throws Exception {
        try (Tail tail = Tail.create(folder, log.toString(), "")) {
            tail.holds = true;
            tail.context.getShutdownStrategy().setTimeout(30);
            tail.context.start();
            tail.awaitExactly(0, 10);
            final CompletableFuture<Void> stop =
                    CompletableFuture.runAsync(() -> tail.context.stop());
            await().until(() -> tail.context.getStatus().isStopping());
            tail.releaseAll();
            stop.get(20, TimeUnit.SECONDS);
        }
        NumberedLines.append(log, 10, 20);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(10, 20);
        }
    }

    @Test
    void shouldReadNothingWhileItIsSuspendedAndThenGoOn() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            tail.suspend();
            NumberedLines.append(log, 10, 20);
            assertThat(tail.uids()).hasSize(10);
            tail.resume();

            tail.awaitExactly(0, 20);
        }
    }

    @Test
    void shouldGiveEachFlowOnceWhereTheRouteSuspendsItOnItsOwnThread() throws Exception {
        final AtomicBoolean interrupted = new AtomicBoolean();
        try (Tail tail = Tail.create(folder, log.toString(), "batchSize=2")) {
            tail.taken =
                    () -> {
                        tail.suspendConsumer();
                        interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
                    };
            tail.context.start();
            await().until(tail::isConsumerSuspended);
            tail.taken = () -> {};
            tail.resumeConsumer();
            NumberedLines.append(log, 10, 20);

            tail.awaitExactly(0, 20);
            assertThat(interrupted).isFalse();
        }
    }

    @Test
    void shouldTryAgainWhenADeadLetterCannotBeKept() throws Exception {
        NumberedLines.append(log, "no record\n");
        NumberedLines.append(log, 10, 20);
        try (Tail tail = Tail.create(folder, log.toString(), "")) {
            tail.deadLetters = false;
            tail.context.start();
            await().until(() -> tail.health().getState() == HealthCheck.State.DOWN);
            assertThat(tail.health().getMessage()).get().asString().contains("disk is full");
            tail.deadLetters = true;

            tail.awaitExactly(0, 20);
            assertThat(tail.letters).hasSize(1);
            await().until(() -> tail.health().getState() == HealthCheck.State.UP);
        }
    }

    @Test
    void shouldBeDownWhileTheFileCannotBeRead() throws Exception {
        final Path loop = folder.resolve("loop.log");
        Files.createSymbolicLink(loop, loop);
        try (Tail tail = Tail.start(folder, loop.toString(), "")) {
            await().until(() -> tail.health().getState() == HealthCheck.State.DOWN);
            assertThat(tail.health().getMessage()).get().asString().contains(loop.toString());
            Files.delete(loop);
            Files.createLink(loop, log);

            tail.awaitExactly(0, 10);
            await().until(() -> tail.health().getState() == HealthCheck.State.UP);
        }
    }

    /** It started without a word, and read nothing. */
    @Test
    void shouldSayOnceThatAFileCannotBeReadAndOnceThatItCan() throws Exception {
        final Path loop = folder.resolve("loop.log");
        Files.createSymbolicLink(loop, loop);
        try (SaidOfLogs said = SaidOfLogs.fromNowOn();
                Tail tail = Tail.start(folder, loop.toString(), "scanDelay=1")) {
            await().until(() -> tail.health().getState() == HealthCheck.State.DOWN);
            Files.delete(loop);
            Files.createLink(loop, log);
            tail.awaitExactly(0, 10);
            await().until(() -> tail.health().getState() == HealthCheck.State.UP);
            await().until(() -> said.lines().size() > 1);

            assertThat(said.lines())
                    .satisfiesExactly(
                            warned ->
                                    assertThat(warned)
                                            .startsWith("WARN " + loop + " cannot be read: ")
                                            .endsWith("; it is tried again until that is over"),
                            over -> assertThat(over).isEqualTo("INFO " + loop + ": that is over"));
        }
    }

    /** Whether there is a file was taken for a no. */
    @Test
    void shouldBeDownWhileAFolderOfTheFileIsClosed() throws Exception {
        final Path closed = folder.resolve("closed");
        Files.createSymbolicLink(closed, closed);
        try (Tail tail = Tail.start(folder, closed.resolve("serveflow.log").toString(), "")) {
            await().until(() -> tail.health().getState() == HealthCheck.State.DOWN);
            assertThat(tail.health().getMessage())
                    .get()
                    .asString()
                    .contains("it cannot be seen whether there is a file " + closed)
                    .contains("let this user enter the folders above it");
        }
    }

    @Test
    void shouldBeUpWhereAFileHasTheNameOfAFolderOfAGlob() throws Exception {
        final Path read = Files.createDirectory(folder.resolve("a")).resolve("serveflow.log");
        Files.copy(log, read);
        try (Tail tail = Tail.start(folder, folder + "/*/serveflow.log", "")) {
            tail.awaitExactly(0, 10);
            assertThat(tail.health().getState()).isEqualTo(HealthCheck.State.UP);
        }
    }

    @Test
    void shouldNameTheCureWhereAFileIsClosedToTheUser() {
        assertThat(Unreadable.sentence(log, new AccessDeniedException(log.toString())))
                .startsWith(log + " cannot be read: the user of this process, ")
                .contains(System.getProperty("user.name"), "SupplementaryGroups=zeek")
                .doesNotContain("Exception");
    }

    @Test
    void shouldSayNoMoreThanAFewOfManyThatCannotBeRead() {
        final List<String> warned = new ArrayList<>();
        final List<String> over = new ArrayList<>();
        final Unreadable unreadable = new Unreadable(warned::add, over::add);
        final List<Trouble> many =
                IntStream.range(0, 100).mapToObj(i -> Trouble.of(i, "closed " + i)).toList();

        unreadable.are(many);
        unreadable.are(many);
        unreadable.are(List.of());
        unreadable.are(List.of());

        assertThat(warned).hasSize(Unreadable.MAX_SAID);
        assertThat(over).hasSize(Unreadable.MAX_SAID).allMatch(one -> one.endsWith("is over"));
    }

    @Test
    void shouldSayOfEachFileThatItIsOverWhileAnotherCannotBeRead() throws Exception {
        final Path first = folder.resolve("loop1.log");
        final Path second = folder.resolve("loop2.log");
        Files.createSymbolicLink(first, first);
        Files.createSymbolicLink(second, second);
        try (SaidOfLogs said = SaidOfLogs.fromNowOn();
                Tail tail = Tail.start(folder, folder + "/loop*.log", "scanDelay=1")) {
            await().until(() -> said.lines().size() == 2);
            Files.delete(first);
            Files.copy(log, first);
            tail.awaitExactly(0, 10);
            await().until(() -> said.lines().size() == 3);
            assertThat(said.lines().get(2)).isEqualTo("INFO " + first + ": that is over");
            assertThat(tail.health().getState()).isEqualTo(HealthCheck.State.DOWN);
        }
    }

    /** As lost+found; whoever reads gets no rights of the superuser. */
    @Test
    void shouldBeUpWhereAFolderIsClosedThatAGlobAloneLeadsTo() throws Exception {
        final Path zeek = Files.createDirectory(folder.resolve("zeek"));
        Files.copy(log, zeek.resolve("serveflow.log"));
        final Path closed = closed(Files.createDirectory(folder.resolve("lost+found")));

        assertThat(UnprivilegedReader.read(folder, folder + "/*/serveflow.log"))
                .contains("10 UP\n")
                .contains(
                        "INFO left out: it cannot be seen whether there is a file "
                                + closed.resolve("serveflow.log"))
                .doesNotContain("WARN");
    }

    @Test
    void shouldBeDownWhereTheLogIsClosedToTheUser() throws Exception {
        closed(log);

        assertThat(UnprivilegedReader.read(folder, log.toString()))
                .contains("0 DOWN\n")
                .contains("WARN " + log + " cannot be read: the user of this process, ")
                .contains("SupplementaryGroups=zeek");
    }

    private static Path closed(final Path path) throws IOException {
        return Files.setPosixFilePermissions(path, Set.of());
    }

    @Test
    void shouldSayThatReadingHasEndedWhereSomethingInterruptedIt() throws Exception {
        try (Tail tail = Tail.create(folder, log.toString(), "")) {
            tail.interrupts = true;
            tail.context.start();
            await().until(() -> tail.health().getState() == HealthCheck.State.DOWN);
            assertThat(tail.health().getMessage())
                    .get()
                    .asString()
                    .contains("reading has ended, restart the route");
            tail.interrupts = false;
            tail.context.getRouteController().stopRoute("tail");
            tail.context.getRouteController().startRoute("tail");
            NumberedLines.append(log, 10, 20);

            tail.awaitExactly(0, 20);
            assertThat(tail.health().getState()).isEqualTo(HealthCheck.State.UP);
        }
    }

    @Test
    void shouldBeUpWhileItWaitsForTheFile() throws Exception {
        try (Tail tail = Tail.start(folder, folder.resolve("later.log").toString(), "")) {
            assertThat(tail.health().getState()).isEqualTo(HealthCheck.State.UP);
        }
    }

    @Test
    void shouldGoOnWhilePositionsCannotBeWritten() throws Exception {
        final Path state = Tail.positionFile(folder).getParent();
        final Path away = folder.resolve("away");
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            Files.move(state, away);
            NumberedLines.append(log, 10, 20);
            tail.awaitExactly(0, 20);
            await().until(() -> tail.health().getState() == HealthCheck.State.DOWN);
            assertThat(tail.health().getMessage())
                    .get()
                    .asString()
                    .contains("positions cannot be written");
            Files.move(away, state);
            NumberedLines.append(log, 20, 30);

            tail.awaitExactly(0, 30);
            await().until(() -> tail.health().getState() == HealthCheck.State.UP);
        }
        NumberedLines.append(log, 30, 40);
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(30, 40);
        }
    }

    @Test
    void shouldCountWhatItRead() throws Exception {
        try (Tail tail = Tail.start(log)) {
            tail.awaitExactly(0, 10);
            assertThat(tail.ledger.byDetail(Ledger.Entry.EVENTS)).isEqualTo(Map.of("zeek", 10L));
        }
    }
}
