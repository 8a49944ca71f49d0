/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.host;

import static io.serveflow.host.HostFlows.flow;
import static io.serveflow.host.HostFlows.p;
import static io.serveflow.host.HostFlows.verdict;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serveflow.feature.FeatureSpec;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.TestFlows;
import io.serveflow.flow.Transport;
import io.serveflow.ledger.Ledger;
import io.serveflow.model.BundleManifest;
import io.serveflow.model.TierCalibration;
import io.serveflow.model.TierSpec;
import io.serveflow.model.VoteRule;
import io.serveflow.verdict.HostVerdict;
import io.serveflow.verdict.Verdict;
import io.serveflow.verdict.VerdictStage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostVotesTest {

    private static final long WINDOW = TimeUnit.SECONDS.toMicros(600);
    private static final long GRACE = TimeUnit.SECONDS.toMicros(60);

    /** A time at which a window begins. */
    private static final long START = 2_833_333 * WINDOW;

    private static final BundleManifest MANIFEST =
            new BundleManifest(
                            "tiny",
                            "1.0.0",
                            "device",
                            "2026-11-22T00:00:00Z",
                            List.of("cam", "hub", "tv", "plug"),
                            List.of(
                                    new TierSpec(
                                            "fast",
                                            "fast.onnx",
                                            new FeatureSpec("header", 1, 1, Set.of()),
                                            TierCalibration.NONE,
                                            "cpu")),
                            List.of(),
                            Optional.empty(),
                            Optional.empty(),
                            JsonNodeFactory.instance.objectNode(),
                            JsonNodeFactory.instance.objectNode(),
                            Map.of())
                    .withVote(Optional.of(new VoteRule(VoteRule.Combination.PRODUCT, 1, 0.5, 600)));
    private static final Verdict CAM = verdict(p("cam", 0.6), p("hub", 0.2), p("tv", 0.1));
    private static final Verdict HUB = verdict(p("hub", 0.6), p("cam", 0.2), p("tv", 0.1));

    private final Ledger ledger = new Ledger();
    private long nanos;

    @Test
    void shouldSayWhatAHostIs() {
        final HostVotes votes = votes(10);
        votes.add(flow("10.0.0.7", 443, START + 1), CAM);
        votes.add(flow("10.0.0.7", 53, START + 5), CAM);
        votes.add(flow("10.0.0.8", 443, START + 3), HUB);

        final List<HostVerdict> hosts = votes.takeAll();

        assertThat(hosts).extracting(HostVerdict::host).containsExactly("10.0.0.7", "10.0.0.8");
        assertThat(hosts).extracting(HostVerdict::label).containsExactly("cam", "hub");
        final HostVerdict cam = hosts.get(0);
        assertThat(cam.flows()).isEqualTo(2);
        assertThat(cam.firstMicros()).isEqualTo(START + 1);
        assertThat(cam.lastMicros()).isEqualTo(START + 5);
        assertThat(cam.startMicros()).isEqualTo(START);
        assertThat(cam.endMicros()).isEqualTo(START + WINDOW);
        assertThat(cam.confidence()).isCloseTo(0.730, within(0.001));
        assertThat(cam.top()).hasSize(3);
        assertThat(votes.size()).isZero();
    }

    @Test
    void shouldCallAHostUnknownWhereMostOfItsFlowsAre() {
        final HostVotes votes = votes(10);
        votes.add(
                flow("10.0.0.7", 443, START),
                verdict(Verdict.UNKNOWN, VerdictStage.FINAL, p("cam", 0.1), p("hub", 0.1)));

        assertThat(votes.takeAll().get(0))
                .satisfies(host -> assertThat(host.label()).isEqualTo(Verdict.UNKNOWN))
                .satisfies(host -> assertThat(host.unknownFlows()).isEqualTo(1))
                .satisfies(host -> assertThat(host.confidence()).isLessThan(1));
    }

    @Test
    void shouldPassOverWhatDoesNotStandOrIsOfNoHostOrOfAnotherBundle() {
        final HostVotes votes = votes(10);
        votes.add(
                flow("10.0.0.7", 443, START),
                verdict("cam", VerdictStage.PROVISIONAL, p("cam", 0.6)));
        votes.add(
                flow(new FlowTuple(Transport.UDP, "0.0.0.0", 68, "255.255.255.255", 67), START),
                CAM);
        votes.add(
                flow("10.0.0.7", 443, START),
                TestFlows.verdict("fast", VerdictStage.FINAL, "cam", 0.1));

        assertThat(votes.takeAll()).isEmpty();
    }

    @Test
    void shouldPutAFlowIntoTheWindowInWhichItBegan() {
        final HostVotes votes = votes(10);
        votes.add(flow("10.0.0.7", 443, START + WINDOW - 1), CAM);
        votes.add(flow("10.0.0.7", 443, START + WINDOW), HUB);

        assertThat(votes.takeAll())
                .extracting(HostVerdict::startMicros, HostVerdict::label)
                .containsExactly(tuple(START, "cam"), tuple(START + WINDOW, "hub"));
    }

    @Test
    void shouldEndAWindowWhenTheGraceIsOver() {
        final HostVotes votes = votes(10);
        votes.add(flow("10.0.0.7", 443, START), CAM);
        nanos += TimeUnit.MICROSECONDS.toNanos(GRACE);
        votes.add(flow("10.0.0.8", 443, START + WINDOW + GRACE - 1), CAM);
        assertThat(votes.takeOver()).isEmpty();

        votes.add(flow("10.0.0.8", 443, START + WINDOW + GRACE), CAM);

        assertThat(votes.takeOver()).extracting(HostVerdict::host).containsExactly("10.0.0.7");
        assertThat(votes.takeOver()).isEmpty();
        assertThat(votes.size()).isEqualTo(1);
    }

    /** An old capture that is read beside a live sensor. */
    @Test
    void shouldNotEndAWindowThatIsStillAddedTo() {
        final HostVotes votes = votes(10);
        votes.add(flow("10.0.0.8", 443, START + 1000 * WINDOW), CAM);
        votes.add(flow("10.0.0.7", 443, START), CAM);
        nanos += TimeUnit.MICROSECONDS.toNanos(GRACE) - 1;
        assertThat(votes.takeOver()).isEmpty();

        votes.add(flow("10.0.0.7", 53, START + 1), CAM);
        nanos++;
        assertThat(votes.takeOver()).isEmpty();

        nanos += TimeUnit.MICROSECONDS.toNanos(GRACE);
        assertThat(votes.takeOver()).extracting(HostVerdict::flows).containsExactly(2L);
    }

    @Test
    void shouldForgetTheHostThatWasSilentLongestAndCountIt() {
        final HostVotes votes = votes(2);
        votes.add(flow("10.0.0.7", 443, START), CAM);
        votes.add(flow("10.0.0.8", 443, START + 1), CAM);
        votes.add(flow("10.0.0.7", 443, START + 2), CAM);

        votes.add(flow("10.0.0.9", 443, START + 3), CAM);

        assertThat(votes.takeAll())
                .extracting(HostVerdict::host)
                .containsExactly("10.0.0.7", "10.0.0.9");
        assertThat(ledger.byDetail(Ledger.Entry.EVICTED))
                .containsExactly(Map.entry(HostVotes.HOST_TABLE_FULL, 1L));
    }

    @Test
    void shouldVoteOverAllThereIsWithoutWindows() {
        final HostVotes votes =
                new HostVotes(
                        MANIFEST,
                        HostFlows.BUNDLE,
                        new HostVotes.Options(10, 0, false),
                        ledger,
                        () -> nanos);
        votes.add(flow("10.0.0.7", 443, START), CAM);
        votes.add(flow("10.0.0.7", 443, START + 5 * WINDOW), CAM);

        assertThat(votes.takeOver()).isEmpty();
        assertThat(votes.takeAll())
                .extracting(HostVerdict::startMicros, HostVerdict::endMicros, HostVerdict::flows)
                .containsExactly(tuple(START, START + 5 * WINDOW + 1, 2L));
    }

    @Test
    void shouldRefuseABundleWithoutAVote() {
        assertThatThrownBy(
                        () ->
                                new HostVotes(
                                        MANIFEST.withVote(Optional.empty()),
                                        HostFlows.BUNDLE,
                                        new HostVotes.Options(10, GRACE, true),
                                        ledger,
                                        () -> nanos))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bundle tiny has no vote");
    }

    private HostVotes votes(final int maxHosts) {
        return new HostVotes(
                MANIFEST,
                HostFlows.BUNDLE,
                new HostVotes.Options(maxHosts, GRACE, true),
                ledger,
                () -> nanos);
    }
}
