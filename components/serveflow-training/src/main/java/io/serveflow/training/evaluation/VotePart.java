/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.percent;
import static io.serveflow.training.evaluation.page.Wording.score;
import static j2html.TagCreator.p;

import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Table;
import io.serveflow.training.evaluation.page.Table.Weight;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.vote.VoteScores;
import j2html.tags.DomContent;
import java.util.List;

/** How well hosts and captures are known by the votes of their flows. */
final class VotePart {

    private VotePart() {}

    /** None where the bundle has no vote. */
    static List<DomContent> of(final Measurements m) {
        return m.vote().map(vote -> List.of(shown(m, vote))).orElse(List.of());
    }

    private static DomContent shown(final Measurements m, final VoteScores vote) {
        if (vote.hosts().all().flows() == 0) {
            return p("No flow here has an end that is a host, so there is nothing to vote on.");
        }
        final Table table =
                Table.of(
                        "flows that vote",
                        "hosts, accuracy",
                        "hosts, macro-F1",
                        "hosts, ECE",
                        "captures, accuracy",
                        "captures, macro-F1",
                        "captures, ECE");
        vote.hosts()
                .first()
                .forEach(
                        (flows, hosts) ->
                                add(
                                        table,
                                        Weight.PLAIN,
                                        flows == 1 ? "the first" : "the first " + flows,
                                        hosts,
                                        vote.captures().first().get(flows)));
        add(table, Weight.STRONG, "all", vote.hosts().all(), vote.captures().all());
        return table.with(
                new Caption(
                        finding(m, vote),
                        "The flows of a host within a window of "
                                + window(m)
                                + " vote together, as they do where the bundle is deployed; for"
                                + " captures, all flows of one. Hosts with fewer flows than a row"
                                + " states count with those that they have. The label to find is"
                                + " that of most flows, so a host is known by what it talks to as"
                                + " well."));
    }

    private static String window(final Measurements m) {
        return m.bundle()
                .vote()
                .map(rule -> count(rule.windowSeconds(), "second", "seconds"))
                .orElse("some seconds");
    }

    private static String finding(final Measurements m, final VoteScores vote) {
        final VoteScores.Scores hosts = vote.hosts();
        return "Votes are right about "
                + percent(hosts.all().accuracy())
                + " of the "
                + count(hosts.all().flows(), "host", "hosts")
                + " (half of them with "
                + count(hosts.flowsPerVote(), "flow", "flows")
                + " or more) and about "
                + percent(vote.captures().all().accuracy())
                + " of the "
                + count(vote.captures().all().flows(), "capture", "captures")
                + ", where "
                + percent(m.cascade().score().accuracy())
                + " of single flows are answered rightly"
                + first(hosts)
                + ".";
    }

    /** What one flow says of a host, compared with what all do. */
    private static String first(final VoteScores.Scores hosts) {
        final Evaluation one = hosts.first().get(1);
        return one == null
                ? ""
                : "; after a host's first flow it is " + percent(one.accuracy()) + " of the hosts";
    }

    private static void add(
            final Table table,
            final Weight weight,
            final String name,
            final Evaluation hosts,
            final Evaluation captures) {
        table.row(
                weight,
                name,
                score(hosts.accuracy()),
                score(hosts.macroF1()),
                score(hosts.ece()),
                score(captures.accuracy()),
                score(captures.macroF1()),
                score(captures.ece()));
    }
}
