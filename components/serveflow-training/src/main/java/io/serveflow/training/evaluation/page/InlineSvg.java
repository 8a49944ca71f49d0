/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training.evaluation.page;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.DOMGroupManager;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/**
 * A drawing as an SVG element inside a page: without a background, in the colours of the page's
 * style sheet, as wide as there is room.
 */
final class InlineSvg {

    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final Pattern RGB = Pattern.compile("rgb\\((\\d+),(\\d+),(\\d+)\\)");
    private static final Pattern REFERENCE = Pattern.compile("url\\(#(.+)\\)");

    /** All that is needed of what the generator writes; the rest is defaults of SVG or the page. */
    private static final Set<String> KEPT =
            Set.of(
                    "clip-path",
                    "clipPathUnits",
                    "cx",
                    "cy",
                    "d",
                    "fill",
                    "fill-opacity",
                    "font-size",
                    "font-weight",
                    "height",
                    "id",
                    "points",
                    "r",
                    "rx",
                    "ry",
                    "stroke",
                    "stroke-dasharray",
                    "stroke-linejoin",
                    "stroke-opacity",
                    "stroke-width",
                    "text-anchor",
                    "transform",
                    "width",
                    "x",
                    "x1",
                    "x2",
                    "y",
                    "y1",
                    "y2");

    private final int width;
    private final int height;

    InlineSvg(final int width, final int height) {
        this.width = width;
        this.height = height;
    }

    String draw(
            final BiConsumer<Graphics2D, Rectangle2D> drawing,
            final String id,
            final String description) {
        final Document document = document();
        final CentredText graphics = new CentredText(SVGGeneratorContext.createDefault(document));
        drawing.accept(graphics, new Rectangle2D.Double(0, 0, width, height));
        final Element root = graphics.getRoot();
        clean(root, id);
        while (root.getAttributes().getLength() > 0) {
            root.removeAttributeNode((Attr) root.getAttributes().item(0));
        }
        root.setAttribute("viewBox", "0 0 " + width + " " + height);
        root.setAttribute("style", "max-width:" + width + "px");
        root.setAttribute("role", "img");
        root.setAttribute("aria-label", description);
        return text(root);
    }

    private static Document document() {
        try {
            final DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            return factory.newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (final ParserConfigurationException e) {
            throw new IllegalStateException("The JDK cannot make XML documents.", e);
        }
    }

    private static void clean(final Element element, final String id) {
        for (final Attr attribute : attributes(element)) {
            if (KEPT.contains(attribute.getName())) {
                attribute.setValue(scoped(attribute.getName(), attribute.getValue(), id));
            } else {
                element.removeAttributeNode(attribute);
            }
        }
        paint(element);
        for (final Node child : children(element)) {
            if (child instanceof Element inner) {
                clean(inner, id);
                if (!inner.hasChildNodes() && Set.of("g", "defs").contains(inner.getTagName())) {
                    element.removeChild(inner);
                }
            } else if (child.getNodeType() == Node.COMMENT_NODE) {
                element.removeChild(child);
            }
        }
    }

    /** Names inside a drawing would otherwise meet those of other drawings of the page. */
    private static String scoped(final String attribute, final String value, final String id) {
        if ("id".equals(attribute)) {
            return id + "-" + value;
        }
        final Matcher reference = REFERENCE.matcher(value);
        return reference.matches() ? "url(#" + id + "-" + reference.group(1) + ")" : value;
    }

    private static void paint(final Element element) {
        final StringBuilder style = new StringBuilder();
        for (final String attribute : List.of("fill", "stroke")) {
            final String value = element.getAttribute(attribute);
            if (!value.isEmpty() && !"none".equals(value)) {
                style.append(attribute).append(':').append(ink(value)).append(';');
                element.removeAttribute(attribute);
            }
        }
        if (!style.isEmpty()) {
            element.setAttribute("style", style.toString());
        }
    }

    private static String ink(final String color) {
        if ("white".equals(color)) {
            return Ink.paint(Color.WHITE);
        }
        final Matcher rgb = RGB.matcher(color);
        // The generator states the black that it begins with, which nothing is drawn in.
        return rgb.matches()
                ? Ink.paint(
                        new Color(
                                Integer.parseInt(rgb.group(1)),
                                Integer.parseInt(rgb.group(2)),
                                Integer.parseInt(rgb.group(3))))
                : "currentColor";
    }

    private static List<Attr> attributes(final Element element) {
        final NamedNodeMap map = element.getAttributes();
        final List<Attr> attributes = new ArrayList<>();
        for (int i = 0; i < map.getLength(); i++) {
            attributes.add((Attr) map.item(i));
        }
        return attributes;
    }

    private static List<Node> children(final Element element) {
        final List<Node> children = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            children.add(node);
        }
        return children;
    }

    private static String text(final Element root) {
        try {
            final TransformerFactory factory = TransformerFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            final Transformer transformer = factory.newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            final StringWriter text = new StringWriter();
            transformer.transform(new DOMSource(root), new StreamResult(text));
            return text.toString();
        } catch (final TransformerException e) {
            throw new IllegalStateException("A drawing cannot be written as XML.", e);
        }
    }

    /**
     * Sets each text about its middle: the reader's font is wider or narrower than the one that it
     * was measured with, and so it goes astray by half of the difference at most.
     */
    private static final class CentredText extends SVGGraphics2D {

        CentredText(final SVGGeneratorContext context) {
            super(context, false);
        }

        private CentredText(final CentredText other) {
            super(other);
        }

        @Override
        public java.awt.Graphics create() {
            return new CentredText(this);
        }

        @Override
        public void drawString(final String words, final float x, final float y) {
            final Element text = getDOMFactory().createElementNS(SVG, "text");
            text.setAttribute(
                    "x", number(x + getFontMetrics().getStringBounds(words, this).getWidth() / 2));
            text.setAttribute("y", number(y));
            text.setAttribute("text-anchor", "middle");
            text.appendChild(getDOMFactory().createTextNode(words));
            domGroupManager.addElement(text, DOMGroupManager.FILL);
        }

        private String number(final double value) {
            return getGeneratorContext().doubleString(value);
        }
    }
}
