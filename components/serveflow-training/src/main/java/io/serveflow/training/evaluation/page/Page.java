/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.each;
import static j2html.TagCreator.footer;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;

import j2html.Config;
import j2html.rendering.FlatHtml;
import j2html.tags.DomContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A page that is one file: it loads nothing and runs nothing, looks right on light and dark
 * screens, and is well-formed XML too.
 */
public final class Page {

    private static final String STYLE = "page.css";

    /** Whatever may come into the file by its data, a browser must not load it. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

    private final String title;
    private final List<DomContent> top;
    private final List<Section> sections = new ArrayList<>();

    private record Section(String id, String heading, List<DomContent> shown) {}

    /**
     * @param top what comes before the sections
     */
    public Page(final String title, final List<DomContent> top) {
        this.title = title;
        this.top = List.copyOf(top);
    }

    /**
     * Adds a section; one with nothing to show is left out.
     *
     * @param id in the page's address
     */
    public Page add(final String id, final String heading, final List<DomContent> shown) {
        if (!shown.isEmpty()) {
            sections.add(new Section(id, heading, List.copyOf(shown)));
        }
        return this;
    }

    /** The whole file. */
    public String file(final String foot) {
        final DomContent page =
                html(
                                head(
                                        meta().withCharset("utf-8"),
                                        meta().attr("http-equiv", "Content-Security-Policy")
                                                .withContent(POLICY),
                                        meta().withName("viewport")
                                                .withContent("width=device-width, initial-scale=1"),
                                        meta().withName("color-scheme").withContent("light dark"),
                                        title(title),
                                        style(rawHtml(styleSheet()))),
                                body(
                                        header(h1(title), each(top, part -> part)),
                                        nav(
                                                each(
                                                        sections,
                                                        part ->
                                                                a(part.heading())
                                                                        .withHref(
                                                                                "#" + part.id()))),
                                        main(each(sections, Page::shown)),
                                        footer(p(foot))))
                        .withLang("en");
        final StringBuilder text = new StringBuilder("<!DOCTYPE html>\n");
        try {
            page.render(FlatHtml.into(text, Config.defaults().withEmptyTagsClosed(true)));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static DomContent shown(final Section part) {
        return section(h2(part.heading()), each(part.shown(), content -> content))
                .withId(part.id());
    }

    private static String styleSheet() {
        try (InputStream in = Page.class.getResourceAsStream(STYLE)) {
            return ":root{"
                    + Ink.lightVariables()
                    + "}@media (prefers-color-scheme:dark){:root{"
                    + Ink.darkVariables()
                    + "}}\n"
                    + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            throw new UncheckedIOException("The style sheet of the page cannot be read.", e);
        }
    }
}
