/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowTuple;
import io.serveflow.flow.IpAddress;
import io.serveflow.flow.Transport;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** The Suricata that is installed here, with the ServeFlow rules and nothing else. */
public final class Suricata {

    private static final String PROGRAM = "suricata";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxx");

    private static final String CONFIGURATION =
            """
            %%YAML 1.1
            ---
            outputs:
              - eve-log: !include %s
              - eve-log:
                  enabled: yes
                  filetype: regular
                  filename: flows.json
                  community-id: true
                  types:
                    - flow
            stream:
              midstream: true
            %s
            """;

    /** The times-out of the configuration that Suricata ships, which are not its defaults. */
    static final String SHIPPED_TIMEOUTS =
            """
            flow-timeouts:
              tcp:
                new: 60
                established: 600
                closed: 60
              udp:
                new: 30
                established: 300
            """;

    /**
     * A flow as Suricata accounts for it.
     *
     * @param endpoints the Community ID of its addresses and ports, with the numbers of its VLANs
     * @param communityId the Community ID that Suricata wrote
     * @param ends its addresses as the project writes them, one if a host talks to itself
     * @param account packets, times, state and why it ended, in Suricata's words
     */
    record Flow(
            String id,
            String endpoints,
            String communityId,
            Set<String> ends,
            boolean tcp,
            Set<Integer> ports,
            long startMicros,
            String account) {

        boolean toItself() {
            return ends.size() == 1;
        }
    }

    /**
     * A packet that the rules reported.
     *
     * @param number its place in the capture, from 1; 0 for a datagram put together from fragments
     * @param count what the rules counted of its flow
     */
    record Event(String flow, int number, int count, long micros, byte[] frame) {}

    private final Path folder;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * @param folder where it writes; emptied of its own files before each run
     */
    public Suricata(final Path folder) throws IOException {
        this(folder, "");
    }

    /**
     * @param settings lines of its configuration besides
     */
    public Suricata(final Path folder, final String settings) throws IOException {
        this.folder = folder;
        Files.writeString(
                configuration(), CONFIGURATION.formatted(sensor("serveflow-eve.yaml"), settings));
    }

    /** The condition of tests that need it. */
    public static boolean present() {
        for (final String place :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(place, PROGRAM))) {
                return true;
            }
        }
        return false;
    }

    /** Reads a capture to its end. */
    public void read(final Path capture) throws IOException, InterruptedException {
        Files.deleteIfExists(eve());
        Files.deleteIfExists(flowLog());
        final Path log = folder.resolve("output");
        final Process process =
                new ProcessBuilder(
                                PROGRAM,
                                "-c",
                                configuration().toString(),
                                "-S",
                                sensor("serveflow.rules").toString(),
                                "-r",
                                capture.toString(),
                                "-l",
                                folder.toString(),
                                "-k",
                                "none",
                                "--runmode",
                                "single")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("suricata did not end within 60 s: " + Files.readString(log));
        }
        if (process.exitValue() != 0) {
            throw new IOException("suricata failed: " + Files.readString(log));
        }
    }

    /** The EVE log of the latest run. */
    public Path eve() {
        return folder.resolve("serveflow.json");
    }

    /** The EVE log of the flows of the latest run. */
    Path flowLog() {
        return folder.resolve("flows.json");
    }

    /** What the rules reported in the latest run. */
    List<Event> events() throws IOException {
        final List<Event> events = new ArrayList<>();
        for (final String line : Files.readAllLines(eve())) {
            final JsonNode event = json.readTree(line);
            if (!"alert".equals(event.get("event_type").asText())) {
                continue;
            }
            events.add(
                    new Event(
                            event.get("flow_id").asText(),
                            event.path("pcap_cnt").asInt(),
                            event.at("/metadata/flowints/serveflow").asInt(),
                            micros(event.get("timestamp")),
                            Base64.getDecoder().decode(event.get("packet").asText())));
        }
        return events;
    }

    /** The TCP and UDP flows that it accounted for in the latest run. */
    List<Flow> flows() throws IOException {
        final List<Flow> flows = new ArrayList<>();
        for (final String line : Files.readAllLines(flowLog())) {
            final JsonNode event = json.readTree(line);
            final String transport = event.get("proto").asText();
            if ("TCP".equals(transport) || "UDP".equals(transport)) {
                flows.add(
                        new Flow(
                                event.get("flow_id").asText(),
                                communityId(event) + vlans(event),
                                event.get("community_id").asText(),
                                ends(event),
                                "TCP".equals(transport),
                                new TreeSet<>(
                                        List.of(
                                                event.get("src_port").asInt(),
                                                event.get("dest_port").asInt())),
                                micros(event.get("flow").get("start")),
                                event.get("flow").toString()));
            }
        }
        return flows;
    }

    private static Set<String> ends(final JsonNode event) {
        final Set<String> ends = new TreeSet<>();
        for (final String end : List.of("src_ip", "dest_ip")) {
            final byte[] address = IpAddress.parse(event.get(end).asText());
            ends.add(IpAddress.format(address, 0, address.length));
        }
        return ends;
    }

    private static String communityId(final JsonNode event) {
        return CommunityId.v1(
                new FlowTuple(
                        "TCP".equals(event.get("proto").asText()) ? Transport.TCP : Transport.UDP,
                        event.get("src_ip").asText(),
                        event.get("src_port").asInt(),
                        event.get("dest_ip").asText(),
                        event.get("dest_port").asInt()));
    }

    private static String vlans(final JsonNode event) {
        final List<Integer> vlans = new ArrayList<>();
        event.path("vlan").forEach(vlan -> vlans.add(vlan.asInt()));
        return vlans.isEmpty() ? "" : vlans.toString();
    }

    private static long micros(final JsonNode time) {
        return ChronoUnit.MICROS.between(
                Instant.EPOCH, OffsetDateTime.parse(time.asText(), TIME).toInstant());
    }

    private Path configuration() {
        return folder.resolve("suricata.yaml");
    }

    private static Path sensor(final String file) {
        return ProjectFiles.path("zeek-scripts/suricata/" + file);
    }
}
