/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serveflow.app.fixture.AskedElasticsearch;
import io.serveflow.app.fixture.EndedCommand;
import io.serveflow.testing.elasticsearch.SecuredElasticsearch;
import io.serveflow.testing.samples.ProjectFiles;
import io.serveflow.testing.tls.Certificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serveflow install elastic}, with a real Elasticsearch that has TLS, users and keys. */
@Timeout(120)
class InstallElasticCommandTest {

    private static final ObjectMapper JSON = new JsonMapper();
    private static final String ROLE = "/_security/role/serveflow_writer";
    private static final String TEMPLATE = "/_index_template/serveflow";

    private static SecuredElasticsearch server;
    private static AskedElasticsearch admin;

    @TempDir private Path work;

    @BeforeAll
    static void start() throws Exception {
        server = SecuredElasticsearch.started();
        admin = AskedElasticsearch.as("admin", server);
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            if (admin != null) {
                admin.close();
            }
            server.close();
        }
    }

    @BeforeEach
    void begin() throws IOException {
        assertThat(install("--uninstall").code()).isZero();
    }

    @Test
    void shouldInstallWhatTheServerHasAPlaceFor() throws IOException {
        final EndedCommand ended = install();

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .containsPattern("skipped +_ilm/policy/serveflow .this server has no index")
                .containsPattern("created +_component_template/serveflow-mappings")
                .containsPattern("created +_index_template/serveflow")
                .containsPattern(
                        "skipped +_ingest/pipeline/.* no ingest processors remove, rename, json")
                .containsPattern("created +_security/role/serveflow_writer")
                .containsPattern("created +API key serveflow")
                .containsPattern("(?m)^SERVEFLOW_KEY=\\S+$");
        assertThat(admin.ask("GET", ROLE, "").at("/serveflow_writer/indices/0/privileges"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("auto_configure", "create_doc", "read");
    }

    @Test
    void shouldChangeNothingTheSecondTime() throws IOException {
        install();
        final Set<String> before = admin.everything();

        final EndedCommand ended = install();

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out().lines())
                .allMatch(line -> line.startsWith("no change") || line.startsWith("skipped"))
                .filteredOn(line -> line.startsWith("no change"))
                .hasSize(4);
        assertThat(admin.everything()).isEqualTo(before);
    }

    @Test
    void shouldPrintEveryCallOfADryRunAndMakeNone() throws IOException {
        final Set<String> before = admin.everything();

        final EndedCommand ended = install("--dry-run");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .containsPattern("would create +_index_template/serveflow")
                .contains("  PUT /_component_template/serveflow-mappings\n  {\n")
                .contains("  PUT /_index_template/serveflow\n  {\n")
                .contains(
                        "\"index_patterns\" : [ \"logs-serveflow-*\", \"logs-serveflow.alerts-*\""
                                + " ]")
                .contains("  PUT /_security/role/serveflow_writer\n  {\n")
                .contains("  POST /_security/api_key\n  {\n    \"name\" : \"serveflow\",")
                .doesNotContain("SERVEFLOW_KEY=");
        assertThat(admin.everything()).isEqualTo(before);
    }

    @Test
    void shouldLeaveNothingBehind() throws IOException {
        final Set<String> before = admin.everything();
        install();
        install("--new-key", "--key-name", "serveflow-sensor1");
        assertThat(admin.everything()).hasSizeGreaterThan(before.size() + 4);

        final EndedCommand ended = install("--uninstall");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .containsPattern("removed +API key serveflow")
                .containsPattern("removed +_index_template/serveflow");
        assertThat(admin.everything()).isEqualTo(before);
    }

    @Test
    void shouldRevokeTheKeyOfOneSensorAlone() throws IOException {
        install();
        final Set<String> before = admin.everything();
        install("--key-name", "serveflow-sensor1");
        assertThat(admin.everything()).hasSize(before.size() + 1);

        final EndedCommand ended = install("--uninstall", "--key-name", "serveflow-sensor1");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .containsPattern("removed +API key serveflow-sensor1 .id")
                .hasLineCount(1);
        assertThat(admin.everything()).isEqualTo(before);
    }

    @Test
    void shouldGoOnWhereATemplateOfAnOperatorNeedsOneOfOurs() throws IOException {
        install();
        admin.ask(
                "PUT",
                "/_index_template/own",
                """
                {"index_patterns":["own-*"],"composed_of":["serveflow-mappings"]}
                """);
        try {
            final EndedCommand ended = install("--uninstall");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out())
                    .containsPattern(
                            "kept +_component_template/serveflow-mappings .illegal_argument.* in"
                                    + " use by .*own")
                    .containsPattern("removed +API key serveflow");
            assertThat(admin.everything())
                    .contains("component serveflow-mappings")
                    .doesNotContain("template serveflow");
        } finally {
            admin.ask("DELETE", "/_index_template/own", "");
        }
    }

    @Test
    void shouldRefuseOptionsOfANewKeyWhereKeysGo() throws IOException {
        final EndedCommand another = install("--uninstall", "--new-key");
        final EndedCommand file = install("--uninstall", "--key-file", "secrets.env");

        assertThat(List.of(another.code(), file.code())).containsOnly(2);
        assertThat(another.err() + file.err())
                .contains("option --uninstall makes no key, so --new-key and --key-file do not");
    }

    @Test
    void shouldSendThePasswordOfTheSettingsForTheirUserAlone() throws IOException {
        final Path settings =
                Files.writeString(
                        work.resolve("run.properties"),
                        """
                        serveflow.elasticsearch.urls=%s
                        camel.component.serveflow-index.caCertificate=%s
                        camel.component.serveflow-index.username=guest
                        camel.component.serveflow-index.password=%s
                        """
                                .formatted(
                                        server.uri(),
                                        server.authority(),
                                        SecuredElasticsearch.PASSWORD));

        final EndedCommand other = execute("--config", settings.toString(), "--username", "admin");
        final EndedCommand own = execute("--config", settings.toString(), "--username", "guest");

        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("option --username is admin, whose password is not known");
        assertThat(own.err()).contains("user 'guest' lacks the cluster privileges");
    }

    @Test
    void shouldSayWhatItWouldTakeAway() throws IOException {
        install();
        final Set<String> before = admin.everything();

        final EndedCommand ended = install("--uninstall", "--dry-run");

        assertThat(ended.out())
                .containsPattern("would remove +_index_template/serveflow")
                .contains("  DELETE /_index_template/serveflow")
                .containsPattern("DELETE /_security/api_key\n  \\{\n +\"ids\" : \\[ \"");
        assertThat(admin.everything()).isEqualTo(before);
    }

    /** The templates are those of the days on which these were the newest, as they were then. */
    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22", "2026-11-28"})
    void shouldBringTemplatesOfEarlierVersionsUpToDate(final String day) throws IOException {
        admin.ask(
                "PUT",
                "/_component_template/serveflow-mappings",
                earlier(day, "component/serveflow-mappings"));
        admin.ask("PUT", TEMPLATE, earlier(day, "index-template"));

        final EndedCommand ended = install();

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .containsPattern("updated +_component_template/serveflow-mappings .*next rollover")
                .containsPattern("updated +_index_template/serveflow");
        assertThat(
                        admin.ask("GET", TEMPLATE, "")
                                .at("/index_templates/0/index_template/_meta/managed_by")
                                .asText())
                .isEqualTo("serveflow");
        assertThat(install().out()).doesNotContain("updated", "created");
    }

    private static String earlier(final String day, final String file) throws IOException {
        return Files.readString(
                ProjectFiles.path(
                        "components/camel-serveflow-elastic/src/test/resources"
                                + "/elastic-templates-of/%s/%s.json".formatted(day, file)));
    }

    @Test
    void shouldReplaceNothingOfOthersAndThenChangeNothing() throws IOException {
        admin.ask("PUT", ROLE, "{\"cluster\":[\"monitor\"]}");
        try {
            final Set<String> before = admin.everything();

            final EndedCommand ended = install();

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .startsWith("serveflow: _security/role/serveflow_writer: there is one of this")
                    .hasLineCount(1);
            assertThat(admin.everything()).isEqualTo(before);
        } finally {
            admin.ask("DELETE", ROLE, "");
        }
    }

    @Test
    void shouldTakeNothingOfOthersAway() throws IOException {
        admin.ask("PUT", ROLE, "{\"cluster\":[\"monitor\"]}");
        final String id =
                admin.ask("POST", "/_security/api_key", "{\"name\":\"serveflow\"}")
                        .path("id")
                        .asText();
        try {
            final EndedCommand ended = install("--uninstall");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out())
                    .containsPattern("kept +_security/role/serveflow_writer .ServeFlow did not")
                    .containsPattern("no change +API key serveflow");
            assertThat(admin.everything()).contains("role serveflow_writer", "key serveflow " + id);
        } finally {
            admin.ask("DELETE", ROLE, "");
            admin.ask("DELETE", "/_security/api_key", "{\"ids\":[\"" + id + "\"]}");
        }
    }

    @Test
    void shouldWriteTheKeyIntoAFileThatItsOwnerAloneMayRead() throws IOException {
        final Path file = work.resolve("secrets.env");

        final EndedCommand ended = install("--key-file", file.toString());

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).doesNotContain("SERVEFLOW_KEY=").contains("in " + file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        final String key = Files.readString(file).strip().replaceFirst("SERVEFLOW_KEY=", "");
        try (AskedElasticsearch bearer = AskedElasticsearch.withKey(key, server)) {
            assertThat(
                            bearer.ask("GET", "/_security/_authenticate", "")
                                    .at("/api_key/name")
                                    .asText())
                    .isEqualTo("serveflow");
        }
        assertThat(install("--key-file", file.toString()).out())
                .containsPattern("no change +API key");
    }

    @Test
    void shouldMakeNoKeyForAFileThatIsThere() throws IOException {
        final Path file = Files.writeString(work.resolve("secrets.env"), "OTHER=1\n");

        final EndedCommand ended = install("--key-file", file.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("is there already").contains("--key-file").hasLineCount(1);
        assertThat(file).hasContent("OTHER=1");
        assertThat(admin.everything()).noneMatch(one -> one.startsWith("key serveflow"));
    }

    @Test
    void shouldTakeFromAKeyWhatItNoLongerNeeds() throws IOException {
        admin.ask(
                "POST",
                "/_security/api_key",
                """
                {"name":"serveflow","metadata":{"managed_by":"serveflow"},
                 "role_descriptors":{"serveflow_writer":{"cluster":["all"]}}}
                """);

        final EndedCommand ended = install();

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).containsPattern("updated +API key serveflow .*the same key");
        assertThat(
                        admin.ask("GET", "/_security/api_key?name=serveflow", "")
                                .findValuesAsText("cluster"))
                .doesNotContain("all");
        assertThat(install().out()).containsPattern("no change +API key");
    }

    @Test
    void shouldSayWhichRightsAUserLacks() throws IOException {
        final EndedCommand ended = installAs("guest");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith(
                        "serveflow: user 'guest' lacks the cluster privileges"
                                + " manage_index_templates, manage_security on Elasticsearch at")
                .contains("--username")
                .hasLineCount(1);
    }

    @Test
    void shouldInstallWithoutAKeyAsAUserWhoMayMakeNone() throws IOException {
        final EndedCommand refused = installAs("keeper");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("manage_security").contains("--without-key");

        final EndedCommand ended = installAs("keeper", "--without-key");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .containsPattern("created +_index_template/serveflow")
                .doesNotContain("role", "API key");
    }

    @Test
    void shouldSayThatThePasswordIsWrong() throws IOException {
        final Path password = Files.writeString(work.resolve("password"), "wrong\n");

        final EndedCommand ended =
                execute(
                        "--url",
                        server.uri().toString(),
                        "--ca-certificate",
                        server.authority().toString(),
                        "--username",
                        "admin",
                        "--password-file",
                        password.toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("answered 401: the password of user 'admin' is wrong")
                .contains("--password-file")
                .hasLineCount(1);
    }

    @Test
    void shouldSayThatNobodyIsNamed() {
        final EndedCommand ended =
                execute(
                        "--url",
                        server.uri().toString(),
                        "--ca-certificate",
                        server.authority().toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("asks who we are; give --username").hasLineCount(1);
    }

    @Test
    void shouldSayThatTheAuthorityIsAnotherOne() throws Exception {
        final Certificate other = Certificate.valid(work);

        final EndedCommand ended = installTrusting(other.authority(), server.uri().toString());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("has a certificate that is not trusted")
                .contains("set caCertificate or certificateFingerprint")
                .hasLineCount(1);
    }

    @Test
    void shouldSayThatAKeyIsNoAuthority() throws IOException {
        final EndedCommand ended = installTrusting(server.privateKey(), server.uri().toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith("serveflow: option --ca-certificate: caCertificate ")
                .contains("holds a private key and no certificate; name the file of the");
    }

    @Test
    void shouldSayThatTheCertificateIsForAnotherName() throws IOException {
        final String other = server.uri().toString().replace("127.0.0.1", "localhost");

        final EndedCommand ended = installTrusting(server.authority(), other);

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("has a certificate for another host name")
                .contains("name it in urls as its certificate does")
                .hasLineCount(1);
    }

    @Test
    void shouldSayThatTheCertificateHasExpired() throws Exception {
        final Certificate expired = Certificate.expired(work);
        server.serve(expired);
        try {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> {
                                final EndedCommand ended =
                                        installTrusting(
                                                expired.authority(), server.uri().toString());
                                assertThat(ended.code()).isEqualTo(1);
                                assertThat(ended.err())
                                        .contains("has a certificate that has expired")
                                        .contains("renew it at the server")
                                        .hasLineCount(1);
                            });
        } finally {
            server.serveOwnCertificate();
            await().atMost(Duration.ofSeconds(30)).until(() -> install("--dry-run").code() == 0);
        }
    }

    @Test
    void shouldSayThatNothingAnswers() throws IOException {
        final EndedCommand ended = installTrusting(server.authority(), "https://127.0.0.1:1");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err())
                .contains("Elasticsearch at https://127.0.0.1:1 cannot be reached")
                .hasLineCount(1);
    }

    @Test
    void shouldTakeTheSettingsOfRunAndLetOptionsWin() throws IOException {
        final Path settings =
                Files.writeString(
                        work.resolve("run.properties"),
                        """
                        serveflow.elasticsearch.urls=%s
                        camel.component.serveflow-index.caCertificate=%s
                        camel.component.serveflow-index.apiKey={{env:SERVEFLOW_KEY_OF_THIS_TEST}}
                        """
                                .formatted(server.uri(), server.authority()));

        final EndedCommand ended =
                execute(
                        "--config",
                        settings.toString(),
                        "--username",
                        "admin",
                        "--password-file",
                        password().toString());

        assertThat(ended.code()).as(ended.err()).isZero();
    }

    @Test
    void shouldDeleteNoVerdictsByMistake() throws IOException {
        final EndedCommand ended = install("--data");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("option --data goes with --uninstall");
    }

    private EndedCommand install(final String... more) throws IOException {
        return installAs("admin", more);
    }

    private EndedCommand installAs(final String user, final String... more) throws IOException {
        final List<String> all =
                new ArrayList<>(
                        List.of(
                                "--url",
                                server.uri().toString(),
                                "--ca-certificate",
                                server.authority().toString(),
                                "--username",
                                user,
                                "--password-file",
                                password().toString()));
        all.addAll(List.of(more));
        return execute(all.toArray(String[]::new));
    }

    private EndedCommand installTrusting(final Path authority, final String url)
            throws IOException {
        return execute(
                "--url",
                url,
                "--ca-certificate",
                authority.toString(),
                "--username",
                "admin",
                "--password-file",
                password().toString());
    }

    private Path password() throws IOException {
        return Files.writeString(work.resolve("correct"), SecuredElasticsearch.PASSWORD + "\n");
    }

    private static EndedCommand execute(final String... options) {
        final List<String> all = new ArrayList<>(List.of("install", "elastic"));
        all.addAll(List.of(options));
        return EndedCommand.of(all.toArray(String[]::new));
    }
}
