/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serveflow.flow.FlowId;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.Packets;
import io.serveflow.flow.Transport;
import io.serveflow.model.VoteRule;
import io.serveflow.model.VoteRule.Combination;
import io.serveflow.verdict.Verdict.LabelProbability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VoteScoresTest {

    private static final List<String> NAMES = List.of("cam", "hub", "tv", "plug");
    private static final VoteRule RULE = new VoteRule(Combination.PRODUCT, 1, 0, 600);

    private final List<Ballot> ballots = new ArrayList<>();

    /** The first flow points to the hub, the two that follow to the camera that it is. */
    @Test
    void shouldScoreAfterTheFirstFlowsAndAfterAll() {
        ballot("a", "10.0.0.7", 1, "cam", "hub", 0.6);
        ballot("a", "10.0.0.7", 3, "cam", "cam", 0.9);
        ballot("a", "10.0.0.7", 2, "cam", "cam", 0.9);
        ballot("b", "10.0.0.7", 1, "hub", "hub", 0.9);

        final VoteScores scores = scores();

        assertThat(scores.captures().all().flows()).isEqualTo(2);
        assertThat(scores.captures().first().get(1).accuracy()).isEqualTo(0.5);
        assertThat(scores.captures().first().get(3).accuracy()).isEqualTo(1);
        assertThat(scores.captures().all().accuracy()).isEqualTo(1);
        assertThat(scores.captures().flowsPerVote()).isEqualTo(3);
    }

    @Test
    void shouldKeepHostsAndWindowsOfACaptureApart() {
        ballot("a", "10.0.0.7", 1, "cam", "cam", 0.9);
        ballot("a", "10.0.0.8", 1, "cam", "hub", 0.9);
        ballot("a", "10.0.0.7", 600, "cam", "cam", 0.9);
        ballot("a", "0.0.0.0", 1, "cam", "cam", 0.9);

        final VoteScores scores = scores();

        assertThat(scores.captures().all().flows()).isEqualTo(1);
        assertThat(scores.hosts().all().flows()).isEqualTo(3);
        assertThat(scores.hosts().all().accuracy()).isCloseTo(2.0 / 3, within(1e-9));
    }

    @Test
    void shouldCountAnUnknownHostAsWrong() {
        ballots.add(
                new Ballot(
                        flow("10.0.0.7", 1, 443),
                        "a",
                        0,
                        0,
                        true,
                        List.of(new LabelProbability("cam", 0.4f))));

        assertThat(scores().captures().all().accuracy()).isZero();
    }

    /**
     * Three of four hosts are what their one flow says at a probability of one half; the loss is
     * least where that becomes three quarters, and damping says nothing of single services.
     */
    @Test
    void shouldFitThePowerToWhatVotesAreWorth() {
        for (int host = 0; host < 400; host++) {
            ballot("c" + host, "10.0.0.7", 1, host % 4 == 0 ? "hub" : "cam", "cam", 0.5);
        }
        final Map<String, Integer> numbers = VoteScores.numbers(NAMES);
        final List<Electorate> hosts = Electorate.hosts(ballots, 600);
        final VoteFit fit = new VoteFit(hosts, numbers, Combination.MEAN, 600);

        final VoteRule rule = fit.fit();

        assertThat(hosts.get(1).evidence(Combination.MEAN, numbers, 9).probabilities(rule)[0])
                .isCloseTo(0.75, within(0.01));
        assertThat(fit.logLoss(rule))
                .isLessThan(fit.logLoss(new VoteRule(Combination.MEAN, 1, 0, 600)));
    }

    private VoteScores scores() {
        return VoteScores.of(ballots, NAMES, NAMES.size(), fold -> RULE, 600);
    }

    private void ballot(
            final String capture,
            final String host,
            final int seconds,
            final String label,
            final String says,
            final double probability) {
        ballots.add(
                new Ballot(
                        flow(host, seconds, 443 + ballots.size()),
                        capture,
                        NAMES.indexOf(label),
                        0,
                        false,
                        List.of(new LabelProbability(says, (float) probability))));
    }

    private static FlowRecord flow(final String host, final int seconds, final int port) {
        final boolean none = host.equals("0.0.0.0");
        return new FlowRecord(
                new FlowId("sensor", "C" + port),
                new FlowTuple(
                        Transport.UDP, host, 50_000, none ? "224.0.0.1" : "203.0.113.9", port),
                "",
                seconds * 1_000_000L,
                FlowRecord.Stage.CONTEXT,
                FlowRecord.End.DEPTH,
                new Packets.Builder().add(0, true, 40, new byte[40], 0, 40).build(),
                0);
    }
}
