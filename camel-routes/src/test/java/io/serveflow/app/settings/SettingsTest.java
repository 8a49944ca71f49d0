/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @TempDir private Path work;

    private Path file;
    private Set<String> own = Set.of();
    private ProcessSettings process = ProcessSettings.none();
    private final Properties given = new Properties();

    @BeforeEach
    void makeABundleAndAFolder() throws IOException {
        file = work.resolve("etc").resolve("my.properties");
        Files.createDirectories(file.getParent());
        for (final String bundle : new String[] {"home/models/service", "etc/mine"}) {
            Files.createFile(Files.createDirectories(work.resolve(bundle)).resolve("bundle.json"));
        }
        Files.createDirectories(work.resolve("etc/spool"));
    }

    @Test
    void shouldNameAnUnknownSettingItsLineAndTheNearestOne() {
        assertThatThrownBy(
                        () -> load("# mine", "serveflow.sources=tail", "serveflow.slow.maxflow=10"))
                .isInstanceOf(WrongSettingsException.class)
                .hasMessage(
                        "there is no setting serveflow.slow.maxflow ("
                                + file
                                + " line 3); did you mean serveflow.slow.maxFlows?");
    }

    @Test
    void shouldSayWhereAllSettingsStandIfNoneIsNear() {
        assertThatThrownBy(() -> load("serveflow.sources=tail", "serveflow.gpu=yes"))
                .hasMessageContaining("there is no setting serveflow.gpu")
                .hasMessageContaining("docs/reference/settings.md")
                .hasMessageNotContaining("did you mean");
    }

    @Test
    void shouldAskForKeysWhereASignatureIsRequired() throws IOException {
        final String required = "serveflow.bundle.requireSignature=true";
        assertThatThrownBy(() -> load("serveflow.sources=tail", required))
                .hasMessageContaining("it needs serveflow.bundle.trustedKeys");
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        required,
                                        "serveflow.bundle.trustedKeys=ours.pub, theirs.pub"))
                .hasMessageContaining("there is no file " + work.resolve("etc/ours.pub"));

        Files.createFile(work.resolve("etc/ours.pub"));
        Files.createFile(work.resolve("etc/theirs.pub"));
        assertThat(
                        load(
                                        "serveflow.sources=tail",
                                        required,
                                        "serveflow.bundle.trustedKeys=ours.pub, theirs.pub")
                                .list("serveflow.bundle.trustedKeys"))
                .containsExactly(
                        work.resolve("etc/ours.pub").toString(),
                        work.resolve("etc/theirs.pub").toString());
    }

    @Test
    void shouldLeaveSettingsOfTheOperatorsOwnRoutesAlone() {
        own = Set.of("serveflow.mine.folder");
        assertThatCode(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "my.folder=/x",
                                        "serveflow.mine.folder=/y"))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldAskWhereToStoreWhatTheRoleOfTheSettingsDoesNotStore() throws IOException {
        given.setProperty("serveflow.role", "all");
        given.setProperty("serveflow.link", "memory");
        given.setProperty("serveflow.sources", "tail");
        final String[] slow = {"serveflow.role=slow", "serveflow.link=kafka"};

        assertThatThrownBy(() -> load(slow))
                .hasMessageContaining("setting serveflow.role is 'slow' (")
                .hasMessageContaining("serveflow.elasticsearch.urls is not set; set it")
                .hasMessageContaining("--url");

        assertThatCode(
                        () ->
                                load(
                                        slow[0],
                                        slow[1],
                                        "serveflow.elasticsearch.urls=http://127.0.0.1:9201"))
                .doesNotThrowAnyException();
        given.setProperty("serveflow.elasticsearch.urls", "http://127.0.0.1:9201");
        assertThatCode(() -> load(slow)).doesNotThrowAnyException();
    }

    @Test
    void shouldNameAllFaultsTogether() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail,tial",
                                        "serveflow.slow.maxFlows=abc",
                                        "serveflow.console.port=70000",
                                        "serveflow.kafka.keyedByFlow=ja",
                                        "serveflow.tail.format=ev",
                                        "serveflow.hosts.grace=soon",
                                        "serveflow.elasticsearch.urls=localhost:9200"))
                .hasMessageStartingWith("7 settings are wrong:\n")
                .hasMessageContaining(
                        "setting serveflow.sources is 'tail,tial' ("
                                + file
                                + " line 1); it must name one or more of files, tail, socket,"
                                + " kafka, pcap; did you mean tail?")
                .hasMessageContaining(
                        "setting serveflow.slow.maxFlows is 'abc' ("
                                + file
                                + " line 2); it must be a whole number from 1 to 2147483647")
                .hasMessageContaining("a whole number from 0 to 65535")
                .hasMessageContaining("it must be true or false")
                .hasMessageContaining("did you mean eve?")
                .hasMessageContaining("it must be a time from 0 to 86400 s")
                .hasMessageContaining("did you mean http://localhost:9200?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serveflow.sources=tail,",
                "serveflow.sources=,tail",
                "serveflow.bundles=service:models/service,,device:models/device",
                "serveflow.bundles=service:models/service,",
                "serveflow.bundles=service:models/service, ,device:models/device",
                "serveflow.elasticsearch.urls=http://a:9200,,http://b:9200"
            })
    void shouldRefuseAListWithAnEmptyItem(final String setting) {
        final String name = setting.substring(0, setting.indexOf('='));
        final String text = setting.substring(name.length() + 1);
        final List<String> settings =
                name.equals("serveflow.sources")
                        ? List.of(setting)
                        : List.of("serveflow.sources=tail", setting);
        assertThatThrownBy(() -> load(settings.toArray(String[]::new)))
                .hasMessageContaining("setting " + name + " is '" + text + "'")
                .hasMessageContaining(
                        "it must have something between any two commas, and no comma first or"
                                + " last");
    }

    @Test
    void shouldNameOptionValueAndCureOfCamelsOwnOptions() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "camel.main.shutdownTimeout=abc",
                                        "camel.management.port=99999",
                                        "camel.main.shutdown-timeOut-seconds=5",
                                        "camel.server.prot=80",
                                        "camel.mian.name=x",
                                        "camel.main.streamCachingEnabled=ja",
                                        "camel.health.exposureLevel=ful",
                                        "camel.main.threadNamePattern=#any#"))
                .hasMessageStartingWith("7 settings are wrong:\n")
                .hasMessageContaining(
                        "setting camel.main.shutdownTimeout is 'abc' ("
                                + file
                                + " line 2); it must be a whole number of at most 2147483647")
                .hasMessageContaining(
                        "setting camel.management.port is '99999' ("
                                + file
                                + " line 3); it must be a whole number from 0 to 65535")
                .hasMessageContaining("there is no setting camel.main.shutdown-timeOut-seconds (")
                .hasMessageContaining(
                        "there is no setting camel.server.prot ("
                                + file
                                + " line 5); did you mean camel.server.port?")
                .hasMessageContaining("did you mean camel.main.name?")
                .hasMessageContaining("'ja' (" + file + " line 7); it must be true or false")
                .hasMessageContaining("did you mean full?");
    }

    @Test
    void shouldSayOnceWhatIsWrongWithASettingThatAComponentHasToo() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "serveflow.elasticsearch.templates=yes"))
                .hasMessage(
                        "setting serveflow.elasticsearch.templates is 'yes' ("
                                + file
                                + " line 2); it must be true or false");
    }

    @Test
    void shouldTakeCamelsOptionsInAnyOfItsWays() {
        assertThatCode(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "camel.main.shutdown-timeout=5",
                                        "camel.main.SHUTDOWNTIMEOUT={{my.seconds}}",
                                        "my.seconds=7",
                                        "camel.component.seda.queueSize=abc",
                                        "camel.beans.mine=#class:my.Bean",
                                        "camel.health.config[x].enabled=true",
                                        "camel.own.thing=x"))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldAskForSources() {
        assertThatThrownBy(() -> load("serveflow.index=logs-serveflow-x"))
                .hasMessage(
                        "setting serveflow.sources is not set; it says where flows come from,"
                                + " separated by commas: one or more of files, tail, socket,"
                                + " kafka, pcap");
        assertThatThrownBy(() -> load("serveflow.sources=tail,tail"))
                .hasMessageContaining("it must name each source once");
    }

    @Test
    void shouldBeginRelativePathsAtTheirFile() throws IOException {
        final Settings settings =
                load(
                        "serveflow.sources=files",
                        "serveflow.input=spool",
                        "serveflow.bundle=mine",
                        "serveflow.deadLetters=../dead.ndjson");

        assertThat(settings.path("serveflow.input")).isEqualTo(work.resolve("etc/spool"));
        assertThat(settings.path("serveflow.bundle")).isEqualTo(work.resolve("etc/mine"));
        assertThat(settings.path("serveflow.deadLetters")).isEqualTo(work.resolve("dead.ndjson"));
        assertThat(settings.forCamel())
                .containsEntry("serveflow.input", work.resolve("etc/spool").toString());
    }

    @Test
    void shouldTakeTheShippedBundleFromTheProduct() throws IOException {
        assertThat(load("serveflow.sources=tail").path("serveflow.bundle"))
                .isEqualTo(work.resolve("home/models/service"));
    }

    @Test
    void shouldReadNoFileBesideTheOneThatIsNamed() throws IOException {
        Files.writeString(
                file.resolveSibling("application.properties"), "serveflow.observer=other");

        assertThat(load("serveflow.sources=tail").text("serveflow.observer"))
                .isEqualTo("serveflow");
    }

    @Test
    void shouldSayWhatIsAtAPath() throws IOException {
        final Path plain = Files.createFile(work.resolve("etc/plain"));
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=files,pcap",
                                        "serveflow.input=plain",
                                        "serveflow.pcap.file=none.pcap",
                                        "serveflow.bundle=spool",
                                        "serveflow.deadLetters=spool"))
                .hasMessageContaining(plain + " is a file; name a folder")
                .hasMessageContaining("there is no file " + work.resolve("etc/none.pcap"))
                .hasMessageContaining(work.resolve("etc/spool") + " holds no bundle.json")
                .hasMessageContaining(work.resolve("etc/spool") + " is a folder; name a file")
                .hasMessageContaining("(relative paths begin at " + work.resolve("etc") + ")");
        assertThatThrownBy(() -> load("serveflow.sources=tail", "serveflow.tail.path=spool"))
                .hasMessageContaining("is a folder; name a file");
        assertThatThrownBy(() -> load("serveflow.sources=tail", "serveflow.bundle=models/no"))
                .hasMessageContaining("there is no folder " + work.resolve("etc/models/no"));
    }

    @Test
    void shouldNotAskForWhatOtherSourcesNeed() {
        assertThatCode(() -> load("serveflow.sources=tail", "serveflow.input=none"))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseDeadLettersAmongTheSensorFiles() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=files",
                                        "serveflow.input=spool",
                                        "serveflow.deadLetters=spool/dead.ndjson"))
                .hasMessageContaining("keep it outside the folder that is read");
    }

    @Test
    void shouldLetTheEnvironmentAndSystemPropertiesWin() throws IOException {
        process =
                new ProcessSettings(
                        Map.of("SERVEFLOW_INDEX", "logs-b", "SERVEFLOW_OBSERVER", "b"),
                        Map.of("serveflow.observer", "c"));
        final Settings settings =
                load("serveflow.sources=tail", "serveflow.index=logs-a", "serveflow.observer=a");

        assertThat(settings.text("serveflow.index")).isEqualTo("logs-b");
        assertThat(settings.text("serveflow.observer")).isEqualTo("c");
    }

    @Test
    void shouldNameTheVariableOrPropertyThatIsWrong() {
        process =
                new ProcessSettings(
                        Map.of(
                                "SERVEFLOW_SLOW_MAXFLOW",
                                "1",
                                "SERVEFLOW_SERVICE_HOST",
                                "10.0.0.1",
                                "SERVEFLOW_HOME",
                                "/opt"),
                        Map.of(
                                "serveflow.console.port",
                                "x",
                                "serveflow.home",
                                "/opt",
                                "serveflow.root",
                                "/opt"));
        assertThatThrownBy(() -> load("serveflow.sources=tail"))
                .hasMessageContaining(
                        "there is no setting SERVEFLOW_SLOW_MAXFLOW; did you mean"
                                + " SERVEFLOW_SLOW_MAXFLOWS?")
                .hasMessageContaining(
                        "setting serveflow.console.port is 'x' (system property"
                                + " -Dserveflow.console.port); it must be")
                .hasMessageStartingWith("2 settings");
    }

    @Test
    void shouldReplacePlaceholdersBeforeItChecks() throws IOException {
        final Settings settings =
                load(
                        "serveflow.sources=tail",
                        "my.namespace=lab",
                        "serveflow.index=logs-serveflow-{{my.namespace}}",
                        "serveflow.observer={{my.name:sensor}}");

        assertThat(settings.text("serveflow.index")).isEqualTo("logs-serveflow-lab");
        assertThat(settings.text("serveflow.observer")).isEqualTo("sensor");
        assertThatThrownBy(() -> load("serveflow.sources=tail", "serveflow.index={{my.no}}"))
                .hasMessageContaining("what it asks for in braces is not set");
    }

    @Test
    void shouldNameTheVariableThatASettingAsksForAndNobodyHasSet() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "my.key={{env:SERVEFLOW_KEY_OF_NOBODY}}",
                                        "camel.component.serveflow-index.apiKey={{my.key}}",
                                        "serveflow.observer={{sys:nobody.has.this}}",
                                        "serveflow.index={{my.no}}"))
                .hasMessageStartingWith("3 settings are wrong")
                .hasMessageContaining(
                        "setting camel.component.serveflow-index.apiKey is '{{my.key}}' ("
                                + file
                                + " line 3); what it asks for in braces is not set: the environment"
                                + " variable SERVEFLOW_KEY_OF_NOBODY, which a service has from")
                .hasMessageContaining("is not set: the system property nobody.has.this")
                .hasMessageContaining("is not set: the setting my.no");
    }

    @Test
    void shouldLeaveWhatIsOptionalInBracesToCamel() {
        assertThatCode(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "camel.component.serveflow-index.apiKey="
                                                + "{{?env:SERVEFLOW_KEY_OF_NOBODY}}"))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldReadTimesWithAndWithoutUnit() throws IOException {
        final Settings settings =
                load(
                        "serveflow.sources=tail",
                        "serveflow.hosts.grace=2m",
                        "serveflow.input.settle=3s");

        assertThat(settings.time("serveflow.hosts.grace")).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings.forCamel()).containsEntry("serveflow.input.settle", "3000");
    }

    @Test
    void shouldCheckTheOptionsOfComponents() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "camel.component.serveflow-index.maxInFlight=abc",
                                        "camel.component.serveflow-index.request-timeout=soon",
                                        "camel.component.serveflow-index.usrname=x",
                                        "camel.component.serveflow-indx.urls=http://x:1",
                                        "camel.component.serveflow-kafka.keyedByFlow=ja",
                                        "camel.component.serveflow-kafka.autoOffsetReset=first",
                                        "camel.component.serveflow-index.username=so",
                                        "camel.component.serveflow-index.caCertificate=spool",
                                        "camel.component.serveflow-kafka.additionalProperties.a=1",
                                        "camel.component.serveflow-kafka.saslMechanism=SCRAM"))
                .hasMessageStartingWith("9 settings are wrong:")
                .hasMessageContaining(
                        "setting camel.component.serveflow-kafka.saslMechanism is 'SCRAM' ("
                                + file
                                + " line 11); it must be one of PLAIN, SCRAM-SHA-256,"
                                + " SCRAM-SHA-512, GSSAPI, OAUTHBEARER")
                .hasMessageContaining(
                        "setting camel.component.serveflow-index.maxInFlight is 'abc' ("
                                + file
                                + " line 2); it must be a whole number")
                .hasMessageContaining("is 'soon' (" + file + " line 3); it must be a time")
                .hasMessageContaining(
                        "component serveflow-index has no option usrname, which setting"
                                + " camel.component.serveflow-index.usrname ("
                                + file
                                + " line 4) sets; did you mean"
                                + " camel.component.serveflow-index.username?")
                .hasMessageContaining("did you mean serveflow-index?")
                .hasMessageContaining("it must be true or false")
                .hasMessageContaining("it must be one of earliest, latest, none")
                .hasMessageContaining("username and password must be set together, only username")
                .hasMessageContaining(work.resolve("etc/spool") + ", which is a folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:65536", "a:70000,b:9092", "a:9092, b:99999", "a:0", "a", "a:9092,"})
    void shouldNameTheSettingOfBrokersThatCannotBe(final String brokers) {
        assertThatThrownBy(
                        () -> load("serveflow.sources=kafka", "serveflow.kafka.brokers=" + brokers))
                .hasMessageContaining(
                        "setting serveflow.kafka.brokers is '"
                                + brokers
                                + "' ("
                                + file
                                + " line 2); it must be HOST:PORT, separated by commas, with ports"
                                + " from 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:1", "a:9092 , b.example:65535", "[::1]:9092,10.0.0.1:60000"})
    void shouldTakeBrokers(final String brokers) throws IOException {
        assertThat(
                        load("serveflow.sources=kafka", "serveflow.kafka.brokers=" + brokers)
                                .text("serveflow.kafka.brokers"))
                .isEqualTo(brokers);
    }

    @Test
    void shouldKeepFlowsToRepairInOnePlace() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "serveflow.repair=repair.ndjson",
                                        "serveflow.repair.topic=serveflow.repair"))
                .hasMessageStartingWith(
                        "settings serveflow.repair and serveflow.repair.topic are both set; leave"
                                + " out the one");
    }

    /** What others write there would be put aside, and what is written there they would read. */
    @ParameterizedTest
    @ValueSource(strings = {"flows", "serveflow.uncertain", "serveflow.verdicts"})
    void shouldRefuseATopicOfFlowsToRepairThatHoldsOtherRecords(final String topic) {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=kafka",
                                        "serveflow.kafka.topics=conn,flows",
                                        "serveflow.role=fast",
                                        "serveflow.link=kafka",
                                        "serveflow.repair.topic=" + topic))
                .hasMessageStartingWith("setting serveflow.repair.topic is '" + topic + "' (")
                .hasMessageEndingWith("which holds other records; it needs a topic of its own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "two topics", "a,b"})
    void shouldRefuseATopicThatCannotBe(final String topic) {
        assertThatThrownBy(() -> load("serveflow.sources=tail", "serveflow.repair.topic=" + topic))
                .hasMessageContaining("setting serveflow.repair.topic is '" + topic + "' (")
                .hasMessageContaining("it must be letters, digits, '.', '_' and '-', at most 249");
    }

    @Test
    void shouldCheckOptionsOfComponentsInTheEnvironment() {
        process =
                new ProcessSettings(
                        Map.of("CAMEL_COMPONENT_SERVEFLOW_INDEX_MAXINFLIGHT", "many"), Map.of());
        assertThatThrownBy(() -> load("serveflow.sources=tail"))
                .hasMessageContaining(
                        "is 'many' (environment variable"
                                + " CAMEL_COMPONENT_SERVEFLOW_INDEX_MAXINFLIGHT); it must be");
    }

    @Test
    void shouldRefuseAnApiKeyBesideAUser() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "camel.component.serveflow-index.apiKey=c2VjcmV0",
                                        "camel.component.serveflow-index.username=so",
                                        "camel.component.serveflow-index.password=hidden"))
                .hasMessage(
                        "camel.component.serveflow-index: either username and password or apiKey"
                                + " may be set, both are");
    }

    @Test
    void shouldSayAWrongAddressOnce() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "serveflow.elasticsearch.urls=localhost:9200"))
                .hasMessageStartingWith("setting serveflow.elasticsearch.urls is");
    }

    @Test
    void shouldBeginPathsOfComponentsAtTheirFile() throws IOException {
        Files.createFile(work.resolve("etc/trust.pem"));
        assertThat(
                        load(
                                        "serveflow.sources=tail",
                                        "camel.component.serveflow-kafka.sslTruststoreLocation="
                                                + "trust.pem")
                                .forCamel())
                .containsEntry(
                        "camel.component.serveflow-kafka.sslTruststoreLocation",
                        work.resolve("etc/trust.pem").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.serveflow.configuration.trustedCertificates",
                "camel.component.serveflow.configuration.certificate",
                "camel.component.serveflow.configuration.privateKey",
                "camel.component.serveflow.privateKey"
            })
    void shouldBeginFilesOfTlsAtTheirFileAndLookThatTheyAreThere(final String setting)
            throws IOException {
        assertThatThrownBy(() -> load("serveflow.sources=tail", setting + "=sensor.pem"))
                .hasMessage(
                        "setting %s is 'sensor.pem' (%s line 2); there is no file %s",
                        setting, file, work.resolve("etc/sensor.pem"));

        Files.createFile(work.resolve("etc/sensor.pem"));

        assertThat(load("serveflow.sources=tail", setting + "=sensor.pem").forCamel())
                .containsEntry(setting, work.resolve("etc/sensor.pem").toString());
    }

    @Test
    void shouldTakeTheBundleOfAComponentFromTheClassPathAndTheRegistry() throws IOException {
        final String bundle = "camel.component.serveflow.bundle";
        for (final String stated : List.of("ref:mine", "#mine")) {
            assertThat(load("serveflow.sources=tail", bundle + "=" + stated).forCamel())
                    .containsEntry(bundle, stated);
        }
        assertThatThrownBy(() -> load("serveflow.sources=tail", bundle + "=classpath:models/none"))
                .hasMessageContaining("there is no models/none/bundle.json on the class path");
    }

    @Test
    void shouldKnowTheLineOfASettingThatFollowsAContinuedOne() throws IOException {
        assertThat(SettingsFile.parse("a=1,\\\n  2\n\n! no\nb = 3"))
                .containsEntry("a", new SettingsFile.Line("1,2", 1))
                .containsEntry("b", new SettingsFile.Line("3", 5));
    }

    @Test
    void shouldReadNoSourcesInTheRolesBehindOthers() throws IOException {
        for (final String role : List.of("slow", "index")) {
            final Settings settings = load("serveflow.role=" + role, "serveflow.link=kafka");
            assertThat(settings.sources()).isEmpty();
            assertThat(settings.isWorker()).isFalse();
        }
        assertThatThrownBy(() -> load("serveflow.role=fast", "serveflow.link=kafka"))
                .hasMessageStartingWith("setting serveflow.sources is not set");
    }

    @Test
    void shouldSayThatARoleNeedsKafka() {
        for (final String role : List.of("fast", "index")) {
            assertThatThrownBy(() -> load("serveflow.sources=tail", "serveflow.role=" + role))
                    .hasMessage(
                            "setting serveflow.role is '"
                                    + role
                                    + "' ("
                                    + file
                                    + " line 2); processes of this role hand flows and verdicts to"
                                    + " others by Kafka, so set serveflow.link to kafka too");
        }
    }

    @Test
    void shouldSayThatAWholeProcessHandsNothingToOthers() {
        assertThatThrownBy(() -> load("serveflow.sources=tail", "serveflow.link=kafka"))
                .hasMessageStartingWith(
                        "setting serveflow.link is kafka and serveflow.role is all");
    }

    @Test
    void shouldTellASlipOfThePenFromAnotherWord() throws IOException {
        process =
                new ProcessSettings(Map.of(), Map.of("serveflow.root", "/x", "serveflow.rol", "x"));
        assertThatThrownBy(() -> load("serveflow.sources=tail"))
                .hasMessage(
                        "there is no setting serveflow.rol (system property -Dserveflow.rol); did"
                                + " you mean serveflow.role?");
    }

    @Test
    void shouldTakeTheSettingsOfAProfileForDefaults() throws IOException {
        Files.createDirectories(work.resolve("etc/verdicts"));
        final Settings settings = load("serveflow.profile=so3", "serveflow.file.folder=verdicts");

        assertThat(settings.sources()).containsExactly("tail");
        assertThat(settings.text("serveflow.tail.rotated"))
                .isEqualTo("/nsm/zeek/logs/*/serveflow.*.log.gz");
        assertThat(settings.storesInFiles()).isTrue();
        assertThat(settings.text("serveflow.file.folder"))
                .isEqualTo(work.resolve("etc/verdicts").toString());
        assertThat(
                        load(
                                        "serveflow.profile=so24",
                                        "serveflow.sink=elasticsearch",
                                        "serveflow.tail.path=/x.log")
                                .storesInElasticsearch())
                .isTrue();
    }

    @Test
    void shouldSayThatASettingIsThatOfAProfile() {
        assertThatThrownBy(() -> load("serveflow.profile=so3"))
                .hasMessage(
                        "setting serveflow.file.folder is '/nsm/serveflow' (profile so3); there is"
                                + " no folder /nsm/serveflow; make it, or name another one");
    }

    @Test
    void shouldNameTheProfilesThatThereAre() {
        assertThatThrownBy(() -> load("serveflow.profile=so4", "serveflow.sources=tail"))
                .hasMessageContaining("setting serveflow.profile is 'so4'")
                .hasMessageContaining("it must be so3, so24, malcolm or elastic");
    }

    @Test
    void shouldNameIndicesAndFieldsByTheProfileOfMalcolm() throws IOException {
        final Settings settings =
                load(
                        "serveflow.profile=malcolm",
                        "serveflow.alerts=p2p:low",
                        "serveflow.tail.path=/x.log");

        assertThat(settings.sources()).containsExactly("tail");
        assertThat(settings.storesInElasticsearch()).isTrue();
        assertThat(settings.text("serveflow.index.profile")).isEqualTo("malcolm");
        assertThat(settings.text("serveflow.index")).isEqualTo("malcolm_beats_serveflow");
        assertThat(settings.text("serveflow.alerts.index"))
                .isEqualTo("malcolm_beats_serveflow_alerts");
    }

    @Test
    void shouldLeaveTemplatesToOthersByTheProfileOfElastic() throws IOException {
        final Settings settings = load("serveflow.profile=elastic", "serveflow.sources=tail");

        assertThat(settings.storesInElasticsearch()).isTrue();
        assertThat(settings.yes("serveflow.elasticsearch.templates")).isFalse();
        assertThat(settings.text("serveflow.index")).isEqualTo("logs-serveflow-so");
    }

    /** The key that is made for them may not look at templates. */
    @Test
    void shouldLeaveTemplatesToOthersByTheLeastSettingsOfTheFirstPage() throws IOException {
        final String least = "The least, with Zeek:\n   ```\n";
        final String page = Files.readString(ProjectFiles.path("README.md"));
        final String block = page.substring(page.indexOf(least) + least.length()).split("```")[0];

        final Settings settings = load(block.lines().map(String::strip).toArray(String[]::new));

        assertThat(settings.text("camel.component.serveflow-index.apiKey")).isEqualTo("...");
        assertThat(settings.storesInElasticsearch()).isTrue();
        assertThat(settings.yes("serveflow.elasticsearch.templates")).isFalse();
    }

    @Test
    void shouldRefuseIndicesOfMalcolmThatItsTemplateIsNotFor() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "serveflow.alerts=p2p:low",
                                        "serveflow.index.profile=malcolm"))
                .hasMessageContaining("setting serveflow.index is 'logs-serveflow-so'")
                .hasMessageContaining(
                        "setting serveflow.alerts.index is 'logs-serveflow.alerts-so'")
                .hasMessageContaining(
                        "it must begin with malcolm_beats_serveflow, which the template is for: set"
                                + " serveflow.profile=malcolm");
        assertThatCode(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "serveflow.index.profile=malcolm",
                                        "serveflow.elasticsearch.templates=false"))
                .doesNotThrowAnyException();
    }

    @Test
    void shouldNotLookAtTheFolderOfVerdictsWhereNoneGoThere() {
        assertThatCode(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "serveflow.file.folder=/nowhere/at/all"))
                .doesNotThrowAnyException();
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=tail",
                                        "serveflow.sink=file",
                                        "serveflow.file.folder=/nowhere/at/all"))
                .hasMessageContaining("there is no folder /nowhere/at/all; make it");
    }

    @Test
    void shouldKeepVerdictsOutOfTheFolderThatIsRead() {
        assertThatThrownBy(
                        () ->
                                load(
                                        "serveflow.sources=files",
                                        "serveflow.input=spool",
                                        "serveflow.sink=file",
                                        "serveflow.file.folder=spool"))
                .hasMessageContaining("setting serveflow.file.folder is 'spool'")
                .hasMessageContaining("keep it outside the folder that is read");
    }

    private Settings load(final String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines));
        return Settings.load(
                new Settings.Sources(work.resolve("home"), Optional.of(file), process, given, own));
    }
}
