/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serveflow.testing.kafka.LocalKafka;
import io.serveflow.testing.kafka.SharedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the doctor finds of Kafka, at a real broker. */
@Timeout(120)
@ExtendWith(SharedKafka.class)
class KafkaChecksTest {

    private static final String COMPONENT = "camel.component.serveflow-kafka.";

    /** For what gives no answer however long it is waited for. */
    private static final Duration BRIEFLY = Duration.ofSeconds(1);

    private final LocalKafka kafka;

    @TempDir private Path work;

    private Properties settings;

    KafkaChecksTest(final LocalKafka kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void settle() throws IOException {
        settings = Examined.settings(work);
        settings.setProperty("serveflow.sources", "kafka");
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());
    }

    @Test
    void shouldAskNothingWhereNothingIsKafkas() throws IOException {
        settings.setProperty("serveflow.sources", "files");

        assertThat(examine()).isEmpty();
    }

    @Test
    void shouldFindTheTopicOfASource() throws IOException {
        kafka.topic("doctor.source", 1);
        settings.setProperty("serveflow.kafka.topics", "doctor.source");

        assertThat(examine())
                .contains("ok kafka: " + kafka.brokers() + " takes connections")
                .contains("ok topics: what sensors send is in doctor.source")
                .contains("ok kafka rights: this user may do all that is needed");
    }

    @Test
    void shouldFailWhereTheTopicOfASourceIsMissing() throws IOException {
        settings.setProperty("serveflow.kafka.topics", "doctor.misspelled");

        assertThat(examine())
                .contains("FAILED topics: there is no topic doctor.misspelled -> check")
                .contains("serveflow.kafka.topics");
    }

    @Test
    void shouldFindTopicsByAPattern() throws IOException {
        kafka.topic("doctor.pattern.a", 1);
        settings.setProperty("serveflow.kafka.topics", "doctor\\.pattern\\..*");
        settings.setProperty(COMPONENT + "topicIsPattern", "true");

        assertThat(examine()).contains("ok topics: what sensors send is in doctor.pattern.a");
    }

    @Test
    void shouldFailWhereNoTopicMatchesThePattern() throws IOException {
        settings.setProperty("serveflow.kafka.topics", "doctor\\.none\\..*");
        settings.setProperty(COMPONENT + "topicIsPattern", "true");

        assertThat(examine()).contains("FAILED topics: no topic that may be seen has a name like");
    }

    @Test
    void shouldFailWhereNoBrokerIsThere() throws IOException {
        settings.setProperty("serveflow.kafka.brokers", "127.0.0.1:1,no-such-host.invalid:9092");

        assertThat(examine())
                .contains("FAILED kafka: 127.0.0.1:1 cannot be reached")
                .contains("FAILED kafka: no-such-host.invalid:9092 cannot be reached: no name");
    }

    /** The client begins with whichever answers. */
    @Test
    void shouldWarnWhereOneOfSeveralBrokersIsAway() throws IOException {
        kafka.topic("doctor.several", 1);
        settings.setProperty("serveflow.kafka.topics", "doctor.several");
        settings.setProperty("serveflow.kafka.brokers", "127.0.0.1:1," + kafka.brokers());

        assertThat(examine())
                .contains("warning kafka: 127.0.0.1:1 cannot be reached")
                .contains("ok topics: ")
                .doesNotContain("FAILED");
    }

    @Test
    void shouldBeLetInWithTheOptionsOfTheRoutes() throws IOException {
        kafka.topic("doctor.secured", 1);
        secure(LocalKafka.USER, LocalKafka.PASSWORD);
        settings.setProperty("serveflow.kafka.topics", "doctor.secured");

        assertThat(examine()).contains("ok topics: ", "ok kafka rights: ");
    }

    @Test
    void shouldSayThatThePasswordIsWrong() throws IOException {
        secure(LocalKafka.USER, "wrong");

        assertThat(examine())
                .contains("FAILED kafka: " + kafka.secureBrokers() + " does not let this user in")
                .contains("-> check user and password in " + COMPONENT + "saslJaasConfig");
    }

    @Test
    void shouldSayThatTheCertificateIsNotTrusted() throws IOException {
        secure(LocalKafka.USER, LocalKafka.PASSWORD);
        settings.remove(COMPONENT + "sslTruststoreLocation");
        settings.remove(COMPONENT + "sslTruststoreType");

        assertThat(examine())
                .contains("FAILED kafka: " + kafka.secureBrokers() + " makes no TLS connection")
                .contains("(the certificate of a broker is not trusted (")
                .contains("-> with the options " + COMPONENT + "*: name a file with the")
                .containsOnlyOnce("sslTruststoreLocation");
    }

    @Test
    void shouldSayWhatKafkaHasAgainstATopicAndGoOn() throws IOException {
        kafka.topic("doctor.beside", 1);
        settings.setProperty("serveflow.kafka.topics", "doctor/none");
        settings.setProperty("serveflow.repair.topic", "doctor.beside");
        settings.remove("serveflow.repair");

        assertThat(examine())
                .contains("FAILED topics: Kafka refuses topic doctor/none (The request attempted")
                .contains("ok topics: flows to repair are kept in doctor.beside");
    }

    @Test
    void shouldSayThatTheListenerHasTls() throws IOException {
        settings.setProperty("serveflow.kafka.brokers", kafka.secureBrokers());

        assertThat(examine(BRIEFLY))
                .contains(
                        "FAILED kafka: " + kafka.secureBrokers() + " takes connections, and gives")
                .contains("-> " + COMPONENT + "securityProtocol is PLAINTEXT; it must be that of");
    }

    @Test
    void shouldSayThatTheListenerHasNoTls() throws IOException {
        secure(LocalKafka.USER, LocalKafka.PASSWORD);
        settings.setProperty("serveflow.kafka.brokers", kafka.brokers());

        assertThat(examine(BRIEFLY))
                .contains("FAILED kafka: " + kafka.brokers() + " takes connections, and gives no")
                .contains("-> " + COMPONENT + "securityProtocol is SASL_SSL; it must be that of");
    }

    @Test
    void shouldSayThatATrustStoreHoldsNothing() throws IOException {
        secure(LocalKafka.USER, LocalKafka.PASSWORD);
        settings.setProperty(
                COMPONENT + "sslTruststoreLocation",
                Files.writeString(work.resolve("ca.pem"), "nothing").toString());

        assertThat(examine()).contains("FAILED kafka: ", "cannot be asked with these options (");
    }

    @Test
    void shouldSayWhatAUserMayNotDo() throws IOException {
        kafka.topic("doctor.closed", 1);
        kafka.topic("doctor.seen", 1);
        allow(ResourceType.TOPIC, "doctor.seen", AclOperation.DESCRIBE);
        secure(LocalKafka.GUEST, LocalKafka.PASSWORD);
        settings.setProperty("serveflow.kafka.topics", "doctor.closed,doctor.seen");
        settings.setProperty("serveflow.kafka.groupId", "doctor.group");

        assertThat(examine())
                .contains(
                        "FAILED kafka rights: this user may not DESCRIBE topic doctor.closed, READ"
                                + " topic doctor.seen, READ group doctor.group -> allow it with"
                                + " kafka-acls.sh");
    }

    @Test
    void shouldAskForTheRightsOfTheRole() throws IOException {
        kafka.topic("allowed.uncertain", 2);
        kafka.topic("allowed.verdicts", 2);
        for (final String topic : List.of("allowed.uncertain", "allowed.verdicts")) {
            allow(ResourceType.TOPIC, topic, AclOperation.WRITE);
        }
        secure(LocalKafka.GUEST, LocalKafka.PASSWORD);
        link("fast", "allowed.");

        assertThat(examine())
                .contains(
                        "ok topics: those of the link, with their partitions: allowed.uncertain 2,"
                                + " allowed.verdicts 2")
                .contains("ok kafka rights: ");

        link("slow", "allowed.");

        assertThat(examine())
                .contains(
                        "FAILED kafka rights: this user may not READ topic allowed.uncertain, READ"
                                + " group allowed.slow");
    }

    @Test
    void shouldAskTheRoleIndexForTheRightToReadVerdictsAlone() throws IOException {
        kafka.topic("stored.uncertain", 1);
        kafka.topic("stored.verdicts", 1);
        allow(ResourceType.TOPIC, "stored.verdicts", AclOperation.READ);
        allow(ResourceType.GROUP, "stored.index", AclOperation.READ);
        secure(LocalKafka.GUEST, LocalKafka.PASSWORD);
        link("index", "stored.");

        assertThat(examine())
                .contains(
                        "FAILED kafka rights: this user may not DESCRIBE topic stored.uncertain"
                                + " ->");

        allow(ResourceType.TOPIC, "stored.uncertain", AclOperation.DESCRIBE);

        assertThat(examine())
                .contains(
                        "ok topics: those of the link, with their partitions: stored.uncertain 1,"
                                + " stored.verdicts 1")
                .contains("ok kafka rights: ")
                .doesNotContain("FAILED");
    }

    @Test
    void shouldAskTheRoleSlowForTheRightToSendFlowsToRepairAlone() throws IOException {
        for (final String topic : List.of("resend.uncertain", "resend.verdicts", "resend.repair")) {
            kafka.topic(topic, 1);
        }
        allow(ResourceType.TOPIC, "resend.uncertain", AclOperation.READ);
        allow(ResourceType.GROUP, "resend.slow", AclOperation.READ);
        allow(ResourceType.TOPIC, "resend.verdicts", AclOperation.WRITE);
        allow(ResourceType.TOPIC, "resend.repair", AclOperation.DESCRIBE);
        secure(LocalKafka.GUEST, LocalKafka.PASSWORD);
        link("slow", "resend.");
        settings.setProperty("serveflow.repair.topic", "resend.repair");
        settings.remove("serveflow.repair");

        assertThat(examine())
                .contains("FAILED kafka rights: this user may not WRITE topic resend.repair ->");

        allow(ResourceType.TOPIC, "resend.repair", AclOperation.WRITE);

        assertThat(examine())
                .contains("ok topics: flows to repair are kept in resend.repair")
                .contains(
                        "warning kafka rights: this user may not READ topic resend.repair, READ"
                                + " group resend.repair -> only ./serveflow repair needs that")
                .doesNotContain("FAILED");
    }

    @Test
    void shouldWarnOfNothingInTheRoleAllWhereTheUserMayRepairToo() throws IOException {
        kafka.topic("whole.repair", 1);
        allow(ResourceType.TOPIC, "whole.repair", AclOperation.WRITE);
        allow(ResourceType.TOPIC, "whole.repair", AclOperation.READ);
        allow(ResourceType.GROUP, "whole.repair", AclOperation.READ);
        secure(LocalKafka.GUEST, LocalKafka.PASSWORD);
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty("serveflow.repair.topic", "whole.repair");
        settings.remove("serveflow.repair");

        assertThat(examine())
                .contains("ok kafka rights: this user may do all that is needed")
                .doesNotContain("warning", "FAILED");
    }

    /** They have no routes that send there. */
    @ParameterizedTest
    @ValueSource(strings = {"fast", "index"})
    void shouldNotAskForTheTopicOfFlowsToRepairInRolesThatKeepNone(final String role)
            throws IOException {
        link(role, "absent.");
        settings.setProperty("serveflow.repair.topic", "absent.repair");
        settings.remove("serveflow.repair");

        assertThat(examine()).contains("absent.verdicts").doesNotContain("absent.repair");
    }

    /** It scores tiers for others, who keep the flows. */
    @Test
    void shouldAskNothingWhereAWorkerHasATopicOfFlowsToRepair() throws IOException {
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty("serveflow.role", "slow");
        settings.setProperty("serveflow.repair.topic", "absent.repair");
        settings.remove("serveflow.repair");

        assertThat(examine()).isEmpty();
    }

    @Test
    void shouldFailWhereTopicsOfTheLinkAreMissing() throws IOException {
        link("index", "absent.");

        assertThat(examine())
                .contains("FAILED topics: there is no topic absent.uncertain, absent.verdicts -> ")
                .contains("check serveflow.link.prefix");
    }

    @Test
    void shouldFindThatTopicsOfTheLinkWouldBeMadeAndMakeNone() throws Exception {
        link("index", "wanted.");
        settings.setProperty("serveflow.link.partitions", "3");

        assertThat(examine())
                .contains("ok topics: there is no topic wanted.uncertain, wanted.verdicts yet")
                .contains("ok kafka rights: ");
        try (Admin admin = kafka.admin()) {
            assertThat(LocalKafka.get(admin.listTopics().names()))
                    .noneMatch(name -> name.startsWith("wanted."));
        }
    }

    @Test
    void shouldFailWhereTopicsOfTheLinkMayNotBeMade() throws IOException {
        for (final String topic : List.of("refused.uncertain", "refused.verdicts")) {
            allow(ResourceType.TOPIC, topic, AclOperation.WRITE);
        }
        secure(LocalKafka.GUEST, LocalKafka.PASSWORD);
        link("fast", "refused.");
        settings.setProperty("serveflow.link.partitions", "3");

        assertThat(examine())
                .contains(
                        "FAILED kafka rights: this user may not CREATE topic refused.uncertain,"
                                + " CREATE topic refused.verdicts");
    }

    @Test
    void shouldFailWhereTopicsOfTheLinkDifferInPartitions() throws IOException {
        kafka.topic("unequal.uncertain", 2);
        kafka.topic("unequal.verdicts", 3);
        link("index", "unequal.");

        assertThat(examine())
                .contains("FAILED topics: the topics of the link have unequal numbers")
                .contains("unequal.uncertain 2, unequal.verdicts 3");
    }

    private void link(final String role, final String prefix) {
        settings.setProperty("serveflow.sources", "files");
        settings.setProperty("serveflow.role", role);
        settings.setProperty("serveflow.link", "kafka");
        settings.setProperty("serveflow.link.prefix", prefix);
    }

    private void secure(final String user, final String password) {
        settings.setProperty("serveflow.kafka.brokers", kafka.secureBrokers());
        settings.setProperty(COMPONENT + "securityProtocol", "SASL_SSL");
        settings.setProperty(COMPONENT + "sslTruststoreType", "PEM");
        settings.setProperty(COMPONENT + "sslTruststoreLocation", kafka.trustStore().toString());
        settings.setProperty(
                COMPONENT + "saslJaasConfig",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(user, password));
    }

    private void allow(final ResourceType type, final String name, final AclOperation operation) {
        final AclBinding allowed =
                new AclBinding(
                        new ResourcePattern(type, name, PatternType.LITERAL),
                        new AccessControlEntry(
                                "User:" + LocalKafka.GUEST,
                                "*",
                                operation,
                                AclPermissionType.ALLOW));
        try (Admin admin = kafka.admin()) {
            LocalKafka.get(admin.createAcls(List.of(allowed)).all());
            // The broker learns it from its controller.
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () ->
                                    LocalKafka.get(admin.describeAcls(allowed.toFilter()).values())
                                            .contains(allowed));
        }
    }

    private String examine() throws IOException {
        return examine(Duration.ofSeconds(30));
    }

    private String examine(final Duration patience) throws IOException {
        return Examined.lines(new KafkaChecks(Examined.checked(settings), patience).examine());
    }
}
