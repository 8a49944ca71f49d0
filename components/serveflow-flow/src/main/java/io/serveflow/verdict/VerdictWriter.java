/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.verdict;

import io.serveflow.flow.FlowRecord;
import io.serveflow.flow.FlowTunnel;
import io.serveflow.flow.FlowTuple;
import io.serveflow.verdict.Verdict.BundleRef;
import io.serveflow.verdict.Verdict.Latency;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes the documents of verdicts one after the other, with the same buffers and the same digest;
 * for one thread at a time. What stands in a document: {@link VerdictDocument}.
 */
public final class VerdictWriter {

    private static final int TYPICAL_BYTES = 2_048;
    private static final int TIME_BYTES = 32;
    private static final int BUNDLE_BYTES = 256;
    private static final int ID_BYTES = 20;

    private static final byte[] TIMESTAMP = key("{\"@timestamp\":");
    private static final byte[] EVENT =
            key(
                    ",\"event\":{\"kind\":\"event\",\"category\":[\"network\"],\"type\":[\"info\"],"
                            + "\"module\":\"serveflow\",\"dataset\":\"serveflow.prediction\","
                            + "\"id\":\"");
    private static final byte[] CREATED = key("\",\"created\":");
    private static final byte[] START = key(",\"start\":");
    private static final byte[] LOG = key("},\"log\":{\"id\":{\"uid\":");
    private static final byte[] NETWORK = key("}},\"network\":{\"transport\":");
    private static final byte[] COMMUNITY_ID = key(",\"community_id\":");
    private static final byte[] APPLICATION = key(",\"application\":");
    private static final byte[] SOURCE = key("},\"source\":{\"ip\":");
    private static final byte[] DESTINATION = key("},\"destination\":{\"ip\":");
    private static final byte[] PORT = key(",\"port\":");
    private static final byte[] OBSERVER = key("},\"observer\":{\"name\":");
    private static final byte[] SERVEFLOW = key("},\"serveflow\":{\"task\":");
    private static final byte[] LABEL = key(",\"label\":");
    private static final byte[] CONFIDENCE = key(",\"confidence\":");
    private static final byte[] UNCERTAINTY = key(",\"uncertainty\":");
    private static final byte[] TIER = key(",\"tier\":");
    private static final byte[] STAGE = key(",\"stage\":");
    private static final byte[] FINAL = key(",\"final\":");
    private static final byte[] SUPERSEDES = key(",\"supersedes\":\"");
    private static final byte[] QUOTE = key("\"");
    private static final byte[] REVISED = key(",\"revised\":");
    private static final byte[] REASON = key(",\"reason\":");
    private static final byte[] PACKETS = key(",\"packets\":");
    private static final byte[] TUNNEL = key(",\"tunnel\":{\"type\":");
    private static final byte[] TUNNEL_DEPTH = key(",\"depth\":");
    private static final byte[] TUNNEL_ID = key(",\"id\":\"");
    private static final byte[] TUNNEL_SOURCE = key(",\"source\":{\"ip\":");
    private static final byte[] TUNNEL_DESTINATION = key("},\"destination\":{\"ip\":");
    private static final byte[] TUNNEL_END = key("}}");
    private static final byte[] BUNDLE = key(",\"bundle\":{\"name\":");
    private static final byte[] VERSION = key(",\"version\":");
    private static final byte[] SHA256 = key(",\"sha256\":");
    private static final byte[] WAIT = key("},\"latency\":{\"wait_ms\":");
    private static final byte[] QUEUE = key(",\"queue_ms\":");
    private static final byte[] COMPUTE = key(",\"compute_us\":");
    private static final byte[] TOTAL = key(",\"total_ms\":");
    private static final byte[] TOP = key("},\"top\":{");
    private static final byte[] COMMA = key(",");
    private static final byte[] COLON = key(":");
    private static final byte[] END = key("}}}");
    private static final byte[] BAR = key("|");

    private final JsonBytes json = new JsonBytes(TYPICAL_BYTES);
    private final JsonBytes identity = new JsonBytes(256);
    private final MessageDigest sha1;
    private final byte[] id = new byte[ID_BYTES];
    private final byte[] supersededId = new byte[ID_BYTES];
    private final JsonBytes idText = new JsonBytes(2 * ID_BYTES);
    private long createdMicros;
    private byte[] createdText = {};
    private Optional<BundleRef> bundle = Optional.empty();
    private byte[] bundleText = {};

    public VerdictWriter() {
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static byte[] key(final String text) {
        return JsonBytes.ascii(text);
    }

    /**
     * A document with its id.
     *
     * @param id 40 characters
     * @param json UTF-8, on one line
     */
    public record Document(String id, byte[] json) {}

    /**
     * The document of a verdict.
     *
     * @param created when the verdict was given
     */
    public Document write(final FlowRecord flow, final Verdict verdict, final Instant created) {
        digest(flow, verdict.identifying(), verdict.stage(), id);
        return new Document(idText(), json(flow, verdict, micros(created)));
    }

    /** The id alone. */
    String id(final FlowRecord flow, final Verdict verdict) {
        digest(flow, verdict.identifying(), verdict.stage(), id);
        return idText();
    }

    private String idText() {
        idText.clear();
        idText.hex(id);
        return new String(idText.array(), 0, idText.length(), StandardCharsets.ISO_8859_1);
    }

    private static long micros(final Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    private void digest(
            final FlowRecord flow,
            final BundleRef identifying,
            final VerdictStage stage,
            final byte[] into) {
        identity.clear();
        identity.plain(flow.id().observer()).raw(BAR).plain(flow.id().uid()).raw(BAR);
        identity.integer(flow.startMicros()).raw(BAR);
        identity.plain(identifying.task()).raw(BAR);
        identity.plain(identifying.version()).raw(BAR).plain(stage.id());
        sha1.update(identity.array(), 0, identity.length());
        try {
            sha1.digest(into, 0, ID_BYTES);
        } catch (final DigestException e) {
            throw new IllegalStateException("a SHA-1 has 20 bytes", e);
        }
    }

    private byte[] json(final FlowRecord flow, final Verdict verdict, final long createdMicros) {
        json.clear();
        json.raw(TIMESTAMP);
        final int start = json.length();
        json.time(flow.startMicros());
        final int startEnd = json.length();
        json.raw(EVENT).hex(id);
        json.raw(CREATED).raw(created(createdMicros));
        json.raw(START).again(start, startEnd);
        json.raw(LOG).text(flow.id().uid());
        json.raw(NETWORK).text(flow.tuple().transport().sensorName());
        json.raw(COMMUNITY_ID).text(flow.communityId());
        if (verdict.bundle().task().equals("service") && !verdict.label().equals(Verdict.UNKNOWN)) {
            json.raw(APPLICATION).text(verdict.label());
        }
        final FlowTuple tuple = flow.tuple();
        json.raw(SOURCE).text(tuple.originator()).raw(PORT).integer(tuple.originatorPort());
        json.raw(DESTINATION).text(tuple.responder()).raw(PORT).integer(tuple.responderPort());
        json.raw(OBSERVER).text(flow.id().observer());
        answer(flow, verdict);
        return json.copy();
    }

    /** The same for all documents of a batch. */
    private byte[] created(final long micros) {
        if (micros != createdMicros || createdText.length == 0) {
            createdMicros = micros;
            createdText = new JsonBytes(TIME_BYTES).time(micros).copy();
        }
        return createdText;
    }

    /** The same for all verdicts of a bundle in use. */
    private byte[] bundle(final BundleRef ref) {
        if (bundle.isEmpty() || bundle.get() != ref) {
            bundle = Optional.of(ref);
            final JsonBytes text = new JsonBytes(BUNDLE_BYTES);
            text.raw(BUNDLE).text(ref.name());
            text.raw(VERSION).text(ref.version());
            text.raw(SHA256).text(ref.sha256());
            bundleText = text.copy();
        }
        return bundleText;
    }

    private void answer(final FlowRecord flow, final Verdict verdict) {
        json.raw(SERVEFLOW).text(verdict.bundle().task());
        json.raw(LABEL).text(verdict.label());
        json.raw(CONFIDENCE).millionths(verdict.confidence());
        json.raw(UNCERTAINTY).millionths(verdict.uncertainty());
        json.raw(TIER).text(verdict.tier());
        json.raw(STAGE).text(verdict.stage().id());
        json.raw(FINAL).bool(verdict.isFinal());
        final Optional<BundleRef> superseded = verdict.superseded();
        if (superseded.isPresent()) {
            digest(flow, superseded.get(), verdict.supersededStage(), supersededId);
            json.raw(SUPERSEDES).hex(supersededId).raw(QUOTE);
        }
        json.raw(REVISED).bool(verdict.revised());
        json.raw(REASON).text(verdict.reason());
        json.raw(PACKETS).integer(verdict.packets());
        if (flow.tunnel().isPresent()) {
            tunnel(flow.tunnel().get());
        }
        json.raw(bundle(verdict.bundle()));
        final Latency latency = verdict.latency();
        json.raw(WAIT).millis(latency.waitMicros());
        json.raw(QUEUE).millis(latency.queueMicros());
        json.raw(COMPUTE).integer(latency.computeMicros());
        json.raw(TOTAL).millis(latency.totalMicros());
        json.raw(TOP);
        for (int i = 0; i < verdict.topSize(); i++) {
            if (i > 0) {
                json.raw(COMMA);
            }
            json.text(verdict.topLabel(i)).raw(COLON).millionths(verdict.topProbability(i));
        }
        json.raw(END);
    }

    private void tunnel(final FlowTunnel tunnel) {
        json.raw(TUNNEL).text(tunnel.type().id());
        json.raw(TUNNEL_DEPTH).integer(tunnel.depth());
        if (tunnel.id() != FlowTunnel.UNKNOWN) {
            json.raw(TUNNEL_ID).integer(tunnel.id()).raw(QUOTE);
        }
        json.raw(TUNNEL_SOURCE).text(tunnel.source());
        port(tunnel.sourcePort());
        json.raw(TUNNEL_DESTINATION).text(tunnel.destination());
        port(tunnel.destinationPort());
        json.raw(TUNNEL_END);
    }

    private void port(final int port) {
        if (port != FlowTunnel.UNKNOWN) {
            json.raw(PORT).integer(port);
        }
    }
}
