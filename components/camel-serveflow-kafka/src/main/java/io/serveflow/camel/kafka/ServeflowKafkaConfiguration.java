/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.kafka;

import io.serveflow.camel.support.OptionFaults;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The options of {@code serveflow-kafka}, on the component for all endpoints or on one of them;
 * named as those of Camel's {@code kafka}, where that has them.
 */
@UriParams
@Configurer
public class ServeflowKafkaConfiguration implements Cloneable {

    static final String EARLIEST = "earliest";
    static final String LATEST = "latest";
    static final String NONE = "none";

    private static final int MAX_CONSUMERS = 256;

    /** How long one request may take. */
    private static final int REQUEST_MILLIS = 10_000;

    private static final int DELIVERY_MILLIS = 120_000;

    private static final int SEND_BYTES = 128 * 1024;
    private static final int MAX_POLL_RECORDS_LIMIT = 65_536;
    private static final int MAX_MILLIS = 86_400_000;
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final Pattern BROKER =
            Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[^\\s:,\\[\\]]+):(\\d{1,5})");

    private static final int MAX_PORT = 65_535;

    @UriPath(
            description =
                    "Topics, separated by commas, or with topicIsPattern one regular expression")
    @Metadata(required = true)
    private String topic = "";

    @UriParam(
            defaultValue = "127.0.0.1:9092",
            description = "Brokers to begin with, HOST:PORT separated by commas")
    private String brokers = "127.0.0.1:9092";

    @UriParam(
            defaultValue = "lines",
            enums = "lines,flows,documents",
            description =
                    "What the values are: lines of sensors, which are only read; flows, that is"
                            + " flow records with the verdicts that they have, for another process;"
                            + " or verdict documents as the index has them")
    private String content = Content.LINES.id();

    @UriParam(
            defaultValue = "false",
            description =
                    "Whether the topic of the address is a regular expression that names of "
                            + "topics match")
    private boolean topicIsPattern;

    @UriParam(
            defaultValue = "serveflow",
            description =
                    "Consumer group, whose members share the partitions and whose offsets are "
                            + "committed")
    private String groupId = "serveflow";

    @UriParam(
            label = "advanced",
            description =
                    "Name of this member for good, so that the partitions stay with it when it "
                            + "is restarted within sessionTimeoutMs")
    private String groupInstanceId = "";

    @UriParam(
            defaultValue = "serveflow",
            description =
                    "Name of this client in the brokers' logs and quotas; what sends flows has"
                            + " -flows behind it")
    private String clientId = "serveflow";

    @UriParam(
            defaultValue = "1",
            description =
                    "Consumers, each with two threads; as many as there are partitions at most "
                            + "are of use")
    private int consumersCount = 1;

    @UriParam(
            defaultValue = "earliest",
            enums = "earliest,latest,none",
            description =
                    "Where to begin when the group has committed no offset: earliest, latest, or"
                        + " none, which is an error. Offsets that have expired are never skipped by"
                        + " this.")
    private String autoOffsetReset = EARLIEST;

    @UriParam(
            label = "advanced",
            defaultValue = "read_uncommitted",
            enums = "read_uncommitted,read_committed",
            description =
                    "Whether records of transactions are read at once or when they are "
                            + "committed")
    private String isolationLevel = "read_uncommitted";

    @UriParam(
            defaultValue = "1024",
            description =
                    "Most Kafka records of one poll; their flow records go down the route "
                            + "together")
    private int maxPollRecords = 1_024;

    @UriParam(
            label = "advanced",
            defaultValue = "500",
            javaType = "java.time.Duration",
            description =
                    "How long a poll waits for records, in milliseconds; where the sensor gives "
                            + "single packets, waits for packets end no more precisely")
    private long pollTimeoutMs = 500;

    @UriParam(
            label = "advanced",
            defaultValue = "45000",
            javaType = "java.time.Duration",
            description =
                    "How long the group waits for the heartbeat of a member before its "
                            + "partitions go to others, in milliseconds")
    private int sessionTimeoutMs = 45_000;

    @UriParam(
            label = "advanced",
            defaultValue = "3000",
            javaType = "java.time.Duration",
            description =
                    "Time between heartbeats, in milliseconds; at most a third of "
                            + "sessionTimeoutMs")
    private int heartbeatIntervalMs = 3_000;

    @UriParam(
            label = "advanced",
            defaultValue = "300000",
            javaType = "java.time.Duration",
            description =
                    "How long the group waits for a member to poll, in milliseconds. A slow "
                            + "route does not count: partitions are paused and polling goes on.")
    private int maxPollIntervalMs = 300_000;

    @UriParam(
            label = "advanced",
            defaultValue = "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
            description =
                    "Class that shares out the partitions; the same in all members of the group")
    private String partitionAssignor =
            "org.apache.kafka.clients.consumer.CooperativeStickyAssignor";

    @UriParam(
            label = "advanced",
            defaultValue = "1000",
            javaType = "java.time.Duration",
            description = "Least time between two commits, in milliseconds")
    private long commitIntervalMs = 1_000;

    @UriParam(
            label = "advanced",
            defaultValue = "5000",
            javaType = "java.time.Duration",
            description =
                    "How long a commit may take when partitions are given up, in milliseconds")
    private long commitTimeoutMs = 5_000;

    @UriParam(
            label = "advanced",
            defaultValue = "30000",
            javaType = "java.time.Duration",
            description =
                    "How long to wait for the batch under way before partitions are given up, at a"
                        + " rebalance or when the route stops, in milliseconds; at a rebalance half"
                        + " of maxPollIntervalMs at most")
    private long shutdownTimeout = 30_000;

    @UriParam(
            defaultValue = "false",
            description =
                    "Whether all records of a flow are in one partition, as when their key is the"
                            + " id of the flow. Context records that no flow waits for are then"
                            + " skipped unread.")
    private boolean keyedByFlow;

    @UriParam(
            label = "security",
            defaultValue = "PLAINTEXT",
            enums = "PLAINTEXT,SSL,SASL_PLAINTEXT,SASL_SSL",
            description = "How to talk to the brokers")
    private String securityProtocol = "PLAINTEXT";

    @UriParam(
            label = "security",
            defaultValue = "PLAIN",
            enums = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,GSSAPI,OAUTHBEARER",
            description = "How to log in, with SASL")
    private String saslMechanism = "PLAIN";

    @UriParam(
            label = "security",
            secret = true,
            description =
                    "Login module with its user and password, as in sasl.jaas.config of Kafka")
    private String saslJaasConfig = "";

    @UriParam(
            label = "security",
            description =
                    "File of the certificate authorities that may have signed the certificates "
                            + "of the brokers; without it those of the JDK")
    private String sslTruststoreLocation = "";

    @UriParam(label = "security", secret = true, description = "Password of the trust store")
    private String sslTruststorePassword = "";

    @UriParam(label = "security", description = "Format of the trust store: JKS, PKCS12 or PEM")
    private String sslTruststoreType = "";

    @UriParam(
            label = "security",
            description =
                    "File of the key and certificate of this client, where brokers ask for one")
    private String sslKeystoreLocation = "";

    @UriParam(label = "security", secret = true, description = "Password of the key store")
    private String sslKeystorePassword = "";

    @UriParam(label = "security", description = "Format of the key store: JKS, PKCS12 or PEM")
    private String sslKeystoreType = "";

    @UriParam(
            label = "security",
            secret = true,
            description = "Password of the key in the key store")
    private String sslKeyPassword = "";

    @UriParam(
            label = "security",
            defaultValue = "https",
            description =
                    "How names in the certificates of brokers are checked: https, or none, "
                            + "which trusts any name")
    private String sslEndpointAlgorithm = "https";

    @UriParam(
            label = "producer",
            defaultValue = "lz4",
            enums = "none,gzip,snappy,lz4,zstd",
            description = "How what is sent is compressed")
    private String compressionCodec = "lz4";

    @UriParam(
            label = "producer,advanced",
            defaultValue = "5",
            javaType = "java.time.Duration",
            description =
                    "How long a record waits for others to be sent with, in milliseconds, 0 to"
                            + " 1000")
    private int lingerMs = 5;

    @UriParam(
            label = "producer,advanced",
            defaultValue = "0",
            javaType = "java.time.Duration",
            description =
                    "How long Kafka may take to acknowledge a record, in milliseconds, before its"
                            + " exchange fails and the source sends the batch again; 0 for two"
                            + " minutes, and a day where content is flows, as first records that"
                            + " are sent again may come behind their contexts")
    private int deliveryTimeoutMs;

    @UriParam(
            label = "advanced",
            prefix = "additionalProperties.",
            multiValue = true,
            description =
                    "Any other setting of the Kafka consumer, as additionalProperties.NAME, such as"
                            + " additionalProperties.fetch.min.bytes")
    private Map<String, Object> additionalProperties = new HashMap<>();

    /** A copy that may be changed without changing this one. */
    public ServeflowKafkaConfiguration copy() {
        try {
            final ServeflowKafkaConfiguration copy = (ServeflowKafkaConfiguration) clone();
            copy.additionalProperties = new HashMap<>(additionalProperties);
            return copy;
        } catch (final CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /** Adds what is wrong with these options. */
    void check(final OptionFaults wrong) {
        validateTopic(wrong);
        if (brokerList().isEmpty()
                || !brokerList().stream().allMatch(ServeflowKafkaConfiguration::isBroker)) {
            wrong.add(
                    "brokers must be HOST:PORT, separated by commas, with ports from 1 to 65535,"
                            + " was '"
                            + brokers
                            + "'");
        }
        wrong.required("groupId", groupId);
        wrong.required("clientId", clientId);
        wrong.required("partitionAssignor", partitionAssignor);
        wrong.oneOf("content", content, "lines", "flows", "documents");
        wrong.oneOf("compressionCodec", compressionCodec, "none", "gzip", "snappy", "lz4", "zstd");
        wrong.range("lingerMs", lingerMs, 0, 1_000);
        if (deliveryTimeoutMs != 0) {
            wrong.range("deliveryTimeoutMs", deliveryTimeoutMs, REQUEST_MILLIS, MAX_MILLIS);
        }
        wrong.oneOf("autoOffsetReset", autoOffsetReset, EARLIEST, LATEST, NONE);
        wrong.oneOf("isolationLevel", isolationLevel, "read_uncommitted", "read_committed");
        wrong.range("consumersCount", consumersCount, 1, MAX_CONSUMERS);
        wrong.range("maxPollRecords", maxPollRecords, 1, MAX_POLL_RECORDS_LIMIT);
        wrong.range("pollTimeoutMs", pollTimeoutMs, 1, 5_000);
        wrong.range("sessionTimeoutMs", sessionTimeoutMs, 3, MAX_MILLIS);
        wrong.range(
                "heartbeatIntervalMs", heartbeatIntervalMs, 1, Math.max(1, sessionTimeoutMs / 3));
        wrong.range(
                "maxPollIntervalMs", maxPollIntervalMs, Math.max(1, sessionTimeoutMs), MAX_MILLIS);
        wrong.range("commitIntervalMs", commitIntervalMs, 0, 600_000);
        wrong.range("commitTimeoutMs", commitTimeoutMs, 1, 600_000);
        wrong.range("shutdownTimeout", shutdownTimeout, 0, 600_000);
        validateSecurity(wrong);
        final Set<Object> own = new TreeSet<>(additionalProperties.keySet());
        own.retainAll(ownProperties(0).keySet());
        if (!own.isEmpty()) {
            wrong.add(
                    "additionalProperties must not name what has an option of its own or is always"
                            + " the same here: "
                            + own);
        }
    }

    private static boolean isBroker(final String address) {
        final Matcher broker = BROKER.matcher(address);
        return broker.matches()
                && Integer.parseInt(broker.group(2)) >= 1
                && Integer.parseInt(broker.group(2)) <= MAX_PORT;
    }

    private void validateTopic(final OptionFaults wrong) {
        if (topicIsPattern) {
            try {
                Pattern.compile(topic);
            } catch (final PatternSyntaxException e) {
                wrong.add("topic must be a regular expression, was '" + topic + "'");
            }
        } else if (topics().isEmpty()
                || !topics().stream().allMatch(t -> TOPIC.matcher(t).matches())) {
            wrong.add(
                    "topic must be names of letters, digits, '.', '_' and '-', separated by commas,"
                            + " was '"
                            + topic
                            + "'");
        }
    }

    private void validateSecurity(final OptionFaults wrong) {
        wrong.oneOf(
                "securityProtocol",
                securityProtocol,
                "PLAINTEXT",
                "SSL",
                "SASL_PLAINTEXT",
                "SASL_SSL");
        wrong.oneOf("sslEndpointAlgorithm", sslEndpointAlgorithm, "https", NONE);
        final boolean sasl = securityProtocol.startsWith("SASL_");
        if (!sasl && !saslJaasConfig.isEmpty()) {
            wrong.add(
                    "saslJaasConfig is set, so securityProtocol must be SASL_SSL or SASL_PLAINTEXT,"
                            + " was "
                            + securityProtocol);
        }
        if (sasl) {
            wrong.oneOf(
                    "saslMechanism",
                    saslMechanism,
                    "PLAIN",
                    "SCRAM-SHA-256",
                    "SCRAM-SHA-512",
                    "GSSAPI",
                    "OAUTHBEARER");
        }
        final boolean ssl = securityProtocol.endsWith("SSL");
        if (!ssl && !(sslTruststoreLocation + sslKeystoreLocation).isEmpty()) {
            wrong.add(
                    "a trust store or key store is set, so securityProtocol must be SSL or"
                            + " SASL_SSL, was "
                            + securityProtocol);
        }
    }

    /** The topics by name, where the topic is no pattern. */
    List<String> topics() {
        return commaSeparated(topic);
    }

    private List<String> brokerList() {
        return commaSeparated(brokers);
    }

    private static List<String> commaSeparated(final String names) {
        return Arrays.stream(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /**
     * Whether the name of any broker is known, without which no client can be made; what is no
     * address is left for the client to refuse.
     */
    boolean anyBrokerResolves() {
        return brokerList().stream()
                .anyMatch(
                        broker ->
                                !BROKER.matcher(broker).matches()
                                        || !address(broker).isUnresolved());
    }

    private static InetSocketAddress address(final String broker) {
        final int colon = broker.lastIndexOf(':');
        return new InetSocketAddress(
                broker.substring(0, colon).replaceAll("[\\[\\]]", ""),
                Integer.parseInt(broker.substring(colon + 1)));
    }

    /**
     * The settings of one of the consumers.
     *
     * @param number which of {@code consumersCount}, from 0
     */
    Properties consumerProperties(final int number) {
        final Properties properties = ownProperties(number);
        properties.putAll(additionalProperties);
        return properties;
    }

    private Properties ownProperties(final int number) {
        final Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", brokerList()));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, numbered(clientId, number));
        if (!groupInstanceId.isEmpty()) {
            properties.put(
                    ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, numbered(groupInstanceId, number));
        }
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        /* The client would go on elsewhere without a word; the reader counts what it skips. */
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, NONE);
        properties.put(
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class.getName());
        properties.put(
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class.getName());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolationLevel);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionTimeoutMs);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, heartbeatIntervalMs);
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, maxPollIntervalMs);
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, partitionAssignor);
        putSecurity(properties);
        return properties;
    }

    /** What the values are, once they are checked. */
    Content contentOfValues() {
        return Content.named(content).orElseThrow();
    }

    /** The settings of whoever sends. */
    Properties producerProperties() {
        final Properties properties = clientProperties();
        properties.put(
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, compressionCodec);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, lingerMs);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, SEND_BYTES);
        if (contentOfValues() == Content.FLOWS) {
            /* Another client than that of documents, which gives up sooner. */
            properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId + "-flows");
        }
        final int delivery = deliveryMillis();
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        properties.put(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.min(REQUEST_MILLIS, delivery - lingerMs));
        /* Whoever waits for room does not give up before those who have it, and is not overtaken. */
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, delivery);
        return properties;
    }

    private int deliveryMillis() {
        if (deliveryTimeoutMs != 0) {
            return deliveryTimeoutMs;
        }
        return contentOfValues() == Content.FLOWS ? MAX_MILLIS : DELIVERY_MILLIS;
    }

    /** The settings of whoever asks brokers about topics. */
    Properties clientProperties() {
        final Properties properties = new Properties();
        properties.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", brokerList()));
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        putSecurity(properties);
        return properties;
    }

    private void putSecurity(final Properties properties) {
        properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, securityProtocol);
        if (securityProtocol.startsWith("SASL_")) {
            properties.put(SaslConfigs.SASL_MECHANISM, saslMechanism);
            putIfSet(properties, SaslConfigs.SASL_JAAS_CONFIG, saslJaasConfig);
        }
        if (securityProtocol.endsWith("SSL")) {
            putIfSet(properties, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, sslTruststoreLocation);
            putIfSet(properties, SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, sslTruststorePassword);
            putIfSet(properties, SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, sslTruststoreType);
            putIfSet(properties, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, sslKeystoreLocation);
            putIfSet(properties, SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, sslKeystorePassword);
            putIfSet(properties, SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, sslKeystoreType);
            putIfSet(properties, SslConfigs.SSL_KEY_PASSWORD_CONFIG, sslKeyPassword);
            properties.put(
                    SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG,
                    sslEndpointAlgorithm.equals(NONE) ? "" : sslEndpointAlgorithm);
        }
    }

    private static void putIfSet(
            final Properties properties, final String name, final String value) {
        if (!value.isEmpty()) {
            properties.put(name, value);
        }
    }

    private String numbered(final String name, final int number) {
        return consumersCount == 1 ? name : name + "-" + number;
    }

    public String getTopic() {
        return topic;
    }

    public void setTopic(final String topic) {
        this.topic = topic;
    }

    public String getBrokers() {
        return brokers;
    }

    public void setBrokers(final String brokers) {
        this.brokers = brokers;
    }

    public String getContent() {
        return content;
    }

    public void setContent(final String content) {
        this.content = content;
    }

    public String getCompressionCodec() {
        return compressionCodec;
    }

    public void setCompressionCodec(final String compressionCodec) {
        this.compressionCodec = compressionCodec;
    }

    public int getLingerMs() {
        return lingerMs;
    }

    public void setLingerMs(final int lingerMs) {
        this.lingerMs = lingerMs;
    }

    public int getDeliveryTimeoutMs() {
        return deliveryTimeoutMs;
    }

    public void setDeliveryTimeoutMs(final int deliveryTimeoutMs) {
        this.deliveryTimeoutMs = deliveryTimeoutMs;
    }

    public boolean isTopicIsPattern() {
        return topicIsPattern;
    }

    public void setTopicIsPattern(final boolean topicIsPattern) {
        this.topicIsPattern = topicIsPattern;
    }

    public String getGroupId() {
        return groupId;
    }

    public void setGroupId(final String groupId) {
        this.groupId = groupId;
    }

    public String getGroupInstanceId() {
        return groupInstanceId;
    }

    public void setGroupInstanceId(final String groupInstanceId) {
        this.groupInstanceId = groupInstanceId;
    }

    public String getClientId() {
        return clientId;
    }

    public void setClientId(final String clientId) {
        this.clientId = clientId;
    }

    public int getConsumersCount() {
        return consumersCount;
    }

    public void setConsumersCount(final int consumersCount) {
        this.consumersCount = consumersCount;
    }

    public String getAutoOffsetReset() {
        return autoOffsetReset;
    }

    public void setAutoOffsetReset(final String autoOffsetReset) {
        this.autoOffsetReset = autoOffsetReset;
    }

    public String getIsolationLevel() {
        return isolationLevel;
    }

    public void setIsolationLevel(final String isolationLevel) {
        this.isolationLevel = isolationLevel;
    }

    public int getMaxPollRecords() {
        return maxPollRecords;
    }

    public void setMaxPollRecords(final int maxPollRecords) {
        this.maxPollRecords = maxPollRecords;
    }

    public long getPollTimeoutMs() {
        return pollTimeoutMs;
    }

    public void setPollTimeoutMs(final long pollTimeoutMs) {
        this.pollTimeoutMs = pollTimeoutMs;
    }

    public int getSessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    public void setSessionTimeoutMs(final int sessionTimeoutMs) {
        this.sessionTimeoutMs = sessionTimeoutMs;
    }

    public int getHeartbeatIntervalMs() {
        return heartbeatIntervalMs;
    }

    public void setHeartbeatIntervalMs(final int heartbeatIntervalMs) {
        this.heartbeatIntervalMs = heartbeatIntervalMs;
    }

    public int getMaxPollIntervalMs() {
        return maxPollIntervalMs;
    }

    public void setMaxPollIntervalMs(final int maxPollIntervalMs) {
        this.maxPollIntervalMs = maxPollIntervalMs;
    }

    public String getPartitionAssignor() {
        return partitionAssignor;
    }

    public void setPartitionAssignor(final String partitionAssignor) {
        this.partitionAssignor = partitionAssignor;
    }

    public long getCommitIntervalMs() {
        return commitIntervalMs;
    }

    public void setCommitIntervalMs(final long commitIntervalMs) {
        this.commitIntervalMs = commitIntervalMs;
    }

    public long getCommitTimeoutMs() {
        return commitTimeoutMs;
    }

    public void setCommitTimeoutMs(final long commitTimeoutMs) {
        this.commitTimeoutMs = commitTimeoutMs;
    }

    public long getShutdownTimeout() {
        return shutdownTimeout;
    }

    public void setShutdownTimeout(final long shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
    }

    public boolean isKeyedByFlow() {
        return keyedByFlow;
    }

    public void setKeyedByFlow(final boolean keyedByFlow) {
        this.keyedByFlow = keyedByFlow;
    }

    public String getSecurityProtocol() {
        return securityProtocol;
    }

    public void setSecurityProtocol(final String securityProtocol) {
        this.securityProtocol = securityProtocol;
    }

    public String getSaslMechanism() {
        return saslMechanism;
    }

    public void setSaslMechanism(final String saslMechanism) {
        this.saslMechanism = saslMechanism;
    }

    public String getSaslJaasConfig() {
        return saslJaasConfig;
    }

    public void setSaslJaasConfig(final String saslJaasConfig) {
        this.saslJaasConfig = saslJaasConfig;
    }

    public String getSslTruststoreLocation() {
        return sslTruststoreLocation;
    }

    public void setSslTruststoreLocation(final String sslTruststoreLocation) {
        this.sslTruststoreLocation = sslTruststoreLocation;
    }

    public String getSslTruststorePassword() {
        return sslTruststorePassword;
    }

    public void setSslTruststorePassword(final String sslTruststorePassword) {
        this.sslTruststorePassword = sslTruststorePassword;
    }

    public String getSslTruststoreType() {
        return sslTruststoreType;
    }

    public void setSslTruststoreType(final String sslTruststoreType) {
        this.sslTruststoreType = sslTruststoreType;
    }

    public String getSslKeystoreLocation() {
        return sslKeystoreLocation;
    }

    public void setSslKeystoreLocation(final String sslKeystoreLocation) {
        this.sslKeystoreLocation = sslKeystoreLocation;
    }

    public String getSslKeystorePassword() {
        return sslKeystorePassword;
    }

    public void setSslKeystorePassword(final String sslKeystorePassword) {
        this.sslKeystorePassword = sslKeystorePassword;
    }

    public String getSslKeystoreType() {
        return sslKeystoreType;
    }

    public void setSslKeystoreType(final String sslKeystoreType) {
        this.sslKeystoreType = sslKeystoreType;
    }

    public String getSslKeyPassword() {
        return sslKeyPassword;
    }

    public void setSslKeyPassword(final String sslKeyPassword) {
        this.sslKeyPassword = sslKeyPassword;
    }

    public String getSslEndpointAlgorithm() {
        return sslEndpointAlgorithm;
    }

    public void setSslEndpointAlgorithm(final String sslEndpointAlgorithm) {
        this.sslEndpointAlgorithm = sslEndpointAlgorithm;
    }

    public Map<String, Object> getAdditionalProperties() {
        return additionalProperties;
    }

    public void setAdditionalProperties(final Map<String, Object> additionalProperties) {
        this.additionalProperties = additionalProperties;
    }
}
