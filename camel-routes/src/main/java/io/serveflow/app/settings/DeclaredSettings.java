/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import static io.serveflow.app.settings.Setting.of;
import static io.serveflow.app.settings.Setting.optional;
import static io.serveflow.app.settings.Setting.required;

import io.serveflow.app.settings.Kind.AlertList;
import io.serveflow.app.settings.Kind.Choice;
import io.serveflow.app.settings.Kind.Choices;
import io.serveflow.app.settings.Kind.FileList;
import io.serveflow.app.settings.Kind.Location;
import io.serveflow.app.settings.Kind.Location.Use;
import io.serveflow.app.settings.Kind.TaskBundles;
import io.serveflow.app.settings.Kind.Text;
import io.serveflow.app.settings.Kind.Time;
import io.serveflow.app.settings.Kind.Urls;
import io.serveflow.app.settings.Kind.WholeNumber;
import io.serveflow.app.settings.Kind.YesOrNo;
import io.serveflow.flow.CommunityId;
import io.serveflow.flow.TunnelType;
import io.serveflow.sensor.SensorFormat;
import io.serveflow.sensor.SensorFormats;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All settings of the application. What stands here is checked at the start, stands in {@code
 * application.properties} with the same default, and in the table of {@code
 * docs/reference/settings.md}; tests compare the three.
 */
public final class DeclaredSettings {

    /** Where flows can come from; each has a route file {@code sensor-NAME.camel.yaml}. */
    public static final List<String> SOURCES = List.of("files", "tail", "socket", "kafka", "pcap");

    /** The role of a process that reads no source. */
    static final String SLOW = Role.SLOW.id();

    static final String ROLE = "serveflow.role";
    static final String LINK = "serveflow.link";
    static final String MEMORY = "memory";
    static final String KAFKA = "kafka";
    static final String PROFILE = "serveflow.profile";
    static final String SINK = "serveflow.sink";
    static final String ELASTICSEARCH = "elasticsearch";
    static final String FILE = "file";

    /** From 1 to 65535. */
    private static final String PORT =
            "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

    private static final Kind BROKERS =
            new Text(
                    Pattern.compile("[^\\s,]+:" + PORT + "(\\s*,\\s*[^\\s,]+:" + PORT + ")*"),
                    "HOST:PORT, separated by commas, with ports from 1 to 65535");

    private static final Kind FORMAT =
            new Choice(
                    Stream.concat(
                                    Stream.of("auto"),
                                    SensorFormats.installed().lines().stream()
                                            .map(SensorFormat::id))
                            .toList());

    private static final Kind DATA_STREAM =
            new Text(
                    Pattern.compile("[^-_+.A-Z\\\\/*?\"<>| ,#:][^A-Z\\\\/*?\"<>| ,#:]{0,254}"),
                    "the lower-case name of a data stream, such as logs-serveflow-so");

    private static final String TUNNEL =
            Arrays.stream(TunnelType.values()).map(TunnelType::id).collect(Collectors.joining("|"));

    /** Of flows; the longest is a day. */
    private static final Kind TIMEOUT = new Time("s", 1, 86_400);

    private static final List<Setting> ALL =
            List.of(
                    optional(
                            PROFILE,
                            new Choice(Profile.names()),
                            "what ServeFlow stands beside: a set of defaults of its own, which the"
                                    + " settings of a file and of the environment change"),
                    of(
                            ROLE,
                            new Choice(Role.ids()),
                            Role.ALL.id(),
                            "what this process does: all, or the part of the role that it has; slow"
                                    + " scores tiers for other processes, unless linked by Kafka"),
                    required(
                            "serveflow.sources",
                            new Choices(SOURCES),
                            "where flows come from, separated by commas"),
                    of(
                            "serveflow.input",
                            new Location(Use.FOLDER),
                            "/var/spool/serveflow",
                            "files: folder of finished sensor files"),
                    of(
                            "serveflow.input.settle",
                            new Time("ms", 1, 3_600_000),
                            "2000",
                            "files: how long a file must be unchanged before it is read"),
                    of(
                            "serveflow.tail.path",
                            new Location(Use.LATER_FILES),
                            "/nsm/zeek/logs/current/serveflow.log",
                            "tail: live log, or a glob of them"),
                    optional(
                            "serveflow.tail.rotated",
                            new Location(Use.LATER_FILES),
                            "tail: where rotated logs go, if not beside the live one"),
                    of(
                            "serveflow.tail.positionFile",
                            new Location(Use.WRITTEN_FILE),
                            "serveflow-tail.position",
                            "tail: keeps the position up to which logs are read"),
                    of(
                            "serveflow.tail.startAt",
                            new Choice(List.of("beginning", "end")),
                            "beginning",
                            "tail: where to begin when no position is kept yet"),
                    of("serveflow.tail.format", FORMAT, "auto", "tail: format of the log"),
                    optional(
                            "serveflow.tail.observer",
                            Text.any("a name"),
                            "tail: name of the sensor; {file}, {folder} and {path} stand for what a"
                                    + " log is called, if not that of serveflow.observer"),
                    of(
                            "serveflow.socket.address",
                            new Text(
                                    Pattern.compile("unix:/.+|tcp:.+:[0-9]{1,5}"),
                                    "unix:PATH with an absolute path, or tcp:HOST:PORT"),
                            "unix:/run/serveflow/eve.sock",
                            "socket: where the sensor connects"),
                    of("serveflow.socket.format", FORMAT, "auto", "socket: format of the lines"),
                    optional(
                            "serveflow.socket.observer",
                            Text.any("a name"),
                            "socket: name of the sensor, if not that of serveflow.observer"),
                    of(
                            "serveflow.kafka.topics",
                            Text.any("names of topics, separated by commas"),
                            "serveflow",
                            "kafka: topics of sensor lines"),
                    of(
                            "serveflow.kafka.brokers",
                            BROKERS,
                            "127.0.0.1:9092",
                            "kafka: brokers to begin with"),
                    of(
                            "serveflow.kafka.groupId",
                            Text.any("the name of a consumer group"),
                            "serveflow",
                            "kafka: consumer group"),
                    of("serveflow.kafka.format", FORMAT, "auto", "kafka: format of the lines"),
                    optional(
                            "serveflow.kafka.observer",
                            Text.any("a name"),
                            "kafka: name of the sensor, if not that of serveflow.observer"),
                    of(
                            "serveflow.kafka.keyedByFlow",
                            new YesOrNo(),
                            "false",
                            "kafka: whether all lines of a flow have one key"),
                    of(
                            "serveflow.pcap.file",
                            new Location(Use.FILES),
                            "capture.pcap",
                            "pcap: capture, or a glob of them"),
                    of(
                            "serveflow.pcap.speed",
                            new Text(
                                    Pattern.compile("full|recorded|[0-9]+(\\.[0-9]+)?"),
                                    "full, recorded, or a factor from 0.001 to 1000000"),
                            "full",
                            "pcap: how fast captures are replayed"),
                    of(
                            "serveflow.observer",
                            Text.any("a name"),
                            "serveflow",
                            "name of the sensor, where its lines do not state one"),
                    of(
                            "serveflow.tunnels",
                            new Text(
                                    Pattern.compile(
                                            "all|none|("
                                                    + TUNNEL
                                                    + ")(\\s*,\\s*("
                                                    + TUNNEL
                                                    + "))*"),
                                    "all, none, or some of "
                                            + TUNNEL.replace("|", ", ")
                                            + ", separated by commas"),
                            "all",
                            "tunnels that are opened in captures, so that flows are those inside"),
                    of(
                            "serveflow.communityIdSeed",
                            new WholeNumber(0, CommunityId.MAX_SEED),
                            "0",
                            "seed of the Community IDs that are computed here; those that sensors"
                                    + " state are taken as they stand"),
                    of(
                            "serveflow.timeouts.tcpNew",
                            TIMEOUT,
                            "60",
                            "how long a TCP connection whose handshake is not complete may be"
                                    + " silent"),
                    of(
                            "serveflow.timeouts.tcpEstablished",
                            TIMEOUT,
                            "600",
                            "how long a TCP connection may be silent before its flow ends"),
                    of(
                            "serveflow.timeouts.tcpClosed",
                            TIMEOUT,
                            "60",
                            "how long a closed TCP connection must be silent before it is"
                                    + " forgotten"),
                    of(
                            "serveflow.timeouts.udpNew",
                            TIMEOUT,
                            "31",
                            "how long UDP of which one side alone was heard may be silent"),
                    of(
                            "serveflow.timeouts.udpEstablished",
                            TIMEOUT,
                            "300",
                            "how long UDP of which both sides were heard may be silent"),
                    of(
                            "serveflow.bundle",
                            new Location(Use.BUNDLE),
                            "models/service",
                            "bundle that the flows are classified with"),
                    optional(
                            "serveflow.bundles",
                            new TaskBundles(),
                            "bundles of several tasks that the flows are classified with at once,"
                                    + " instead of serveflow.bundle"),
                    of(
                            "serveflow.bundle.watch",
                            new Time("s", 0, 86_400),
                            "10",
                            "how often the folders of the bundles are looked at, so that a changed"
                                    + " one is taken into use; 0 for never"),
                    optional(
                            "serveflow.bundle.shadow",
                            new Location(Use.BUNDLE),
                            "bundle that is compared with the one in use for its task, on the same"
                                    + " flows, and gives no verdict"),
                    optional(
                            "serveflow.bundle.canary",
                            new Location(Use.BUNDLE),
                            "bundle that answers a share of the flows of its task, until it does"
                                    + " too badly"),
                    of(
                            "serveflow.bundle.canaryShare",
                            new Text(
                                    Pattern.compile("0(\\.[0-9]+)?|1(\\.0+)?"),
                                    "share from 0 to 1, such as 0.05"),
                            "0.05",
                            "share of the flows that the canary answers"),
                    of(
                            "serveflow.bundle.requireSignature",
                            new YesOrNo(),
                            "false",
                            "whether a bundle is refused that no trusted key has signed"),
                    optional(
                            "serveflow.bundle.trustedKeys",
                            new FileList(),
                            "public Ed25519 keys in PEM; a bundle that is signed with another one"
                                    + " is refused"),
                    of(
                            SINK,
                            new Choice(List.of(ELASTICSEARCH, FILE)),
                            ELASTICSEARCH,
                            "where verdicts go: into Elasticsearch, or to files that an agent"
                                    + " ships"),
                    of(
                            "serveflow.file.folder",
                            new Location(Use.WRITTEN_FOLDER),
                            "/nsm/serveflow",
                            "sink file: folder of these files"),
                    of(
                            "serveflow.file.maxTotalBytes",
                            new WholeNumber(0, Integer.MAX_VALUE),
                            "0",
                            "sink file: most bytes of files that stay when one is begun, at least"
                                    + " those of one, 134217728; 0 keeps all"),
                    of(
                            "serveflow.elasticsearch.urls",
                            new Urls(),
                            "http://127.0.0.1:9200",
                            "nodes of Elasticsearch"),
                    of(
                            "serveflow.index",
                            DATA_STREAM,
                            "logs-serveflow-so",
                            "data stream of the verdicts"),
                    of(
                            "serveflow.index.profile",
                            new Choice(List.of("ecs", "malcolm")),
                            "ecs",
                            "whose fields documents have: ecs, in data streams of Elasticsearch, or"
                                    + " malcolm, in plain indices of OpenSearch"),
                    optional(
                            "serveflow.alerts",
                            new AlertList(),
                            "labels whose final verdicts become alerts, with the severity of each"),
                    of(
                            "serveflow.alerts.index",
                            DATA_STREAM,
                            "logs-serveflow.alerts-so",
                            "data stream of the alerts"),
                    of(
                            "serveflow.alerts.minConfidence",
                            new Text(
                                    Pattern.compile("0(\\.[0-9]+)?|1(\\.0+)?"),
                                    "a number from 0 to 1, such as 0.9"),
                            "0",
                            "how sure a verdict must be to become an alert"),
                    of(
                            "serveflow.alerts.maxPerMinute",
                            new WholeNumber(1, 1_000_000),
                            "600",
                            "most alerts in a minute; what is beyond is counted and gets none"),
                    of(
                            "serveflow.elasticsearch.templates",
                            new YesOrNo(),
                            "true",
                            "whether the index templates are installed at the start"),
                    of(
                            "serveflow.deadLetters",
                            new Location(Use.WRITTEN_FILE),
                            "serveflow-dead-letters.ndjson",
                            "keeps what cannot be read or indexed, one JSON line each"),
                    of(
                            "serveflow.deadLetters.maxBytes",
                            new WholeNumber(0, Integer.MAX_VALUE),
                            "1073741824",
                            "most bytes of that file; what does not fit is dropped and counted. 0"
                                    + " sets no limit"),
                    of(
                            "serveflow.console.host",
                            Text.any("a host name or address"),
                            "127.0.0.1",
                            "address that the console page is served on"),
                    of(
                            "serveflow.console.port",
                            new WholeNumber(0, 65_535),
                            "8088",
                            "port of the console page"),
                    optional(
                            "serveflow.console.allowedHosts",
                            Text.any("names of hosts, separated by commas"),
                            "names that the console answers to, besides localhost, addresses and"
                                    + " serveflow.console.host"),
                    of(
                            "serveflow.console.window",
                            new Choice(List.of("15m", "1h", "6h", "24h", "7d", "30d", "all")),
                            "24h",
                            "how far back the panels of the console look, until somebody chooses"
                                    + " another time there"),
                    of(
                            "serveflow.console.packets",
                            new WholeNumber(0, 100_000),
                            "0",
                            "of how many uncertain flows, the latest, the console shows the first"
                                    + " bytes of their packets; they are kept in memory, some 2 KB"
                                    + " each, and whoever reaches the console reads them"),
                    of(
                            "serveflow.slow.maxFlows",
                            new WholeNumber(1, Integer.MAX_VALUE),
                            "100000",
                            "most flows that wait for their context or for the slow tier"),
                    of(
                            "serveflow.slow.maxEarly",
                            new WholeNumber(0, Integer.MAX_VALUE),
                            "0",
                            "most context records kept that come before their flow does"),
                    of(
                            "serveflow.slow.targetDelay",
                            new Time("ms", 0, 3_600_000),
                            "2000",
                            "delay of the slow tier above which the surer flows fall back to the"
                                    + " fast verdict; 0 for no such limit"),
                    of(
                            "serveflow.slow.maxSourceShare",
                            new Text(
                                    Pattern.compile("0?\\.[0-9]*[1-9][0-9]*|1(\\.0*)?"),
                                    "a share above 0 and at most 1, such as 0.3"),
                            "0.1",
                            "most of serveflow.slow.maxFlows that one source may have; 1 for no"
                                    + " such limit"),
                    of(
                            "serveflow.slow.ipv4Prefix",
                            new WholeNumber(0, 32),
                            "24",
                            "bits of an IPv4 address that name a source"),
                    of(
                            "serveflow.slow.ipv6Prefix",
                            new WholeNumber(0, 64),
                            "64",
                            "bits of an IPv6 address that name a source"),
                    optional(
                            "serveflow.slow.endpoints",
                            new Text(
                                    Pattern.compile(
                                            "\\s*\\S+:[0-9]{1,5}\\s*(,\\s*\\S+:[0-9]{1,5}\\s*)*"),
                                    "HOST:PORT, separated by commas"),
                            "servers that score the tiers on context records, instead of this"
                                    + " process"),
                    of(
                            "serveflow.slow.deadline",
                            new Time("ms", 1, 60_000),
                            "200",
                            "until when an answer of these servers must have come"),
                    of(
                            "serveflow.worker.host",
                            Text.any("a host name or address"),
                            "127.0.0.1",
                            "role slow: address that tiers are scored for others on"),
                    of(
                            "serveflow.worker.port",
                            new WholeNumber(0, 65_535),
                            "8001",
                            "role slow: port of it, of gRPC"),
                    of(
                            "serveflow.worker.maxRows",
                            new WholeNumber(1, 65_536),
                            "512",
                            "role slow: most flows that are scored together"),
                    of(
                            "serveflow.worker.maxDelay",
                            new Time("ms", 0, 1_000),
                            "1",
                            "role slow: how long flows wait for others to be scored with"),
                    of(
                            "serveflow.worker.maxWaiting",
                            new WholeNumber(1, 10_000_000),
                            "65536",
                            "role slow: most flows that wait to be scored, for each tier; at least"
                                    + " serveflow.worker.maxRows"),
                    of(
                            "serveflow.worker.device",
                            new Text(
                                    Pattern.compile("cpu|cuda:[0-9]{1,3}"),
                                    "cpu, or cuda:N with the number of a CUDA device"),
                            "cpu",
                            "role slow: where tiers are computed"),
                    optional(
                            "serveflow.worker.certificate",
                            new Location(Use.FILE),
                            "role slow: PEM certificate chain that is shown to clients; without it"
                                    + " connections are not protected"),
                    optional(
                            "serveflow.worker.privateKey",
                            new Location(Use.FILE),
                            "role slow: PEM private key of that certificate, in PKCS 8"),
                    optional(
                            "serveflow.worker.clientCertificates",
                            new Location(Use.FILE),
                            "role slow: PEM certificates of those who may sign a client's; clients"
                                    + " without one are then not served"),
                    of(
                            "serveflow.repair",
                            new Location(Use.WRITTEN_FILE),
                            "serveflow-repair.ndjson",
                            "keeps flows that the slow tier had no answer for, until ./serveflow"
                                    + " repair asks it again"),
                    optional(
                            "serveflow.repair.topic",
                            new Text(
                                    Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}"),
                                    "letters, digits, '.', '_' and '-', at most 249"),
                            "Kafka topic that keeps these flows instead of that file"),
                    of(
                            "serveflow.repair.maxBytes",
                            new WholeNumber(0, Integer.MAX_VALUE),
                            "268435456",
                            "most bytes of such flows in that file, some 2,500 each; 0 keeps none"),
                    of(
                            LINK,
                            new Choice(List.of(MEMORY, KAFKA)),
                            MEMORY,
                            "how the parts hand flows and verdicts to each other"),
                    of(
                            "serveflow.link.prefix",
                            new Text(
                                    Pattern.compile("[a-zA-Z0-9._-]{0,200}"),
                                    "letters, digits, '.', '_' and '-', at most 200"),
                            "serveflow.",
                            "link kafka: what the names of topics and groups begin with"),
                    of(
                            "serveflow.link.partitions",
                            new WholeNumber(0, 10_000),
                            "0",
                            "link kafka: partitions of topics that are missing, which are made"
                                    + " then; 0 makes none"),
                    of(
                            "serveflow.link.maxWait",
                            new Time("ms", 1, 86_400_000),
                            "60000",
                            "link kafka: how long a flow waits in the role slow for its context"),
                    of(
                            "serveflow.drift.window",
                            new WholeNumber(10, 1_000_000_000),
                            "10000",
                            "flows over which drift is measured"),
                    of(
                            "serveflow.drift.least",
                            new WholeNumber(1, 900_000_000),
                            "1000",
                            "flows there must be before drift is reported; at most nine tenths of"
                                    + " the window"),
                    of(
                            "serveflow.hosts.max",
                            new WholeNumber(1, Integer.MAX_VALUE),
                            "50000",
                            "most hosts in a vote, over all windows"),
                    of(
                            "serveflow.hosts.grace",
                            new Time("s", 0, 86_400),
                            "60",
                            "how long after its end a window waits for late verdicts"));

    private DeclaredSettings() {}

    /** All of them, in the order of the documentation. */
    public static List<Setting> all() {
        return ALL;
    }

    /** The names of all of them. */
    static List<String> names() {
        return ALL.stream().map(Setting::name).toList();
    }

    /** The setting of that name; empty if there is none. */
    static Optional<Setting> named(final String name) {
        return ALL.stream().filter(setting -> setting.name().equals(name)).findFirst();
    }

    /**
     * Whether a setting is for a source, a sink or a role that does not run, so that what it names
     * need not be there.
     *
     * @param stores whether the process stores verdicts, and where
     */
    static boolean isIdle(
            final String name,
            final String role,
            final Optional<String> stores,
            final List<String> sources) {
        if (name.startsWith("serveflow.file.")) {
            return !stores.equals(Optional.of(FILE));
        }
        if (name.startsWith("serveflow.worker.")) {
            return !role.equals(SLOW);
        }
        if (name.startsWith("serveflow.input")) {
            return !sources.contains("files");
        }
        final String[] parts = name.split("\\.");
        return SOURCES.contains(parts[1]) && !sources.contains(parts[1]);
    }
}
