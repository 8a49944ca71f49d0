/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A table whose rows have a name each and numbers. */
public final class Table {

    private final String cssClass;
    private final List<String> heads;
    private final List<DomContent> rows = new ArrayList<>();

    private Table(final String cssClass, final List<String> heads) {
        this.cssClass = cssClass;
        this.heads = heads;
    }

    /** A table of numbers; the first head is that of the names. */
    public static Table of(final String... heads) {
        return new Table("numbers", List.of(heads));
    }

    /** A table in which colour shows how large each number is, and whose heads are upright. */
    public static Table heatMap(final List<String> heads) {
        return new Table("heat", heads);
    }

    /** How a row stands out. */
    public enum Weight {
        PLAIN(""),
        STRONG("strong"),
        FAINT("faint");

        private final String cssClass;

        Weight(final String cssClass) {
            this.cssClass = cssClass;
        }
    }

    /**
     * What stands in a row.
     *
     * @param shade from 0 to 1, how strong its colour is
     * @param cssClass a CSS class of its own, or blank
     */
    public record Cell(String text, Optional<Double> shade, String cssClass) {

        /** A number as it is written. */
        public static Cell of(final String text) {
            return new Cell(text, Optional.empty(), "");
        }

        /** A score with a bar as long as it is large. */
        public static Cell bar(final double value) {
            return new Cell(Wording.score(value), Optional.of(value), "bar");
        }

        /** A share with a bar as long as it is large. */
        public static Cell share(final double value) {
            return new Cell(Wording.percent(value), Optional.of(value), "bar");
        }

        /** A number on a colour as strong as it is large. */
        public static Cell heat(final String text, final double shade, final boolean own) {
            return new Cell(
                    text,
                    Optional.of(shade),
                    (own ? "own " : "") + (shade > 0.55 ? "dense" : shade > 0 ? "" : "nil"));
        }

        /** Where there is no number. */
        public static Cell none() {
            return new Cell("–", Optional.empty(), "nil");
        }
    }

    /** Adds a row of plain numbers. */
    public Table row(final Weight weight, final String name, final String... numbers) {
        final List<Cell> cells = new ArrayList<>();
        for (final String number : numbers) {
            cells.add(Cell.of(number));
        }
        return row(weight, name, cells);
    }

    /** Adds a row. */
    public Table row(final Weight weight, final String name, final List<Cell> cells) {
        if (cells.size() != heads.size() - 1) {
            throw new IllegalArgumentException(
                    "A row of "
                            + (heads.size() - 1)
                            + " numbers was given "
                            + cells.size()
                            + ": "
                            + name);
        }
        rows.add(
                tr(th(name).attr("scope", "row"), each(cells, Table::shown))
                        .withCondClass(weight != Weight.PLAIN, weight.cssClass));
        return this;
    }

    /** The table for a page. */
    public DomContent with(final Caption caption) {
        return figure(
                        figcaption(caption.content()),
                        div(table(
                                                thead(
                                                        tr(
                                                                each(
                                                                        heads,
                                                                        head ->
                                                                                th(div(head))
                                                                                        .attr(
                                                                                                "scope",
                                                                                                "col")))),
                                                tbody(each(rows, row -> row)))
                                        .withClass(cssClass))
                                .withClass("scroll"))
                .withClass("tabular");
    }

    private static DomContent shown(final Cell cell) {
        final var shown = td(cell.text());
        cell.shade()
                .ifPresent(
                        shade ->
                                shown.withStyle(
                                        String.format(
                                                Locale.ROOT,
                                                "--v:%.3f",
                                                Math.max(0, Math.min(1, shade)))));
        return cell.cssClass().isEmpty() ? shown : shown.withClass(cell.cssClass().trim());
    }
}
