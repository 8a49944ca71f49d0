/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A single Kafka broker on the loopback address, in a JVM of its own, with a listener for
 * everybody, one with SASL_SSL and a password, and one with TLS for those who show a certificate.
 * All of them may do everything but {@link #GUEST}, who may do what access control lists allow.
 *
 * <p>Its settings and data are in a folder of its own. {@link #kill()} and {@link #start()} may
 * alternate: addresses and data stay. It ends with this JVM, also when that is killed.
 */
public final class LocalKafka implements AutoCloseable {

    /** The user of the listener with a password. */
    public static final String USER = "serveflow";

    /** A user of the listener with a password who may do nothing that is not allowed. */
    public static final String GUEST = "guest";

    /** The password of both. */
    public static final String PASSWORD = "a-password-for-tests";

    private static final int MAX_RECORD_BYTES = 4 * 1024 * 1024;
    private static final Duration START = Duration.ofSeconds(60);
    private static final long LOOK_NANOS = 20_000_000;
    private static final String STORE_PASSWORD = "a-store-for-tests";

    /** Little memory and a quick start: what tests need. */
    private static final List<String> FOR_TESTS =
            List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path folder;
    private final List<String> jvmOptions;
    private final String cluster = Uuid.randomUuid().toString();
    private int port = freePort();
    private final int securePort = freePort();
    private final int mutualPort = freePort();
    private final int controllerPort = freePort();
    private Process process;

    private LocalKafka(final Path folder, final List<String> jvmOptions) {
        this.folder = folder;
        this.jvmOptions = jvmOptions;
    }

    /** A broker that answers, for tests. */
    public static LocalKafka started() {
        return started(Path.of("target"), FOR_TESTS);
    }

    /**
     * A broker that answers.
     *
     * @param parent the folder in which it gets one of its own
     * @param jvmOptions options of its JVM
     */
    public static LocalKafka started(final Path parent, final List<String> jvmOptions) {
        try {
            final Path target = Files.createDirectories(parent.toAbsolutePath());
            final LocalKafka kafka =
                    new LocalKafka(Files.createTempDirectory(target, "kafka-"), jvmOptions);
            kafka.makeCertificate();
            kafka.configure();
            kafka.start();
            return kafka;
        } catch (final IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a local Kafka", e);
        }
    }

    private void configure() throws IOException {
        final Properties settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAIN");
        settings.put(
                "listeners",
                "PLAIN://127.0.0.1:%d,SECURE://127.0.0.1:%d,MUTUAL://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                        .formatted(port, securePort, mutualPort, controllerPort));
        settings.put(
                "listener.security.protocol.map",
                "PLAIN:PLAINTEXT,SECURE:SASL_SSL,MUTUAL:SSL,CONTROLLER:PLAINTEXT");
        settings.put("listener.name.mutual.ssl.client.auth", "required");
        settings.put("listener.name.mutual.ssl.truststore.location", trustStore().toString());
        settings.put("listener.name.mutual.ssl.truststore.type", "PEM");
        settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
        settings.put(
                "listener.name.secure.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.put(
                "listener.name.secure.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\" user_%s=\"%s\";"
                        .formatted(USER, PASSWORD, GUEST, PASSWORD));
        settings.put(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:ANONYMOUS;User:CN=127.0.0.1;User:" + USER);
        settings.put("ssl.keystore.location", keyStore().toString());
        settings.put("ssl.keystore.password", STORE_PASSWORD);
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("log.dirs", data().toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("message.max.bytes", Integer.toString(MAX_RECORD_BYTES));
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        /* A broker that was killed may register again when the session of its former life is over. */
        settings.put("broker.session.timeout.ms", "4000");
        settings.put("broker.heartbeat.interval.ms", "200");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "100");
        try (var out = Files.newOutputStream(settingsFile())) {
            settings.store(out, null);
        }
    }

    private void makeCertificate() throws IOException, GeneralSecurityException {
        final Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-J-XX:TieredStopAtLevel=1",
                                "-J-XX:+UseSerialGC",
                                "-genkeypair",
                                "-alias",
                                "broker",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=127.0.0.1",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                STORE_PASSWORD,
                                "-keystore",
                                keyStore().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        if (await(keytool) != 0) {
            throw new IOException("keytool cannot make a certificate, see " + folder);
        }
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keyStore())) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        final String certificate =
                Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(store.getCertificate("broker").getEncoded());
        Files.writeString(
                trustStore(),
                "-----BEGIN CERTIFICATE-----\n" + certificate + "\n-----END CERTIFICATE-----\n");
    }

    /** Starts the broker and waits until it answers; one that is held goes on. */
    public void start() {
        if (process != null && process.isAlive()) {
            signal("CONT");
            return;
        }
        try {
            final List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(jvmOptions);
            command.addAll(
                    List.of(
                            "-cp",
                            System.getProperty("java.class.path"),
                            LocalKafkaProcess.class.getName(),
                            settingsFile().toString(),
                            data().toString(),
                            cluster));
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("broker.log").toFile()))
                            .start();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitAnswer();
    }

    private void awaitAnswer() {
        try (Admin admin = admin()) {
            final long deadline = System.nanoTime() + START.toNanos();
            while (process.isAlive() && System.nanoTime() < deadline) {
                try {
                    if (!admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty()) {
                        return;
                    }
                } catch (final ExecutionException | TimeoutException e) {
                    /* Not yet. */
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        throw new IllegalStateException("the local Kafka does not answer, see " + folder);
    }

    /** Has the broker stand still, so that it answers nobody; {@link #start()} has it go on. */
    public void hold() {
        signal("STOP");
    }

    private void signal(final String name) {
        try {
            await(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the broker at once, as a power cut does; its addresses and data stay. */
    public void kill() {
        process.destroyForcibly();
        await(process);
    }

    /** Has the listener for everybody at another port from the next start on. */
    public void moveTo(final int otherPort) {
        port = otherPort;
        try {
            configure();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** The listener for everybody. */
    public String brokers() {
        return "127.0.0.1:" + port;
    }

    /** The listener with SASL_SSL, mechanism PLAIN. */
    public String secureBrokers() {
        return "127.0.0.1:" + securePort;
    }

    /** The listener with TLS, for who shows the certificate in {@link #keyStore()}. */
    public String mutualBrokers() {
        return "127.0.0.1:" + mutualPort;
    }

    /** The certificate of the listeners with TLS, as PEM. */
    public Path trustStore() {
        return folder.resolve("ca.pem");
    }

    /** A certificate that is let in, with its key, as PKCS12: that of the broker itself. */
    public Path keyStore() {
        return folder.resolve("broker.p12");
    }

    /** The password of {@link #keyStore()}. */
    public String keyStorePassword() {
        return STORE_PASSWORD;
    }

    /** Lets {@link #USER} in with SCRAM-SHA-512 too, and a password that is not that of PLAIN. */
    public void addScramUser(final String password) {
        try (Admin admin = admin()) {
            get(
                    admin.alterUserScramCredentials(
                                    List.of(
                                            new UserScramCredentialUpsertion(
                                                    USER,
                                                    new ScramCredentialInfo(
                                                            ScramMechanism.SCRAM_SHA_512, 4_096),
                                                    password)))
                            .all());
        }
    }

    private Path settingsFile() {
        return folder.resolve("server.properties");
    }

    private Path data() {
        return folder.resolve("data");
    }

    /** A client of the broker's administration. */
    public Admin admin() {
        return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, brokers()));
    }

    /** Makes a topic. */
    public void topic(final String name, final int partitions) {
        try (Admin admin = admin()) {
            get(admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all());
            awaitLeaders(admin, name, partitions);
        }
    }

    /**
     * A topic is there before the broker leads its partitions. What is sent to one in between is
     * refused once, and then an idempotent producer of 4.3.1 keeps it until it expires.
     */
    private static void awaitLeaders(final Admin admin, final String name, final int partitions) {
        final Map<TopicPartition, OffsetSpec> beginnings =
                IntStream.range(0, partitions)
                        .boxed()
                        .collect(
                                Collectors.toMap(
                                        id -> new TopicPartition(name, id),
                                        id -> OffsetSpec.earliest()));
        final long begin = System.nanoTime();
        while (true) {
            try {
                admin.listOffsets(beginnings).all().get();
                return;
            } catch (final ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException)
                        || System.nanoTime() - begin > START.toNanos()) {
                    throw new IllegalStateException("Kafka does not lead " + name, e);
                }
                LockSupport.parkNanos(LOOK_NANOS);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while Kafka makes " + name, e);
            }
        }
    }

    /** A producer of lines, which waits for others to be sent with for 5 ms. */
    public KafkaProducer<String, byte[]> producer() {
        return producer("none");
    }

    /** The same, with a compression: none, gzip, snappy, lz4 or zstd. */
    public KafkaProducer<String, byte[]> producer(final String compression) {
        return new KafkaProducer<>(
                Map.of(
                        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                        brokers(),
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        compression,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        MAX_RECORD_BYTES,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** What the members of a group have committed. */
    public Map<TopicPartition, Long> committed(final String group) {
        try (Admin admin = admin()) {
            final Map<TopicPartition, Long> offsets = new HashMap<>();
            get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach((id, offset) -> offsets.put(id, offset.offset()));
            return offsets;
        }
    }

    /** The ids of the members of a group, which begin with those of their clients. */
    public List<String> members(final String group) {
        try (Admin admin = admin()) {
            return get(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group))
                    .members()
                    .stream()
                    .map(MemberDescription::consumerId)
                    .toList();
        }
    }

    /** Commits an offset of a group that has no members. */
    public void commit(final String group, final TopicPartition id, final long offset) {
        try (Admin admin = admin()) {
            get(
                    admin.alterConsumerGroupOffsets(
                                    group, Map.of(id, new OffsetAndMetadata(offset)))
                            .all());
        }
    }

    /** Deletes the records of a partition before an offset, as their retention does. */
    public void expire(final TopicPartition id, final long beforeOffset) {
        try (Admin admin = admin()) {
            get(admin.deleteRecords(Map.of(id, RecordsToDelete.beforeOffset(beforeOffset))).all());
        }
    }

    /** The value that Kafka answers with. */
    public static <T> T get(final Future<T> answer) {
        try {
            return answer.get(30, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (final ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka did not do what was asked for", e);
        }
    }

    /** The bytes of a line. */
    public static byte[] bytes(final String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private static int await(final Process ending) {
        try {
            return ending.waitFor();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A port that nobody listens at. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
