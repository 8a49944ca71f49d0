/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.difference;
import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.score;

import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Table;
import io.serveflow.training.evaluation.page.Table.Weight;
import io.serveflow.training.score.Evaluation;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The cascade compared with what can be had without any model. */
final class BaselinePart {

    private static final Map<String, String> WORDS =
            Map.of(
                    Baselines.MAJORITY, "the commonest label",
                    Baselines.RANDOM, "a label drawn by chance",
                    Baselines.PORT_TABLE, "a table of transport and port",
                    Baselines.NEAREST, "the five nearest by packet sizes");

    private BaselinePart() {}

    static List<DomContent> of(final Measurements m) {
        final Table table = Table.of("", "macro-F1", "weighted F1", "accuracy");
        m.baselines()
                .scores()
                .forEach(
                        (name, evaluation) ->
                                add(table, Weight.PLAIN, WORDS.get(name), evaluation));
        add(
                table,
                Weight.STRONG,
                m.hops().isEmpty() ? "the bundle" : "the cascade",
                m.cascade().score());
        return List.of(
                table.with(
                        new Caption(
                                finding(m),
                                m.baselines().scores().isEmpty()
                                        ? "Baselines learn from some groups and are measured on the"
                                                + " others."
                                        : "Each of "
                                                + m.baselines().folds()
                                                + " parts of the groups is answered"
                                                + " from the labels of the others. So they have"
                                                + " learned from this very collection, as the"
                                                + " bundle need not have; where they win, training"
                                                + " on it would pay.")));
    }

    private static String finding(final Measurements m) {
        if (m.baselines().scores().isEmpty()) {
            return "All "
                    + m.unit()
                    + " are of one group, so there is nothing to learn a baseline from, and"
                    + " nothing here shows whether the bundle is better than "
                    + (m.kind().withPorts() ? WORDS.get(Baselines.PORT_TABLE) : "none")
                    + ".";
        }
        final double cascade = m.cascade().score().macroF1();
        final List<String> above = new ArrayList<>();
        m.baselines()
                .scores()
                .forEach(
                        (name, evaluation) -> {
                            if (evaluation.macroF1() >= cascade) {
                                above.add(WORDS.get(name));
                            }
                        });
        final String rival =
                m.baselines().scores().containsKey(Baselines.PORT_TABLE)
                        ? Baselines.PORT_TABLE
                        : Baselines.NEAREST;
        final Evaluation other = m.baselines().scores().get(rival);
        return "The "
                + (m.hops().isEmpty() ? "bundle" : "cascade")
                + " is at "
                + difference(cascade - other.macroF1())
                + " macro-F1 and "
                + difference(m.cascade().score().accuracy() - other.accuracy())
                + " accuracy against "
                + WORDS.get(rival)
                + " ("
                + score(other.macroF1())
                + " and "
                + score(other.accuracy())
                + "). "
                + (above.isEmpty()
                        ? "No baseline has as high a macro-F1."
                        : "As good or better in macro-F1 without any model: " + list(above) + ".");
    }

    private static void add(
            final Table table, final Weight weight, final String name, final Evaluation e) {
        table.row(weight, name, score(e.macroF1()), score(e.weightedF1()), score(e.accuracy()));
    }
}
