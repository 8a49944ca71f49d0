/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Flows as they were seen in verdict documents or in records, in the form of the right ones. */
final class SeenFlows {

    private static final JsonMapper JSON = new JsonMapper();

    private SeenFlows() {}

    /** Of documents. */
    static List<JsonNode> of(final List<JsonNode> documents) {
        return documents.stream().map(SeenFlows::document).toList();
    }

    private static JsonNode document(final JsonNode document) {
        final ObjectNode flow = JSON.createObjectNode();
        flow.set("transport", document.at("/network/transport"));
        flow.put("originator", end(document.get("source")));
        flow.put("responder", end(document.get("destination")));
        flow.set("packets", document.at("/serveflow/packets"));
        flow.set("communityId", document.at("/network/community_id"));
        flow.set("uid", document.at("/log/id/uid"));
        flow.set("observer", document.at("/observer/name"));
        flow.set("documentId", document.at("/event/id"));
        flow.set("tunnel", tunnel(document.at("/serveflow/tunnel")));
        return flow;
    }

    private static JsonNode tunnel(final JsonNode tunnel) {
        if (tunnel.isMissingNode()) {
            return JSON.nullNode();
        }
        final ObjectNode outermost = JSON.createObjectNode();
        outermost.set("type", orNull(tunnel.path("type")));
        outermost.set("depth", orNull(tunnel.path("depth")));
        outermost.set("id", orNull(tunnel.path("id")));
        outermost.set("source", orNull(tunnel.at("/source/ip")));
        outermost.set("sourcePort", orNull(tunnel.at("/source/port")));
        outermost.set("destination", orNull(tunnel.at("/destination/ip")));
        outermost.set("destinationPort", orNull(tunnel.at("/destination/port")));
        return outermost;
    }

    private static JsonNode orNull(final JsonNode node) {
        return node.isMissingNode() ? JSON.nullNode() : node;
    }

    private static String end(final JsonNode end) {
        return end(end.get("ip").asText(), end.get("port").asInt());
    }

    private static String end(final String address, final int port) {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    /** Of records: each flow by its context record, else its first one, and each summary. */
    static List<JsonNode> ofRecords(final List<FlowRecord> records) {
        final Map<Object, JsonNode> flows = new LinkedHashMap<>();
        final List<JsonNode> summaries = new ArrayList<>();
        for (final FlowRecord record : records) {
            switch (record.stage()) {
                case FIRST -> flows.putIfAbsent(record.id(), record(record));
                case CONTEXT -> flows.put(record.id(), record(record));
                default -> summaries.add(record(record));
            }
        }
        final List<JsonNode> all = new ArrayList<>(flows.values());
        all.addAll(summaries);
        return all;
    }

    private static JsonNode record(final FlowRecord record) {
        final ObjectNode flow = JSON.createObjectNode();
        flow.put("transport", record.tuple().transport().name().toLowerCase(java.util.Locale.ROOT));
        flow.put("originator", end(record.tuple().originator(), record.tuple().originatorPort()));
        flow.put("responder", end(record.tuple().responder(), record.tuple().responderPort()));
        flow.put("packets", record.packets().count());
        flow.put("communityId", record.communityId());
        flow.put("uid", record.id().uid());
        flow.put("observer", record.id().observer());
        if (record.stage() == FlowRecord.Stage.SUMMARY) {
            flow.set("summary", summary(record.summary()));
        }
        return flow;
    }

    private static JsonNode summary(final FlowSummary summary) {
        return JSON.createObjectNode()
                .put("durationMicros", summary.durationMicros())
                .put("originatorPackets", summary.originatorPackets())
                .put("responderPackets", summary.responderPackets())
                .put("originatorIpBytes", summary.originatorIpBytes())
                .put("state", summary.state())
                .put("service", summary.service())
                .put("tlsVersion", summary.tlsVersion())
                .put("ja3", summary.ja3())
                .put("ja4", summary.ja4());
    }

    /** Whether a flow has all that is right of it; what was not seen is not compared. */
    static boolean matches(final JsonNode right, final JsonNode seen) {
        for (final Map.Entry<String, JsonNode> member : right.properties()) {
            final JsonNode was = seen.path(member.getKey());
            final boolean equal =
                    member.getValue().isObject()
                            ? matches(member.getValue(), was)
                            : was.isMissingNode() || oneOf(member.getValue(), was);
            if (!equal) {
                return false;
            }
        }
        return true;
    }

    private static boolean oneOf(final JsonNode right, final JsonNode was) {
        if (!right.isArray()) {
            return right.asText().equals(was.asText());
        }
        for (final JsonNode one : right) {
            if (one.asText().equals(was.asText())) {
                return true;
            }
        }
        return false;
    }
}
