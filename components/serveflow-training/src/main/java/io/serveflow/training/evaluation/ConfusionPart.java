/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation;

import static io.serveflow.training.evaluation.page.Wording.count;
import static io.serveflow.training.evaluation.page.Wording.list;
import static io.serveflow.training.evaluation.page.Wording.percent;

import io.serveflow.training.evaluation.page.Caption;
import io.serveflow.training.evaluation.page.Table;
import io.serveflow.training.evaluation.page.Table.Cell;
import io.serveflow.training.evaluation.page.Table.Weight;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which classes are taken for which others. */
final class ConfusionPart {

    private static final int NAMED = 3;

    private final Measurements m;
    private final Confusion confusion;
    private final int[] rows;
    private final int[] columns;

    private ConfusionPart(final Measurements measurements) {
        this.m = measurements;
        this.confusion = Confusion.of(m.sample(), m.cascade().answers().predicted());
        this.rows = classes(c -> flows(c) > 0);
        this.columns = classes(c -> flows(c) > 0 && c < m.sample().known() || said(c) > 0);
    }

    private record Mistake(int actual, int answer, int flows) {}

    static List<DomContent> of(final Measurements m) {
        return new ConfusionPart(m).parts();
    }

    private List<DomContent> parts() {
        final boolean withheld = Arrays.stream(confusion.unanswered()).sum() > 0;
        final List<String> heads = new ArrayList<>(List.of("is ↓ said to be →"));
        IntStream.of(columns).forEach(c -> heads.add(name(c)));
        if (withheld) {
            heads.add("no answer");
        }
        heads.add(m.unit());
        final Table table = Table.heatMap(heads);
        for (final int row : rows) {
            final List<Cell> cells = new ArrayList<>();
            for (final int column : columns) {
                cells.add(cell(row, confusion.answers()[row][column], row == column));
            }
            if (withheld) {
                cells.add(cell(row, confusion.unanswered()[row], false));
            }
            cells.add(Cell.of(count(flows(row))));
            table.row(Weight.PLAIN, name(row), cells);
        }
        return List.of(table.with(new Caption(finding(), reading())));
    }

    private Cell cell(final int row, final int flows, final boolean own) {
        return Cell.heat(flows == 0 ? "" : count(flows), (double) flows / flows(row), own);
    }

    private String finding() {
        final List<Mistake> mistakes = new ArrayList<>();
        for (final int row : rows) {
            for (final int column : columns) {
                if (row != column && confusion.answers()[row][column] > 0) {
                    mistakes.add(new Mistake(row, column, confusion.answers()[row][column]));
                }
            }
        }
        mistakes.sort(Comparator.comparingInt(Mistake::flows).reversed());
        final int wrong = mistakes.stream().mapToInt(Mistake::flows).sum();
        final int withheld = Arrays.stream(confusion.unanswered()).sum();
        final String no =
                withheld == 0
                        ? ""
                        : " "
                                + m.units(withheld)
                                + (withheld == 1 ? " gets" : " get")
                                + " no answer.";
        if (wrong == 0) {
            return "No " + m.kind().one() + " is taken for another class." + no;
        }
        final List<Mistake> top = mistakes.subList(0, Math.min(NAMED, mistakes.size()));
        return m.units(wrong)
                + (wrong == 1 ? " is" : " are")
                + " taken for another class; "
                + percent((double) top.stream().mapToInt(Mistake::flows).sum() / wrong)
                + " of that is "
                + list(
                        top.stream()
                                .map(
                                        mistake ->
                                                name(mistake.actual())
                                                        + " taken for "
                                                        + name(mistake.answer())
                                                        + " ("
                                                        + count(mistake.flows())
                                                        + ")")
                                .toList())
                + "."
                + no;
    }

    private String reading() {
        final int left = m.sample().names().size() - rows.length;
        return "Counted are "
                + m.unit()
                + " by their label, a row each, and by the answer of the "
                + (m.hops().isEmpty() ? "bundle" : "cascade")
                + "; the colour is the share of the row, right answers are framed."
                + (left == 0
                        ? ""
                        : " Left out: "
                                + count(left, "row of a class", "rows of classes")
                                + " without any.");
    }

    private String name(final int label) {
        return m.sample().names().get(label);
    }

    private int flows(final int label) {
        return Arrays.stream(confusion.answers()[label]).sum() + confusion.unanswered()[label];
    }

    private int said(final int label) {
        return Arrays.stream(confusion.answers()).mapToInt(row -> row[label]).sum();
    }

    private int[] classes(final IntPredicate which) {
        return IntStream.range(0, m.sample().names().size()).filter(which).toArray();
    }
}
