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
import static j2html.TagCreator.h3;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.small;

import j2html.tags.DomContent;
import java.util.List;

/** Charts under one caption. */
public final class Figure {

    private Figure() {}

    /**
     * One of several charts that are shown together.
     *
     * @param title what it is of
     * @param below more of it
     * @param svg from {@link Chart#svg}
     */
    public record Panel(String title, String below, String svg) {}

    /** A figure of one chart. */
    public static DomContent of(final String svg, final Caption caption) {
        return figure(div(rawHtml(svg)).withClass("scroll chart"), figcaption(caption.content()));
    }

    /** A figure of charts side by side, two or three in a row. */
    public static DomContent sideBySide(final List<Panel> panels, final Caption caption) {
        return panels("panels", panels, caption);
    }

    /** A figure of many small charts. */
    public static DomContent many(final List<Panel> panels, final Caption caption) {
        return panels("panels many", panels, caption);
    }

    private static DomContent panels(
            final String cssClass, final List<Panel> panels, final Caption caption) {
        return figure(
                div(each(
                                panels,
                                panel ->
                                        div(
                                                h3(panel.title()),
                                                small(panel.below()),
                                                rawHtml(panel.svg()))))
                        .withClass(cssClass),
                figcaption(caption.content()));
    }
}
