/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A single-node Elasticsearch on the loopback address, run from an unpacked distribution for as
 * long as this JVM lives.
 *
 * <p>Configuration, data and logs are in a temporary directory that {@link #close()} deletes; the
 * distribution is only read. {@link #stop()} and {@link #start()} may alternate: address and data
 * stay. The server refuses to run as root, so under root it runs as the user {@value #UNPRIVILEGED}
 * (nobody), from a copy of the distribution where that user cannot read the original. It ends with
 * this JVM, also when the JVM is killed: a shell beside it waits for the end of a pipe that only
 * this JVM holds.
 *
 * <p>Safe for use by more than one thread.
 */
public final class LocalElasticsearch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalElasticsearch.class);

    /** Numeric, because its group has different names on different systems. */
    private static final int UNPRIVILEGED = 65534;

    private static final long POLL_MILLIS = 100;
    private static final long STOP_SECONDS = 20;
    private static final int LOG_TAIL_LINES = 20;

    /**
     * Runs the server in the shell's place, next to a subshell that ends it when standard input
     * ends.
     */
    private static final String END_WITH_STDIN =
            "exec 3<&0; { read -r _ <&3; kill -TERM $$; } & exec 3<&-; exec \"$@\" </dev/null";

    private final Options options;
    private final Path directory;
    private final Path home;
    private final boolean root;
    private final Thread shutdownHook = new Thread(this::close, "local-elasticsearch-shutdown");
    private int httpPort;
    private boolean tls;
    private Process process;
    private boolean closed;

    /**
     * How the server is to run.
     *
     * @param httpPort TCP port of the REST API, or 0 for a free one
     * @param heapMegabytes Java heap of the server, at least 128
     * @param jvmOptions more options of the server's JVM, such as {@code -XX:TieredStopAtLevel=1},
     *     which halves the time to start and costs speed later
     * @param settings more lines of {@code elasticsearch.yml}, by their full name; they win over
     *     those set here
     * @param startTimeout how long the server may take to answer
     */
    public record Options(
            int httpPort,
            int heapMegabytes,
            List<String> jvmOptions,
            Map<String, String> settings,
            Duration startTimeout) {

        public Options {
            jvmOptions = List.copyOf(jvmOptions);
            settings = Map.copyOf(settings);
            Objects.requireNonNull(startTimeout, "startTimeout");
            if (httpPort < 0 || httpPort > 65535) {
                throw new IllegalArgumentException("httpPort must be 0 to 65535, was " + httpPort);
            }
            if (heapMegabytes < 128) {
                throw new IllegalArgumentException(
                        "heapMegabytes must be at least 128, was " + heapMegabytes);
            }
            if (startTimeout.isNegative() || startTimeout.isZero()) {
                throw new IllegalArgumentException(
                        "startTimeout must be above 0, was " + startTimeout);
            }
        }

        /** A free port, 512 MB of heap, no more options or settings, two minutes to start. */
        public static Options defaults() {
            return new Options(0, 512, List.of(), Map.of(), Duration.ofMinutes(2));
        }

        /** The same with another port. */
        public Options withHttpPort(final int port) {
            return new Options(port, heapMegabytes, jvmOptions, settings, startTimeout);
        }

        /** The same with other additional options of the JVM. */
        public Options withJvmOptions(final String... more) {
            return new Options(httpPort, heapMegabytes, List.of(more), settings, startTimeout);
        }

        /** The same with other additional settings. */
        public Options withSettings(final Map<String, String> more) {
            return new Options(httpPort, heapMegabytes, jvmOptions, more, startTimeout);
        }

        /** The same with another time to start. */
        public Options withStartTimeout(final Duration timeout) {
            return new Options(httpPort, heapMegabytes, jvmOptions, settings, timeout);
        }
    }

    /**
     * A server that has not been started yet.
     *
     * @param distribution the unpacked distribution, the directory that holds {@code bin}
     * @throws IOException if there is no distribution there or the temporary directory cannot be
     *     made
     */
    public LocalElasticsearch(final Path distribution, final Options options) throws IOException {
        this.options = Objects.requireNonNull(options, "options");
        if (!Files.isRegularFile(distribution.resolve("bin").resolve("elasticsearch"))) {
            throw new IOException(
                    "no Elasticsearch distribution at "
                            + distribution
                            + ", there is no bin/elasticsearch in it; the Maven build unpacks one"
                            + " to target/");
        }
        httpPort = options.httpPort();
        directory = Files.createTempDirectory("serveflow-elasticsearch-");
        root = runsAsRoot(directory);
        try {
            home = root ? readableByAll(distribution.toRealPath()) : distribution.toRealPath();
            configure();
        } catch (final AccessDeniedException e) {
            deleteRecursively(directory);
            throw new IOException(
                    "cannot read "
                            + e.getFile()
                            + " of the Elasticsearch distribution; unpack it as the user who runs"
                            + " it",
                    e);
        } catch (final IOException | RuntimeException e) {
            deleteRecursively(directory);
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** The distribution that the build has unpacked for tests. */
    static Path unpacked() {
        return Path.of(System.getProperty("serveflow.elasticsearch.home"));
    }

    /** A server for a test, of the distribution that the build has unpacked, with a quick start. */
    public static LocalElasticsearch started() throws IOException {
        return started(unpacked(), Options.defaults().withJvmOptions("-XX:TieredStopAtLevel=1"));
    }

    /** A server that has been started. */
    public static LocalElasticsearch started(final Path distribution, final Options options)
            throws IOException {
        final LocalElasticsearch server = new LocalElasticsearch(distribution, options);
        try {
            server.start();
            return server;
        } catch (final IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Starts the server and waits until it answers; does nothing if it runs.
     *
     * @throws IOException if its port is in use, it ends, or the time is over; the message has the
     *     tail of its log
     */
    public void start() throws IOException {
        start(Map.of());
    }

    /**
     * Starts the server with settings that hold until the next start; does nothing if it runs.
     *
     * @see #start()
     */
    public synchronized void start(final Map<String, String> settings) throws IOException {
        if (closed) {
            throw new IllegalStateException("the local Elasticsearch has been closed");
        }
        if (isRunning()) {
            return;
        }
        requireFree(httpPort);
        writeSettings(settings);
        Files.deleteIfExists(portsFile());
        process = launch();
        try {
            awaitAnswer();
        } catch (final IOException | RuntimeException e) {
            stop();
            throw e;
        }
        LOG.debug("Elasticsearch runs at {} from {}", uri(), home);
    }

    /** Whether the server's process is alive. */
    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /**
     * The address of the REST API.
     *
     * @throws IllegalStateException if the port is to be a free one and the server has never been
     *     started
     */
    public synchronized URI uri() {
        if (httpPort == 0) {
            throw new IllegalStateException("the port is known once the server has been started");
        }
        return URI.create((tls ? "https" : "http") + "://127.0.0.1:" + httpPort);
    }

    /**
     * The folder with the server's configuration, some files of which, such as {@code roles.yml},
     * it reads again while it runs.
     */
    public Path configuration() {
        return directory.resolve("config");
    }

    /** Stops the server and keeps its data; does nothing if it does not run. */
    public synchronized void stop() {
        if (process == null) {
            return;
        }
        final List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        try {
            process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        try {
            process.getOutputStream().close();
        } catch (final IOException e) {
            LOG.trace("the pipe is closed either way", e);
        }
        process = null;
    }

    /** Stops the server and deletes its data. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        stop();
        try {
            deleteRecursively(directory);
        } catch (final IOException e) {
            LOG.warn("Could not delete {}: {}", directory, e.getMessage());
        }
        if (Thread.currentThread() != shutdownHook) {
            try {
                Runtime.getRuntime().removeShutdownHook(shutdownHook);
            } catch (final IllegalStateException e) {
                LOG.trace("the JVM is shutting down already", e);
            }
        }
    }

    private Process launch() throws IOException {
        final List<String> command = new ArrayList<>();
        if (root) {
            command.addAll(
                    List.of(
                            "setpriv",
                            "--reuid=" + UNPRIVILEGED,
                            "--regid=" + UNPRIVILEGED,
                            "--clear-groups"));
        }
        command.addAll(List.of("/bin/sh", "-c", END_WITH_STDIN, "sh"));
        command.add(home.resolve("bin").resolve("elasticsearch").toString());
        final ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(console().toFile());
        final Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("ES_"));
        environment.put("ES_PATH_CONF", directory.resolve("config").toString());
        environment.put("ES_TMPDIR", directory.resolve("tmp").toString());
        environment.put("ES_JAVA_HOME", System.getProperty("java.home"));
        environment.put(
                "ES_JAVA_OPTS",
                "-Xms"
                        + options.heapMegabytes()
                        + "m -Xmx"
                        + options.heapMegabytes()
                        + "m "
                        + String.join(" ", options.jvmOptions()));
        // The launcher only starts the server and waits for its end.
        environment.put("CLI_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        try {
            return builder.start();
        } catch (final IOException e) {
            throw new IOException(
                    "cannot run "
                            + command.get(0)
                            + (root
                                    ? ", which starts Elasticsearch as another user because it"
                                            + " refuses to run as root; run as an ordinary user or"
                                            + " install util-linux: "
                                    : ": ")
                            + e.getMessage(),
                    e);
        }
    }

    private void awaitAnswer() throws IOException {
        final long start = System.nanoTime();
        final HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
        while (System.nanoTime() - start < options.startTimeout().toNanos()) {
            try {
                // Waits between two looks, and ends at once if the server does.
                if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException(
                            "Elasticsearch ended with code "
                                    + process.exitValue()
                                    + " instead of starting; the end of its log:\n"
                                    + logTail());
                }
                if (portKnown() && answers(client)) {
                    return;
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while Elasticsearch was starting", e);
            }
        }
        throw new IOException(
                "Elasticsearch did not answer within "
                        + options.startTimeout()
                        + "; the end of its log:\n"
                        + logTail());
    }

    /** The server writes the addresses it is bound to into a file once it listens. */
    private boolean portKnown() throws IOException {
        if (!Files.exists(portsFile())) {
            return false;
        }
        final String bound = Files.readString(portsFile()).strip();
        if (bound.isEmpty()) {
            return false;
        }
        final String first = bound.lines().findFirst().orElseThrow();
        httpPort = Integer.parseInt(first.substring(first.lastIndexOf(':') + 1));
        return true;
    }

    private boolean answers(final HttpClient client) throws InterruptedException {
        if (tls) {
            // Its certificate is not known here, and it listens only once it has started.
            return true;
        }
        final HttpRequest request =
                HttpRequest.newBuilder(
                                uri().resolve("/_cluster/health?wait_for_status=yellow&timeout=1s"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        try {
            final int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            // 401: it runs, with security on by one of the additional settings.
            return status == 200 || status == 401;
        } catch (final IOException e) {
            LOG.trace("not yet", e);
            return false;
        }
    }

    private void configure() throws IOException {
        final Path config = directory.resolve("config");
        copyRecursively(home.resolve("config"), config);
        for (final String name : List.of("data", "logs", "tmp")) {
            Files.createDirectory(directory.resolve(name));
        }
        if (root) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (final Path path : all.toList()) {
                    giveAway(path);
                }
            }
        }
    }

    private void writeSettings(final Map<String, String> more) throws IOException {
        final Map<String, String> settings = new TreeMap<>();
        settings.put("cluster.name", "serveflow-local");
        settings.put("node.name", "local");
        settings.put("path.data", directory.resolve("data").toString());
        settings.put("path.logs", directory.resolve("logs").toString());
        settings.put("network.host", "127.0.0.1");
        settings.put("http.port", Integer.toString(httpPort));
        settings.put("transport.port", "0");
        settings.put("node.portsfile", "true");
        settings.put("discovery.type", "single-node");
        settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
        settings.put("action.destructive_requires_name", "true");
        onlyWith("x-pack-security", settings, "xpack.security.enabled", "false");
        onlyWith("x-pack-ml", settings, "xpack.ml.enabled", "false");
        onlyWith("ingest-geoip", settings, "ingest.geoip.downloader.enabled", "false");
        settings.putAll(options.settings());
        settings.putAll(more);
        tls = Boolean.parseBoolean(settings.get("xpack.security.http.ssl.enabled"));
        final StringBuilder yaml = new StringBuilder();
        settings.forEach(
                (name, value) ->
                        yaml.append(name)
                                .append(": \"")
                                .append(value.replace("\\", "\\\\").replace("\"", "\\\""))
                                .append("\"\n"));
        Files.writeString(directory.resolve("config").resolve("elasticsearch.yml"), yaml);
    }

    /** A setting of a module that this distribution lacks would stop the server from starting. */
    private void onlyWith(
            final String module,
            final Map<String, String> settings,
            final String name,
            final String value) {
        if (Files.isDirectory(home.resolve("modules").resolve(module))) {
            settings.put(name, value);
        }
    }

    private Path portsFile() {
        return directory.resolve("logs").resolve("http.ports");
    }

    private Path console() {
        return directory.resolve("console.log");
    }

    private String logTail() throws IOException {
        // ISO-8859-1 decodes whatever the server wrote.
        final List<String> lines = Files.readAllLines(console(), StandardCharsets.ISO_8859_1);
        return String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    }

    private static void requireFree(final int port) throws IOException {
        if (port == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (final IOException e) {
            throw new IOException(
                    "port "
                            + port
                            + " of 127.0.0.1 is in use by another program; stop it or choose"
                            + " another port",
                    e);
        }
    }

    /**
     * The distribution itself if every user may read it, and else a copy in the temporary
     * directory.
     */
    private Path readableByAll(final Path distribution) throws IOException {
        for (Path parent = distribution; parent != null; parent = parent.getParent()) {
            if (!Files.getPosixFilePermissions(parent)
                    .contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return copyOf(distribution);
            }
        }
        try (Stream<Path> files = Files.walk(distribution)) {
            // The configuration is copied anyway, and its files are private in every distribution.
            final Path config = distribution.resolve("config");
            final boolean readable =
                    files.filter(path -> !path.startsWith(config)).allMatch(this::othersMayRead);
            return readable ? distribution : copyOf(distribution);
        }
    }

    private boolean othersMayRead(final Path path) {
        try {
            return Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path copyOf(final Path distribution) throws IOException {
        final Path copy = directory.resolve("home");
        copyRecursively(distribution, copy);
        return copy;
    }

    private static boolean runsAsRoot(final Path ownFile) throws IOException {
        return ownFile.getFileSystem().supportedFileAttributeViews().contains("unix")
                && (Integer) Files.getAttribute(ownFile, "unix:uid") == 0;
    }

    private static void giveAway(final Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", UNPRIVILEGED, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", UNPRIVILEGED, LinkOption.NOFOLLOW_LINKS);
        final Set<PosixFilePermission> permissions =
                EnumSet.copyOf(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        permissions.add(PosixFilePermission.OWNER_READ);
        permissions.add(PosixFilePermission.OWNER_WRITE);
        Files.setPosixFilePermissions(path, permissions);
    }

    private static void copyRecursively(final Path from, final Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            final Path directory, final BasicFileAttributes attributes)
                            throws IOException {
                        Files.createDirectory(to.resolve(from.relativize(directory).toString()));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(
                            final Path file, final BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file).toString()),
                                StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void deleteRecursively(final Path directory) throws IOException {
        final List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(directory)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (final Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
