/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/**
 * A verdict document with the fields by which Malcolm's dashboards and Arkime find it beside those
 * of Zeek and Suricata: {@code event.provider} and the dataset without it, the flow's id in {@code
 * event.id}, {@code rootId} and, of Zeek, {@code zeek.uid}; the document's own in {@code
 * event.hash}.
 */
final class MalcolmDocument {

    static final String PROVIDER = "serveflow";

    private static final ObjectMapper JSON = new JsonMapper();
    private static final Pattern ZEEK_UID = Pattern.compile("[CF][0-9A-Za-z]{10,20}");

    private MalcolmDocument() {}

    /** The same document for Malcolm; one that has the fields already stays as it is. */
    static IndexDocument of(final IndexDocument document) {
        try {
            final ObjectNode tree = (ObjectNode) JSON.readTree(document.json());
            if (isOne(tree)) {
                return document;
            }
            change(document.id(), tree);
            return new IndexDocument(
                    document.id(), JSON.writeValueAsBytes(tree), document.startMillis());
        } catch (final JsonProcessingException e) {
            throw new UncheckedIOException("a document that was written here can be read", e);
        } catch (final IOException e) {
            throw new UncheckedIOException("reading from memory does not fail", e);
        }
    }

    /** Whether a document has these fields. */
    static boolean isOne(final JsonNode document) {
        return document.at("/event/provider").asText().equals(PROVIDER)
                && document.at("/event/hash").isTextual();
    }

    private static void change(final String id, final ObjectNode tree) {
        final ObjectNode event = tree.withObject("/event");
        final String dataset = event.path("dataset").asText();
        event.put("provider", PROVIDER);
        event.put("dataset", dataset.substring(dataset.indexOf('.') + 1));
        event.put("hash", id);
        final String uid = tree.at("/log/id/uid").asText();
        if (uid.isEmpty()) {
            event.remove("id");
        } else {
            event.putArray("id").add(uid);
            tree.put("rootId", uid);
            if (ZEEK_UID.matcher(uid).matches()) {
                tree.withObject("/zeek").put("uid", uid);
            }
        }
        final String observer = tree.at("/observer/name").asText();
        if (!observer.isEmpty()) {
            tree.put("node", observer);
        }
        final ArrayNode addresses = JSON.createArrayNode();
        for (final String address : new String[] {"/source/ip", "/destination/ip", "/host/ip"}) {
            if (tree.at(address).isTextual()) {
                addresses.add(tree.at(address).asText());
            }
        }
        if (!addresses.isEmpty()) {
            tree.withObject("/related").set("ip", addresses);
        }
    }
}
