/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.observe.UncertainFlows;
import io.serveflow.app.panel.Bucket;
import io.serveflow.app.panel.Dashboard;
import io.serveflow.app.panel.Dashboards;
import io.serveflow.app.panel.Measure;
import io.serveflow.app.panel.Panel;
import io.serveflow.app.panel.PanelSearch;
import io.serveflow.app.panel.Scope;
import io.serveflow.app.panel.Window;
import io.serveflow.flow.FlowId;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Answers what the console page asks of the panels: which there are, what those of a dashboard
 * show, and all there is on one flow. Nothing of a request becomes part of a search but the values
 * of the parameters that are named here, each checked.
 */
public final class ConsolePanels implements Processor {

    private static final int LONGEST_QUERY = 2_000;
    private static final int LONGEST_NAME = 512;
    private static final int WRONG = 400;

    private static final Set<String> PARAMETERS =
            Set.of("dashboard", "label", "host", "task", "last", "from", "to", "observer", "uid");

    private static final ObjectMapper JSON = new JsonMapper();

    private final PanelSearch search;
    private final UncertainFlows packets;
    private final Window usual;
    private final Clock clock;

    /**
     * @param usual how far back the panels look, where a request does not say
     */
    public ConsolePanels(
            final PanelSearch search,
            final UncertainFlows packets,
            final Window usual,
            final Clock clock) {
        this.search = search;
        this.packets = packets;
        this.usual = usual;
        this.clock = clock;
    }

    /** Replaces a request with its answer; no header of the request is left. */
    @Override
    public void process(final Exchange exchange) throws IOException {
        final Message message = exchange.getMessage();
        final String query = message.getHeader(Exchange.HTTP_RAW_QUERY, String.class);
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setHeader("Cache-Control", "no-store");
        ObjectNode answer;
        try {
            answer = answer(parameters(query == null ? "" : query));
        } catch (final IllegalArgumentException e) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, WRONG);
            answer = JSON.createObjectNode().put("problem", e.getMessage());
        }
        message.setBody(JSON.writeValueAsString(answer));
    }

    /**
     * @param parameters of the request: a dashboard, a flow, or none for what there is
     * @throws IllegalArgumentException with a sentence, if one is wrong
     */
    ObjectNode answer(final Map<String, String> parameters) {
        if (parameters.containsKey("uid")) {
            return flow(name(parameters, "observer"), name(parameters, "uid"));
        }
        if (!parameters.containsKey("dashboard")) {
            return declared();
        }
        final Dashboard dashboard =
                Dashboards.find(parameters.get("dashboard"))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "there is no such dashboard; there are "
                                                        + Dashboards.all().stream()
                                                                .map(Dashboard::id)
                                                                .toList()));
        final Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return search.show(dashboard, Scope.of(parameters, usual, now));
    }

    private static Map<String, String> parameters(final String query) {
        if (query.length() > LONGEST_QUERY) {
            throw new IllegalArgumentException(
                    "the request has more than " + LONGEST_QUERY + " characters of parameters");
        }
        final Map<String, String> parameters = new HashMap<>();
        for (final String pair : query.split("&")) {
            final int equals = pair.indexOf('=');
            if (equals < 0) {
                continue;
            }
            final String name = pair.substring(0, equals);
            if (PARAMETERS.contains(name)
                    && parameters.put(
                                    name,
                                    URLDecoder.decode(
                                            pair.substring(equals + 1), StandardCharsets.UTF_8))
                            != null) {
                throw new IllegalArgumentException(name + " is given twice; give it once");
            }
        }
        return parameters;
    }

    private static String name(final Map<String, String> parameters, final String name) {
        final String value = parameters.getOrDefault(name, "");
        if (value.isEmpty() || value.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    name + " must have 1 to " + LONGEST_NAME + " characters");
        }
        return value;
    }

    private ObjectNode declared() {
        final ObjectNode answer = JSON.createObjectNode();
        answer.put("window", usual.id());
        final ArrayNode windows = answer.putArray("windows");
        for (final Window window : Window.values()) {
            windows.addObject().put("id", window.id()).put("words", window.words());
        }
        final ArrayNode dashboards = answer.putArray("dashboards");
        for (final Dashboard dashboard : Dashboards.all()) {
            final ObjectNode one = dashboards.addObject();
            one.put("id", dashboard.id())
                    .put("title", dashboard.title())
                    .put("help", dashboard.help());
            final ArrayNode panels = one.putArray("panels");
            dashboard.panels().forEach(panel -> describe(panel, panels.addObject()));
        }
        return answer;
    }

    private static void describe(final Panel panel, final ObjectNode one) {
        one.put("id", panel.id())
                .put("title", panel.title())
                .put("help", panel.help())
                .put("kind", panel.kind().id())
                .put("width", panel.width());
        final ArrayNode columns = one.putArray("columns");
        for (final Bucket bucket : panel.buckets()) {
            columns.addObject()
                    .put("label", bucket.label())
                    .put("unit", bucket.unit().id())
                    .put("field", bucket.field())
                    .put("bucket", true);
        }
        for (final Measure measure : panel.measures()) {
            columns.addObject()
                    .put("label", measure.label())
                    .put("unit", measure.unit().id())
                    .put("field", measure.field().orElse(""))
                    .put("bucket", false);
        }
    }

    private ObjectNode flow(final String observer, final String uid) {
        final ObjectNode answer = search.flow(observer, uid);
        answer.put("keepsPackets", packets.keepsAny());
        packets.packets(new FlowId(observer, uid))
                .ifPresent(
                        kept -> {
                            final ArrayNode list = answer.putArray("packets");
                            kept.forEach(packet -> describe(packet, list.addObject()));
                        });
        return answer;
    }

    private static void describe(final UncertainFlows.Packet packet, final ObjectNode one) {
        one.put("offsetMs", packet.offsetMicros() / 1e3)
                .put("fromOriginator", packet.fromOriginator())
                .put("length", packet.length())
                .put("bytes", HexFormat.of().formatHex(packet.bytes()));
    }
}
