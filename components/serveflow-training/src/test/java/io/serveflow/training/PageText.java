/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A page as its reader sees it. */
record PageText(Document document) {

    /** Fails where the page is not well-formed. */
    static PageText of(final String html) throws IOException {
        try {
            return new PageText(
                    DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(html))));
        } catch (final SAXException | ParserConfigurationException e) {
            throw new AssertionError("The page is not well-formed: " + e.getMessage(), e);
        }
    }

    /** All words, the style sheet's left out. */
    String text() {
        return document.getElementsByTagName("body").item(0).getTextContent();
    }

    int count(final String tag) {
        return document.getElementsByTagName(tag).getLength();
    }

    /** The ids of all elements of a kind. */
    List<String> ids(final String tag) {
        return elements(document.getDocumentElement(), tag).stream()
                .map(element -> element.getAttribute("id"))
                .toList();
    }

    /** What is written inside the drawings of a section. */
    List<String> words(final String section) {
        return elements(section(section), "text").stream().map(Element::getTextContent).toList();
    }

    /** The cells of a section's nth table, the heads as first row. */
    List<List<String>> table(final String section, final int n) {
        final List<List<String>> rows = new ArrayList<>();
        for (final Element row : elements(elements(section(section), "table").get(n), "tr")) {
            final List<String> cells = new ArrayList<>();
            for (final Element cell : elements(row, "*")) {
                if (List.of("th", "td").contains(cell.getTagName())) {
                    cells.add(cell.getTextContent());
                }
            }
            rows.add(cells);
        }
        return rows;
    }

    private Element section(final String id) {
        return elements(document.getDocumentElement(), "section").stream()
                .filter(section -> section.getAttribute("id").equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("The page has no section " + id));
    }

    private static List<Element> elements(final Element parent, final String tag) {
        final NodeList nodes = parent.getElementsByTagName(tag);
        final List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
