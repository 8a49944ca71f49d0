/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import static j2html.TagCreator.b;
import static j2html.TagCreator.each;
import static j2html.TagCreator.span;
import static j2html.TagCreator.text;

import j2html.tags.DomContent;

/**
 * What stands with a figure or a table.
 *
 * @param finding what these very numbers come to, one sentence or more
 * @param reading how to read what is shown
 */
public record Caption(String finding, String reading) {

    DomContent content() {
        return each(b(finding).withClass("finding"), text(" "), span(reading).withClass("reading"));
    }
}
