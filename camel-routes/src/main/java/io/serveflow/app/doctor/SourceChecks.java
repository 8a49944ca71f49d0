/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Settings;
import io.serveflow.camel.sensor.tail.FilePattern;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks at what flows come from: logs of sensors, folders, sockets, topics. */
final class SourceChecks {

    /** A sensor of a network that anybody uses writes a flow within it. */
    private static final Duration FRESH = Duration.ofMinutes(15);

    private static final int CONNECT_MILLIS = 3_000;

    private final Settings settings;
    private final Clock clock;

    SourceChecks(final Settings settings, final Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    List<Finding> examine() {
        final List<Finding> findings = new ArrayList<>();
        for (final String source : settings.sources()) {
            switch (source) {
                case "tail" -> tail(findings);
                case "files" -> findings.add(folder());
                case "socket" -> findings.add(socket());
                case "kafka" -> brokers(findings);
                default -> findings.add(captures());
            }
        }
        if (settings.linkedByKafka() && !settings.sources().contains("kafka")) {
            brokers(findings);
        }
        if (settings.has("serveflow.slow.endpoints")) {
            settings.list("serveflow.slow.endpoints")
                    .forEach(
                            address ->
                                    findings.add(
                                            reached("slow endpoint", address, "start the worker")));
        }
        return findings;
    }

    private void tail(final List<Finding> findings) {
        final String pattern = settings.text("serveflow.tail.path");
        final List<String> trouble = new ArrayList<>();
        final Set<Path> logs = find("serveflow.tail.path", pattern, trouble);
        trouble.forEach(
                said -> findings.add(Finding.failed("log", said, "let this user read there")));
        if (logs.isEmpty() && trouble.isEmpty()) {
            findings.add(
                    Finding.warning(
                            "log",
                            "there is no " + pattern,
                            "check serveflow.tail.path; the sensor writes the log with its first"
                                    + " flow, once its ServeFlow script or rules are loaded"));
        }
        logs.forEach(log -> findings.add(log(log)));
        if (settings.has("serveflow.tail.rotated")) {
            findings.add(rotated(settings.text("serveflow.tail.rotated")));
        }
    }

    private static Set<Path> find(
            final String setting, final String pattern, final List<String> trouble) {
        return FilePattern.of("setting " + setting, pattern).find(folder -> {}, trouble::add);
    }

    private Finding log(final Path log) {
        if (!Files.isReadable(log)) {
            return Finding.failed(
                    "log",
                    "this user, " + System.getProperty("user.name") + ", may not read " + log,
                    "add it to the group of the log, such as SupplementaryGroups=zeek in the unit"
                            + " of the service");
        }
        try {
            final Instant written = Files.getLastModifiedTime(log).toInstant();
            final Duration since = Duration.between(written, clock.instant());
            final String said = log + " was written " + ago(since);
            return since.compareTo(FRESH) > 0
                    ? Finding.warning(
                            "log",
                            said,
                            "look whether the sensor runs, sees traffic, and still writes there")
                    : Finding.ok("log", said);
        } catch (final IOException e) {
            return Finding.failed("log", "cannot look at " + log + ": " + e, "mount it again");
        }
    }

    private static String ago(final Duration since) {
        if (since.isNegative()) {
            return "in the future";
        }
        return since.toHours() > 0
                ? since.toHours() + " h ago"
                : since.toMinutes() > 0
                        ? since.toMinutes() + " min ago"
                        : since.toSeconds() + " s ago";
    }

    private static Finding rotated(final String pattern) {
        final List<String> trouble = new ArrayList<>();
        final int files = find("serveflow.tail.rotated", pattern, trouble).size();
        if (!trouble.isEmpty()) {
            return Finding.failed("rotated logs", trouble.get(0), "let this user read there");
        }
        return files == 0
                ? Finding.warning(
                        "rotated logs",
                        "no file has a name like " + pattern,
                        "if the sensor has rotated before, check serveflow.tail.rotated: what"
                                + " rotates away while nothing runs would not be found")
                : Finding.ok("rotated logs", files + " files have a name like " + pattern);
    }

    private Finding folder() {
        final Path folder = settings.path("serveflow.input");
        return Files.isReadable(folder) && Files.isDirectory(folder)
                ? Finding.ok("input folder", folder + " can be read")
                : Finding.failed(
                        "input folder",
                        "this user may not read " + folder,
                        "make it, let this user read it, or name another in serveflow.input");
    }

    private Finding socket() {
        final String address = settings.text("serveflow.socket.address");
        if (!address.startsWith("unix:")) {
            return Finding.ok("socket", "the sensor connects to " + address);
        }
        final Path folder = Path.of(address.substring("unix:".length())).getParent();
        return Files.isWritable(folder)
                ? Finding.ok("socket", "the sensor connects to " + address)
                : Finding.failed(
                        "socket",
                        "this user may make no socket in " + folder,
                        "make the folder and give it to this user; the unit of the service does"
                                + " so with /run/serveflow");
    }

    private Finding captures() {
        final String pattern = settings.text("serveflow.pcap.file");
        final int files = find("serveflow.pcap.file", pattern, new ArrayList<>()).size();
        return files > 0
                ? Finding.ok("captures", files + " files have a name like " + pattern)
                : Finding.failed(
                        "captures",
                        "there is no " + pattern + " that this user may see",
                        "check serveflow.pcap.file");
    }

    private void brokers(final List<Finding> findings) {
        settings.list("serveflow.kafka.brokers")
                .forEach(
                        address ->
                                findings.add(
                                        reached(
                                                "kafka",
                                                address,
                                                "check serveflow.kafka.brokers, and that the"
                                                        + " listener is open to this machine")));
    }

    private static Finding reached(final String check, final String address, final String cure) {
        final int colon = address.lastIndexOf(':');
        final String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))),
                    CONNECT_MILLIS);
            return Finding.ok(check, address + " takes connections");
        } catch (final IOException e) {
            return Finding.failed(check, address + " cannot be reached: " + e.getMessage(), cure);
        }
    }
}
