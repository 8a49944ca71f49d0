/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serveflow.batch.FlowBatch;
import io.serveflow.camel.sensor.Samples;
import io.serveflow.camel.sensor.SourceRoute;
import io.serveflow.camel.sensor.pcap.ServeflowPcapConsumer.Progress;
import io.serveflow.camel.support.StopSignal;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowRecord.Stage;
import io.serveflow.ledger.DeadLetter;
import io.serveflow.ledger.Ledger;
import io.serveflow.ledger.Reason;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServeflowPcapTest {

    private static final Path MIXED = ProjectFiles.capture("mixed.pcap.gz");
    private static final Path NTP = ProjectFiles.capture("ntp.pcap");
    private static final Path SSH = ProjectFiles.capture("ssh.pcapng");

    private final SourceRoute route = new SourceRoute();

    @TempDir private Path folder;

    @AfterEach
    void close() {
        route.close();
    }

    @Test
    void shouldGiveTheRecordsOfTheCapture() throws Exception {
        route.from("serveflow-pcap:" + MIXED + "?batchSize=256");
        await().until(() -> progress().equals(Optional.of(Progress.COMPLETED)));

        final List<FlowRecord> expected = recordsOf(MIXED);
        assertThat(Samples.sorted(route.records)).isEqualTo(Samples.sorted(expected));
        assertThat(route.ledger.byDetail(Ledger.Entry.EVENTS))
                .isEqualTo(Map.of("pcap", (long) expected.size()));
        assertThat(route.batches).extracting(FlowBatch::size).allMatch(size -> size <= 256);
    }

    @Test
    void shouldSayInItsHealthWhenItIsDone() throws Exception {
        route.from("serveflow-pcap:" + NTP);
        await().until(() -> progress().equals(Optional.of(Progress.COMPLETED)));

        final HealthCheck.Result health = route.health();

        assertThat(health.getCheck().getId()).isEqualTo("consumer:source");
        assertThat(health.getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(health.getDetails())
                .containsEntry("replay", "completed")
                .containsEntry("captures", 1)
                .containsEntry("captures.done", 1)
                .containsEntry("packets", 75L)
                .containsEntry("records", (long) recordsOf(NTP).size());
    }

    @Test
    void shouldReplayEveryCaptureThatMatchesInTheOrderOfNames() throws Exception {
        Files.copy(SSH, folder.resolve("2.pcap"));
        Files.copy(NTP, folder.resolve("1.pcap"));
        Files.writeString(folder.resolve("notes.txt"), "no capture");
        route.from("serveflow-pcap:" + folder + "/*.pcap");
        await().until(() -> progress().equals(Optional.of(Progress.COMPLETED)));

        final List<FlowRecord> expected = new ArrayList<>(recordsOf(NTP));
        final FlowRecord lastOfTheFirst = expected.get(expected.size() - 1);
        expected.addAll(recordsOf(SSH));
        assertThat(Samples.sorted(route.records)).isEqualTo(Samples.sorted(expected));
        assertThat(route.records.get(recordsOf(NTP).size() - 1).id())
                .isEqualTo(lastOfTheFirst.id());
        assertThat(route.health().getDetails()).containsEntry("captures.done", 2);
    }

    @Test
    void shouldEndTheFlowsOfACaptureWithIt() throws Exception {
        Files.copy(NTP, folder.resolve("1.pcap"));
        Files.copy(NTP, folder.resolve("2.pcap"));
        route.from("serveflow-pcap:" + folder + "/*.pcap");
        await().until(() -> progress().equals(Optional.of(Progress.COMPLETED)));

        assertThat(route.records).hasSize(2 * recordsOf(NTP).size());
    }

    @Test
    void shouldHoldTheReplayWhileTheRouteFails() throws Exception {
        route.failing = true;
        route.from("serveflow-pcap:" + MIXED + "?redeliveryDelay=1&batchSize=16");
        await().until(() -> route.ledger.total(Ledger.Entry.RETRIED) > 2);
        assertThat(progress()).hasValue(Progress.RUNNING);
        assertThat(route.health().getState()).isEqualTo(HealthCheck.State.DOWN);

        route.failing = false;

        await().until(() -> progress().equals(Optional.of(Progress.COMPLETED)));
        assertThat(Samples.sorted(route.records)).isEqualTo(Samples.sorted(recordsOf(MIXED)));
        assertThat(route.health().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void shouldBeAbortedByAStopAndBeginAnewWithTheNextStart() throws Exception {
        route.failing = true;
        route.from("serveflow-pcap:" + MIXED + "?redeliveryDelay=60000&batchSize=16");
        await().until(() -> route.health().getState() == HealthCheck.State.DOWN);
        route.context.getRouteController().stopRoute("source");
        assertThat(progress()).hasValue(Progress.ABORTED);
        assertThat(route.dropped(Reason.SOURCE_STOPPED.code()))
                .isEqualTo(route.ledger.total(Ledger.Entry.EVENTS));

        route.failing = false;
        route.context.getRouteController().startRoute("source");

        await().until(() -> progress().equals(Optional.of(Progress.COMPLETED)));
        assertThat(Samples.sorted(route.records)).isEqualTo(Samples.sorted(recordsOf(MIXED)));
    }

    @Test
    void shouldFailWhereSomethingInterruptedIt() throws Exception {
        route.interrupting = true;
        route.from("serveflow-pcap:" + MIXED + "?batchSize=16");

        await().until(() -> progress().equals(Optional.of(Progress.FAILED)));
        assertThat(route.health().getState()).isEqualTo(HealthCheck.State.DOWN);
    }

    @Test
    void shouldGoOnWithTheNextCaptureAfterOneThatIsCutOff() throws Exception {
        final byte[] whole = Files.readAllBytes(NTP);
        Files.write(folder.resolve("1.pcap"), Arrays.copyOf(whole, whole.length - 1));
        Files.copy(NTP, folder.resolve("2.pcap"));
        route.from("serveflow-pcap:" + folder + "/*.pcap");
        await().until(() -> progress().equals(Optional.of(Progress.COMPLETED)));

        assertThat(route.letters)
                .extracting(DeadLetter::reason)
                .containsExactly("truncated_capture");
        assertThat(route.records).hasSizeGreaterThan(recordsOf(NTP).size());
    }

    @ParameterizedTest
    @CsvSource({"recorded, 1", "10, 10"})
    void shouldGiveRecordsWhenTheirPacketsCame(final String speed, final long factor)
            throws Exception {
        final FakeClock clock = new FakeClock();
        final Path capture = datagrams(0, 1, 30);
        final List<String> given = replay(capture, speed, clock);

        /* The context of the first two flows is due when their wait of 10 s is over. */
        assertThat(given).hasSize(6);
        assertThat(given.get(0)).isEqualTo("FIRST 0");
        assertThat(given.get(1)).isEqualTo("FIRST " + 1_000 / factor);
        assertThat(given.get(2)).startsWith("CONTEXT TIMEOUT ");
        assertThat(millis(given.get(2))).isBetween(10_000 / factor, 10_000 / factor + 100);
        assertThat(millis(given.get(3))).isBetween(11_000 / factor, 11_000 / factor + 100);
        assertThat(given.get(4)).isEqualTo("FIRST " + 30_000 / factor);
        assertThat(given.get(5)).isEqualTo("CONTEXT END " + 30_000 / factor);
    }

    @Test
    void shouldNotWaitAtFullSpeed() throws Exception {
        final FakeClock clock = new FakeClock();

        assertThat(replay(datagrams(0, 1, 30), "full", clock)).hasSize(6);
        assertThat(clock.nanos()).isZero();
    }

    @Test
    void shouldMakeUpForTheTimeInWhichTheRouteWasBehind() throws Exception {
        final FakeClock clock = new FakeClock();
        clock.delayOfTheRoute = TimeUnit.SECONDS.toNanos(20);

        final List<String> given = replay(datagrams(0, 1, 50), "recorded", clock);

        assertThat(given)
                .containsExactly(
                        "FIRST 20000",
                        "FIRST 40000",
                        "CONTEXT TIMEOUT 60000",
                        "CONTEXT TIMEOUT 60000",
                        "FIRST 80000",
                        "CONTEXT END 100000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.pcap", "*.pcap"})
    void shouldNotStartWithoutACapture(final String name) {
        assertThatThrownBy(() -> route.from("serveflow-pcap:" + folder + "/" + name))
                .rootCause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.resolve(name).toString());
    }

    @Test
    void shouldNotStartWithAFolder() {
        assertThatThrownBy(() -> route.from("serveflow-pcap:" + folder))
                .hasRootCauseMessage(
                        folder
                                + " is a folder; name the captures in it, as in "
                                + folder
                                + "/*.pcap");
    }

    @Test
    void shouldNotStartWithAFileThatIsNoCapture() throws IOException {
        Files.copy(NTP, folder.resolve("1.pcap"));
        Files.writeString(folder.resolve("2.pcap"), "no capture");

        assertThatThrownBy(() -> route.from("serveflow-pcap:" + folder + "/*.pcap"))
                .rootCause()
                .hasMessageStartingWith(folder.resolve("2.pcap") + " is neither a pcap nor");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    speed=fast | speed must be full, recorded or a factor of 0.001 to 1000000, was fast
                    format=eve | format must be auto or pcap here, was eve
                    """)
    void shouldRefuseOptionsThatItCannotUse(final String option, final String message) {
        assertThatThrownBy(() -> route.from("serveflow-pcap:" + NTP + "?" + option))
                .hasStackTraceContaining(message);
    }

    private Optional<Progress> progress() {
        return ((ServeflowPcapConsumer) route.consumer()).progress();
    }

    private static long millis(final String given) {
        return Long.parseLong(given.substring(given.lastIndexOf(' ') + 1));
    }

    /** What was given out, each with the milliseconds since the start. */
    private List<String> replay(final Path capture, final String speed, final FakeClock clock)
            throws Exception {
        final List<String> given = new CopyOnWriteArrayList<>();
        final ServeflowPcapEndpoint endpoint =
                route.context.getEndpoint(
                        "serveflow-pcap:" + capture + "?speed=" + speed,
                        ServeflowPcapEndpoint.class);
        final ServeflowPcapConsumer consumer =
                new ServeflowPcapConsumer(
                        endpoint,
                        exchange -> {
                            final FlowBatch batch =
                                    exchange.getMessage().getMandatoryBody(FlowBatch.class);
                            clock.pass(clock.delayOfTheRoute);
                            for (int i = 0; i < batch.size(); i++) {
                                final FlowRecord record = batch.record(i);
                                given.add(
                                        (record.stage() == Stage.FIRST
                                                        ? "FIRST "
                                                        : "CONTEXT " + record.end() + " ")
                                                + TimeUnit.NANOSECONDS.toMillis(clock.nanos()));
                            }
                        },
                        clock);
        consumer.start();
        await().until(() -> consumer.progress().equals(Optional.of(Progress.COMPLETED)));
        consumer.stop();
        return given;
    }

    private static List<FlowRecord> recordsOf(final Path capture) throws IOException {
        return Samples.records(
                SensorInput.open(
                        capture,
                        SensorFormats.installed().only("pcap"),
                        FlowAssembler.Options.defaults("serveflow"),
                        new Ledger(),
                        letter -> {}));
    }

    /** A capture with a datagram of a flow of its own at each of these seconds. */
    private Path datagrams(final int... seconds) throws IOException {
        final int frame = 20 + 8 + 4;
        final ByteBuffer capture = ByteBuffer.allocate(24 + seconds.length * (16 + frame));
        capture.putInt(0xa1b2c3d4).putInt(0x00020004).putLong(0).putInt(65_535).putInt(101);
        for (int i = 0; i < seconds.length; i++) {
            capture.putInt(1_700_000_000 + seconds[i]).putInt(0).putInt(frame).putInt(frame);
            capture.put((byte) 0x45).put((byte) 0).putShort((short) frame).putInt(0);
            capture.put((byte) 64).put((byte) 17).putShort((short) 0);
            capture.putInt(0x0a000005).putInt(0x0a000006);
            capture.putShort((short) (1_000 + i)).putShort((short) 53);
            capture.putShort((short) 12).putShort((short) 0).putInt(0);
        }
        return Files.write(folder.resolve("datagrams.pcap"), capture.array());
    }

    /** A clock on which nothing takes time but pauses and, if it is set so, the route. */
    private static final class FakeClock implements ReplayClock {

        private final AtomicLong now = new AtomicLong();
        private volatile long delayOfTheRoute;

        @Override
        public long nanos() {
            return now.get();
        }

        @Override
        public void pause(final long nanos, final StopSignal stop) {
            now.addAndGet(nanos);
        }

        private void pass(final long nanos) {
            now.addAndGet(nanos);
        }
    }
}
