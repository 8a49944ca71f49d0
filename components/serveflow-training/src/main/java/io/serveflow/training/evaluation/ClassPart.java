/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.score;

import io.serveflow.training.data.DataKind;
import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Table;
import io.serveflow.training.evaluation.page.Table.Cell;
import io.serveflow.training.evaluation.page.Table.Weight;
import io.serveflow.training.score.Evaluation;
import io.serveflow.training.score.Evaluation.ClassScore;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** How well each class is predicted, and on how much that rests. */
final class ClassPart {

    private static final double WEAK = 0.5;
    private static final int NAMED = 8;

    private ClassPart() {}

    static List<DomContent> of(final Measurements m) {
        final boolean hops = !m.hops().isEmpty();
        final Optional<Evaluation> ports =
                Optional.ofNullable(m.baselines().scores().get(Baselines.PORT_TABLE));
        final boolean inCaptures = m.kind() == DataKind.CAPTURES;
        final List<String> heads = new ArrayList<>(List.of("", m.unit(), "groups"));
        if (inCaptures) {
            heads.add("captures");
        }
        heads.addAll(List.of("precision", "recall", "F1"));
        if (hops) {
            heads.add(m.slowest().spec().name() + " only, F1");
        }
        ports.ifPresent(scores -> heads.add("port table, F1"));
        final Table table = Table.of(heads.toArray(String[]::new));
        final int[] groups = m.sample().groupsByClass();
        final int[] captures = m.sample().capturesByClass();
        for (int c = 0; c < groups.length; c++) {
            final ClassScore scores = m.cascade().score().classes().get(c);
            final List<Cell> cells =
                    new ArrayList<>(
                            List.of(Cell.of(count(scores.support())), Cell.of(count(groups[c]))));
            if (inCaptures) {
                cells.add(Cell.of(count(captures[c])));
            }
            if (scores.support() == 0) {
                while (cells.size() < heads.size() - 1) {
                    cells.add(Cell.none());
                }
            } else {
                cells.add(Cell.of(score(scores.precision())));
                cells.add(Cell.of(score(scores.recall())));
                cells.add(Cell.bar(scores.f1()));
                if (hops) {
                    cells.add(Cell.of(score(m.slowest().score().classes().get(c).f1())));
                }
                final int label = c;
                ports.ifPresent(e -> cells.add(Cell.of(score(e.classes().get(label).f1()))));
            }
            table.row(
                    scores.support() == 0 ? Weight.FAINT : Weight.PLAIN,
                    m.sample().names().get(c) + (c < m.sample().known() ? "" : " (not known)"),
                    cells);
        }
        return List.of(
                table.with(
                        new Caption(
                                finding(m, ports),
                                "Precision: of the "
                                        + m.unit()
                                        + " that are said to be of the class, the share that is."
                                        + " Recall: of the "
                                        + m.unit()
                                        + " of the class, the share that is said to be. The fewer"
                                        + " groups hold a class, the less its row says of other"
                                        + " networks. Classes without "
                                        + m.unit()
                                        + " are not in any mean.")));
    }

    private static String finding(final Measurements m, final Optional<Evaluation> ports) {
        final List<ClassScore> classes = m.cascade().score().classes();
        final int[] present =
                IntStream.range(0, classes.size())
                        .filter(c -> classes.get(c).support() > 0)
                        .toArray();
        final List<String> weak = names(m, present, c -> classes.get(c).f1() < WEAK);
        final List<String> behind =
                ports.map(
                                e ->
                                        names(
                                                m,
                                                present,
                                                c -> e.classes().get(c).f1() > classes.get(c).f1()))
                        .orElse(List.of());
        return (weak.isEmpty()
                        ? "All " + present.length + " classes reach F1 0.5."
                        : "Do not rely on "
                                + list(weak, NAMED)
                                + ": F1 below 0.5 ("
                                + weak.size()
                                + " of "
                                + present.length
                                + " classes).")
                + (ports.isEmpty()
                        ? ""
                        : behind.isEmpty()
                                ? " A table of ports is better for none."
                                : " A table of ports is better for " + list(behind, NAMED) + ".");
    }

    private static List<String> names(
            final Measurements m, final int[] classes, final IntPredicate which) {
        return IntStream.of(classes)
                .filter(which)
                .mapToObj(c -> m.sample().names().get(c))
                .toList();
    }
}
