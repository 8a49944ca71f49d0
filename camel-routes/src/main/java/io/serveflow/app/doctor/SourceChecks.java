/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Settings;
import io.serveflow.camel.sensor.tail.FilePattern;
import io.serveflow.camel.sensor.tail.PositionFile;
import io.serveflow.camel.sensor.tail.Trouble;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at what flows come from: logs of sensors, folders, sockets, topics. */
final class SourceChecks {

    /** A sensor of a network that anybody uses writes a flow within it. */
    private static final Duration FRESH = Duration.ofMinutes(15);

    /** A network without any flow for so long is not one that anybody puts a sensor on. */
    private static final Duration STALE = Duration.ofHours(24);

    /** Clocks of machines that share a folder may differ by so much. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final String UNWRITTEN =
            "look whether the sensor runs, sees traffic, and still writes there; or"
                    + " serveflow.tail.path is that of an earlier sensor";

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
                case "pcap" -> findings.add(captures());
                // Kafka has checks of its own, as links need it too.
                default -> {}
            }
        }
        findings.addAll(new KafkaChecks(settings).examine());
        if (settings.has("serveflow.slow.endpoints")) {
            settings.list("serveflow.slow.endpoints")
                    .forEach(
                            address ->
                                    findings.add(
                                            Connections.finding(
                                                    "slow endpoint", address, "start the worker")));
        }
        return findings;
    }

    private void tail(final List<Finding> findings) {
        final String pattern = settings.text("serveflow.tail.path");
        final List<Trouble> troubles = new ArrayList<>();
        final Set<Path> logs = find("serveflow.tail.path", pattern, troubles);
        final List<String> trouble = meant(troubles);
        trouble.forEach(
                said -> findings.add(Finding.failed("log", said, "let this user read there")));
        if (logs.isEmpty() && trouble.isEmpty()) {
            findings.add(noLog(pattern));
            troubles.stream()
                    .findFirst()
                    .ifPresent(
                            closed ->
                                    findings.add(
                                            Finding.warning(
                                                    "log",
                                                    closed.sentence(),
                                                    "if the log is there, let this user read it")));
        }
        logs(pattern, logs, findings);
        if (settings.has("serveflow.tail.rotated")) {
            findings.add(rotated(settings.text("serveflow.tail.rotated")));
        }
        findings.add(positions(pattern));
    }

    private Finding positions(final String pattern) {
        final Path file = settings.path("serveflow.tail.positionFile");
        return PositionFile.fault(file, pattern)
                .map(
                        said ->
                                Finding.failed(
                                        "positions",
                                        said,
                                        "until then, run ends at its start; the option is"
                                                + " serveflow.tail.positionFile"))
                .orElseGet(
                        () ->
                                Finding.ok(
                                        "positions",
                                        Files.exists(file)
                                                ? file + " is of " + pattern
                                                : file + " is made at the first start"));
    }

    /**
     * Between a rotation and the next flow there is no log, which rotated ones show to be the right
     * name; else it is as likely that somebody has misspelled it.
     */
    private Finding noLog(final String pattern) {
        final Path folder = fixed(pattern);
        if (!Files.isDirectory(folder)) {
            return Finding.failed(
                    "log",
                    "there is no " + pattern + ", as there is no folder " + folder,
                    "check serveflow.tail.path: it is the folder that the sensor writes to");
        }
        final Optional<Instant> last = lastRotated(pattern);
        if (last.isEmpty()) {
            return Finding.failed(
                    "log",
                    "there is no " + pattern,
                    "check serveflow.tail.path; the sensor writes the log with its first flow, once"
                            + " its ServeFlow script or rules are loaded: ask again then");
        }
        final Duration since = Duration.between(last.get(), clock.instant());
        final String said =
                "there is no " + pattern + "; the last rotated one was written " + ago(since);
        return since.compareTo(STALE) > 0
                ? Finding.failed("log", said, UNWRITTEN)
                : Finding.warning(
                        "log", said, "the sensor writes it with the next flow; ask again then");
    }

    /** When a log was written last that has had the name of the live one. */
    private Optional<Instant> lastRotated(final String pattern) {
        final int name = pattern.lastIndexOf('/') + 1;
        final int dot = pattern.lastIndexOf('.');
        final String stem = dot > name ? pattern.substring(0, dot) : pattern;
        final List<String> patterns = new ArrayList<>(List.of(pattern + "?*"));
        if (dot > name) {
            patterns.add(stem + "?*" + pattern.substring(dot) + "*");
        }
        if (settings.has("serveflow.tail.rotated")) {
            patterns.add(settings.text("serveflow.tail.rotated"));
        }
        final String begin = stem.substring(name).split("[*?\\[{\\\\]", 2)[0];
        return patterns.stream()
                .flatMap(one -> find("serveflow.tail.rotated", one, new ArrayList<>()).stream())
                .filter(file -> file.getFileName().toString().startsWith(begin))
                .flatMap(file -> written(file).stream())
                .max(Comparator.naturalOrder());
    }

    private static Optional<Instant> written(final Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (final IOException e) {
            return Optional.empty();
        }
    }

    /** The last folder that is named without a glob. */
    private static Path fixed(final String pattern) {
        Path folder = Path.of("/");
        final Path parent = Path.of(pattern).toAbsolutePath().getParent();
        for (final Path part : parent == null ? folder : parent) {
            if (part.toString().chars().anyMatch(c -> "*?[{".indexOf(c) >= 0)) {
                return folder;
            }
            folder = folder.resolve(part);
        }
        return folder;
    }

    private static Set<Path> find(
            final String setting, final String pattern, final List<Trouble> trouble) {
        return FilePattern.of("setting " + setting, pattern).find(folder -> {}, trouble::add);
    }

    /** What is in the way of the files that are meant, and not of any folder beside them. */
    private static List<String> meant(final List<Trouble> troubles) {
        return troubles.stream()
                .filter(trouble -> !trouble.belowGlob())
                .map(Trouble::sentence)
                .toList();
    }

    /** One that is written to is enough: a glob may name the logs of sensors that are gone. */
    private void logs(final String pattern, final Set<Path> logs, final List<Finding> findings) {
        final Optional<Path> freshest =
                logs.stream()
                        .max(
                                Comparator.<Path, Boolean>comparing(Files::isReadable)
                                        .thenComparing(log -> written(log).orElse(Instant.MIN)));
        if (freshest.isEmpty()) {
            return;
        }
        findings.add(log(freshest.get()));
        final List<Path> others =
                logs.stream()
                        .filter(log -> !log.equals(freshest.get()))
                        .filter(log -> !Files.isReadable(log) || isOlderThanFresh(log))
                        .toList();
        if (!others.isEmpty()) {
            final Path first = others.get(0);
            findings.add(
                    Finding.warning(
                            "log",
                            "%d others of %d that %s names cannot be read or were not written for"
                                            .formatted(others.size(), logs.size(), pattern)
                                    + " 15 min; first "
                                    + (Files.isReadable(first)
                                            ? first + ", written " + ago(since(first))
                                            : first + ", which " + user() + " may not read"),
                            "let this user read those that are meant, and look whether their"
                                    + " sensors run"));
        }
    }

    private boolean isOlderThanFresh(final Path log) {
        return since(log).compareTo(FRESH) > 0;
    }

    private Duration since(final Path log) {
        return written(log)
                .map(time -> Duration.between(time, clock.instant()))
                .orElse(Duration.ZERO);
    }

    private static String user() {
        return "this user, " + System.getProperty("user.name") + ",";
    }

    private Finding log(final Path log) {
        if (!Files.isReadable(log)) {
            return Finding.failed(
                    "log",
                    user() + " may not read " + log,
                    "add it to the group of the log, such as SupplementaryGroups=zeek in the unit"
                            + " of the service");
        }
        try {
            final Instant written = Files.getLastModifiedTime(log).toInstant();
            final Duration since = Duration.between(written, clock.instant());
            final String said = log + " was written " + ago(since);
            return since.compareTo(STALE) > 0
                    ? Finding.failed("log", said, UNWRITTEN)
                    : since.compareTo(FRESH) > 0
                            ? Finding.warning("log", said, UNWRITTEN)
                            : since.negated().compareTo(SKEW) > 0
                                    ? Finding.warning(
                                            "log",
                                            said,
                                            "set the clocks of the sensor and of this machine by"
                                                    + " NTP")
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
        final List<Trouble> troubles = new ArrayList<>();
        final int files = find("serveflow.tail.rotated", pattern, troubles).size();
        final List<String> trouble = meant(troubles);
        if (!trouble.isEmpty()) {
            return Finding.failed("rotated logs", trouble.get(0), "let this user read there");
        }
        if (files == 0 && !Files.isDirectory(fixed(pattern))) {
            return Finding.failed(
                    "rotated logs",
                    "no file has a name like " + pattern + ", as there is no " + fixed(pattern),
                    "check serveflow.tail.rotated: what rotates away while nothing runs would not"
                            + " be found");
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
            return tcp(address);
        }
        final Path folder = Path.of(address.substring("unix:".length())).getParent();
        return Files.isDirectory(folder) && Files.isWritable(folder)
                ? Finding.ok("socket", "the sensor connects to " + address)
                : Finding.failed(
                        "socket",
                        "this user may make no socket in " + folder,
                        "make the folder and give it to this user; the unit of the service does"
                                + " so with /run/serveflow");
    }

    private static Finding tcp(final String address) {
        final int colon = address.lastIndexOf(':');
        final String host = address.substring("tcp:".length(), colon).replaceAll("[\\[\\]]", "");
        final String cure = "let serveflow.socket.address name an address of this machine";
        try {
            final InetSocketAddress local =
                    new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
            if (local.isUnresolved()) {
                return Finding.failed("socket", "no name server knows " + host, cure);
            }
            return local.getAddress().isAnyLocalAddress()
                            || NetworkInterface.getByInetAddress(local.getAddress()) != null
                    ? Finding.ok("socket", "the sensor connects to " + address)
                    : Finding.failed("socket", host + " is no address of this machine", cure);
        } catch (final IOException | IllegalArgumentException e) {
            return Finding.failed("socket", address + ": " + e.getMessage(), cure);
        }
    }

    private Finding captures() {
        final String pattern = settings.text("serveflow.pcap.file");
        final List<Trouble> trouble = new ArrayList<>();
        final Set<Path> files = find("serveflow.pcap.file", pattern, trouble);
        if (files.isEmpty()) {
            return Finding.failed(
                    "captures",
                    "there is no " + pattern + " that this user may see",
                    "check serveflow.pcap.file");
        }
        return files.stream()
                .filter(file -> !Files.isReadable(file))
                .findFirst()
                .map(file -> "this user may not read " + file)
                .or(() -> meant(trouble).stream().findFirst())
                .map(said -> Finding.failed("captures", said, "let this user read there"))
                .orElseGet(
                        () ->
                                Finding.ok(
                                        "captures",
                                        files.size() + " files have a name like " + pattern));
    }
}
