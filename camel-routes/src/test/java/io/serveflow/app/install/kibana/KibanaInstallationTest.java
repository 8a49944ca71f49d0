/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.kibana;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.app.fixture.EndedCommand;
import io.serveflow.app.install.rest.AnsweringServer;
import io.serveflow.app.install.rest.AnsweringServer.Answer;
import io.serveflow.app.install.rest.AnsweringServer.Asked;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serveflow install kibana}, with a server that answers as Kibana documents it. */
class KibanaInstallationTest {

    private static final String[] OBJECTS = {
        "default dashboard serveflow-cascade",
        "default dashboard serveflow-hosts",
        "default dashboard serveflow-ports",
        "default dashboard serveflow-traffic",
        "default dashboard serveflow-uncertain",
        "default index-pattern serveflow-dataview"
    };

    @TempDir private Path work;

    @Test
    void shouldBringTheDataViewAndTheDashboardsInOneCall() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out().lines())
                    .containsExactly(
                            "created       index-pattern serveflow-dataview (ServeFlow verdicts)",
                            "created       dashboard serveflow-traffic (ServeFlow: Traffic)",
                            "created       dashboard serveflow-uncertain (ServeFlow: Uncertain"
                                    + " flows)",
                            "created       dashboard serveflow-ports (ServeFlow: Port against"
                                    + " label)",
                            "created       dashboard serveflow-hosts (ServeFlow: Hosts)",
                            "created       dashboard serveflow-cascade (ServeFlow: The cascade)");
            assertThat(kibana.stored()).containsExactly(OBJECTS);
            assertThat(kibana.changes()).containsExactly("POST /api/saved_objects/_import");
        }
    }

    @Test
    void shouldLeaveWhatIsThereAsItWasChanged() throws IOException {
        try (WholeKibana kibana = new WholeKibana("9.3.3")) {
            install(kibana.uri());
            kibana.object("default dashboard serveflow-hosts").put("changed", true);

            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out().lines())
                    .hasSize(6)
                    .allMatch(line -> line.startsWith("no change"));
            assertThat(kibana.changes()).hasSize(1);
            assertThat(kibana.object("default dashboard serveflow-hosts").has("changed")).isTrue();
        }
    }

    @Test
    void shouldBringWhatIsMissingAlone() throws IOException {
        try (WholeKibana kibana = new WholeKibana("9.3.3")) {
            install(kibana.uri());
            kibana.remove("default dashboard serveflow-hosts");
            kibana.object("default dashboard serveflow-ports").put("changed", true);

            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.out())
                    .contains("created       dashboard serveflow-hosts")
                    .contains("no change     dashboard serveflow-ports");
            assertThat(kibana.stored()).containsExactly(OBJECTS);
            assertThat(kibana.object("default dashboard serveflow-ports").has("changed")).isTrue();
        }
    }

    @Test
    void shouldReplaceWhatIsThereWhereThatIsSaid() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.14.3")) {
            install(kibana.uri());
            kibana.object("default dashboard serveflow-hosts").put("changed", true);

            final EndedCommand ended = install(kibana.uri(), "--replace");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out().lines()).hasSize(6).allMatch(line -> line.startsWith("updated"));
            assertThat(kibana.object("default dashboard serveflow-hosts").has("changed")).isFalse();
        }
    }

    @Test
    void shouldPrintTheCallOfADryRunAndNotMakeIt() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            final EndedCommand ended = install(kibana.uri(), "--dry-run");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out())
                    .contains("would create  index-pattern serveflow-dataview")
                    .containsOnlyOnce("  POST /api/saved_objects/_import?overwrite=false\n")
                    .contains("  {\"id\":\"serveflow-cascade\",\"type\":\"dashboard\"");
            assertThat(kibana.changes()).isEmpty();
        }
    }

    @Test
    void shouldTakeAwayExactlyTheseObjectsAndTheDataViewLast() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            kibana.add("default dashboard serveflow-own");

            final EndedCommand ended = install(kibana.uri(), "--uninstall");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(kibana.stored()).containsExactly("default dashboard serveflow-own");
            assertThat(ended.out().lines())
                    .hasSize(6)
                    .allMatch(line -> line.startsWith("removed"))
                    .last()
                    .asString()
                    .contains("index-pattern serveflow-dataview");
            assertThat(install(kibana.uri(), "--uninstall").out().lines())
                    .allMatch(line -> line.endsWith("(it is not there)"));
        }
    }

    @Test
    void shouldKeepWhatIsSharedWithOtherSpaces() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            kibana.shareAll();

            final EndedCommand ended = install(kibana.uri(), "--uninstall");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out().lines())
                    .allMatch(line -> line.contains("(it is shared with other spaces; take it"));
        }
    }

    @Test
    void shouldKeepTheDataViewThatADashboardOfSomebodyElseUses() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            kibana.add("default dashboard own", "Own flows", "serveflow-dataview");
            kibana.add("default lens other", "Other", "another-dataview");

            final EndedCommand ended = install(kibana.uri(), "--uninstall");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out().lines())
                    .last()
                    .asString()
                    .isEqualTo(
                            "kept          index-pattern serveflow-dataview (it is needed by"
                                    + " dashboard 'Own flows'; --uninstall removes it once nothing"
                                    + " needs it)");
            assertThat(kibana.stored())
                    .containsExactly(
                            "default dashboard own",
                            "default index-pattern serveflow-dataview",
                            "default lens other");
        }
    }

    @Test
    void shouldNameTheFirstOfThoseThatUseTheDataView() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            for (final String type : List.of("lens", "map", "search", "visualization")) {
                kibana.add("default " + type + " own", "Own", "serveflow-dataview");
            }

            assertThat(install(kibana.uri(), "--uninstall").out())
                    .contains("(it is needed by lens 'Own', map 'Own', search 'Own' and others;");
        }
    }

    /** Kibana answers their search that there is nothing. */
    @Test
    void shouldRefuseAUserWhoMaySeeNothing() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            kibana.denyAll();

            final EndedCommand ended = install(kibana.uri(), "--uninstall");

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err())
                    .contains("does not let user 'elastic' see the data views and dashboards of")
                    .contains("space 'default'")
                    .contains("name a user with --username who may see and change them")
                    .hasLineCount(1);
        }
    }

    @Test
    void shouldBringADataViewBackUnderTheIdThatTheDashboardsUse() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            install(kibana.uri(), "--space", "soc");
            final String view = "soc index-pattern 4000-index-pattern-serveflow-dataview";
            kibana.remove(view);

            final EndedCommand ended = install(kibana.uri(), "--space", "soc");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out())
                    .contains("created       index-pattern serveflow-dataview")
                    .contains("no change     dashboard serveflow-hosts");
            assertThat(kibana.stored()).contains(view);
            assertThat(kibana.object(view).path("originId").asText())
                    .isEqualTo("serveflow-dataview");
        }
    }

    /** Somebody has chosen that data view. */
    @Test
    void shouldKeepADashboardWhoseOtherDataViewIsGoneAndBringAllElse() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            kibana.refer("default dashboard serveflow-hosts", "gone");
            kibana.remove("default index-pattern serveflow-dataview");
            kibana.remove("default dashboard serveflow-ports");

            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(ended.out())
                    .contains(
                            "kept          dashboard serveflow-hosts (its panels use the data view"
                                    + " gone, which is not there;")
                    .contains("with --replace")
                    .contains("created       index-pattern serveflow-dataview")
                    .contains("created       dashboard serveflow-ports");
            assertThat(kibana.stored()).containsExactly(OBJECTS);
        }
    }

    @Test
    void shouldRefuseWhereNobodyKnowsWhichDataViewWasOurs() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            kibana.remove("default index-pattern serveflow-dataview");
            for (final String name : List.of("cascade", "hosts", "ports", "traffic", "uncertain")) {
                final String view = name.equals("hosts") ? "gone" : "gone-too";
                kibana.refer("default dashboard serveflow-" + name, view);
            }

            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err())
                    .contains("its panels use the data view gone")
                    .contains("nothing was changed")
                    .hasLineCount(1);
            assertThat(kibana.stored()).hasSize(5);
        }
    }

    /** Kibana gives it another id, under which the dashboards do not look for it. */
    @Test
    void shouldSayThatTheDataViewIsInAnotherSpaceAlone() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            kibana.remove("default index-pattern serveflow-dataview");
            kibana.add("soc index-pattern serveflow-dataview");

            final EndedCommand ended = install(kibana.uri());
            final EndedCommand again = install(kibana.uri());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("index-pattern serveflow-dataview under the id 4000-index-pattern-")
                    .contains("as another space has one of that id; dashboard serveflow-traffic,")
                    .contains("run this again with --replace")
                    .hasLineCount(1);
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.err()).contains("its panels use the data view serveflow-dataview,");
            assertThat(install(kibana.uri(), "--replace").code()).isZero();
            assertThat(install(kibana.uri()).out().lines())
                    .allMatch(line -> line.startsWith("no change"));
        }
    }

    @Test
    void shouldHaveDashboardsUseTheDataViewThatTheyAreReplacedWith() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            install(kibana.uri(), "--space", "soc");
            kibana.refer("soc dashboard 4000-dashboard-serveflow-hosts", "gone");
            kibana.refer("soc dashboard 4000-dashboard-serveflow-ports", "gone-too");
            kibana.remove("soc index-pattern 4000-index-pattern-serveflow-dataview");

            final EndedCommand ended = install(kibana.uri(), "--space", "soc", "--replace");

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(kibana.referred("soc"))
                    .containsExactly("4001-index-pattern-serveflow-dataview");
            assertThat(kibana.stored())
                    .hasSize(12)
                    .contains("soc index-pattern 4001-index-pattern-serveflow-dataview");
        }
    }

    /** Where Kibana gives them other ids, for those of the first space are taken. */
    @Test
    void shouldBeInASecondSpaceToo() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());

            final EndedCommand second = install(kibana.uri(), "--space", "soc");
            final EndedCommand again = install(kibana.uri(), "--space", "soc");

            assertThat(second.out().lines())
                    .hasSize(6)
                    .allMatch(line -> line.startsWith("created"));
            assertThat(again.out().lines())
                    .hasSize(6)
                    .allMatch(line -> line.startsWith("no change"));
            assertThat(kibana.stored()).hasSize(12);

            final EndedCommand ended = install(kibana.uri(), "--space", "soc", "--uninstall");

            assertThat(ended.out())
                    .contains("removed       dashboard serveflow-hosts (id 4000-dashboard-");
            assertThat(kibana.stored()).containsExactly(OBJECTS);
        }
    }

    @Test
    void shouldReferToTheDataViewOfTheSpace() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            install(kibana.uri());
            install(kibana.uri(), "--space", "soc");
            kibana.remove("soc dashboard 4000-dashboard-serveflow-hosts");

            install(kibana.uri(), "--space", "soc");

            assertThat(kibana.stored()).contains("soc dashboard 4001-dashboard-serveflow-hosts");
            assertThat(kibana.referred("soc"))
                    .containsExactly("4000-index-pattern-serveflow-dataview");
        }
    }

    @Test
    void shouldSayThatThereIsNoSuchSpace() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            final EndedCommand ended = install(kibana.uri(), "--space", "sco");

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("has no space 'sco'; make it under Stack Management, Spaces")
                    .hasLineCount(1);
        }
    }

    @Test
    void shouldNameEachObjectThatWasNotImported() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            kibana.failing(
                    "serveflow-hosts",
                    "{\"type\":\"unknown\",\"message\":\"no room\",\"statusCode\":500}");

            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("imported 5 of 6 objects, and not dashboard serveflow-hosts")
                    .contains("(unknown: no room); look into its log")
                    .hasLineCount(1);
            assertThat(kibana.stored()).hasSize(5);
        }
    }

    /** Kibana lists the others as imported all the same. */
    @Test
    void shouldSayThatNothingWasImportedWhereSomethingIsToBeResolved() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            kibana.failing(
                    "serveflow-hosts",
                    """
                    {"type":"missing_references",
                     "references":[{"type":"index-pattern","id":"serveflow-dataview"}]}
                    """);

            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err())
                    .contains("imported nothing, because of dashboard serveflow-hosts")
                    .contains("(missing_references: index-pattern serveflow-dataview)")
                    .hasLineCount(1);
            assertThat(kibana.stored()).isEmpty();
        }
    }

    /** As where somebody brings it meanwhile. */
    @Test
    void shouldSayThatAnObjectIsThereThatTheSearchDidNotFind() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            kibana.add("default dashboard serveflow-hosts");
            kibana.hide("default dashboard serveflow-hosts");

            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("imported nothing, because of dashboard serveflow-hosts (conflict)")
                    .contains("run this again, or with --replace");
            assertThat(install(kibana.uri(), "--replace").code()).isZero();
            assertThat(kibana.stored()).containsExactly(OBJECTS);
        }
    }

    @Test
    void shouldRefuseAKibanaThatIsTooOld() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.13.4")) {
            final EndedCommand ended = install(kibana.uri());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("is of version 8.13.4; the dashboards have panels that Kibana has")
                    .contains("from 8.14 on");
            assertThat(kibana.changes()).isEmpty();
        }
    }

    @Test
    void shouldSayThatNobodyIsNamed() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            final EndedCommand ended = execute("--url", kibana.uri().toString());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("answered 401: it asks who we are; give --username")
                    .hasLineCount(1);
        }
    }

    @Test
    void shouldSayThatSomethingElseIsThere() throws IOException {
        try (AnsweringServer server =
                new AnsweringServer(
                        asked -> new Answer(400, "{\"error\":\"no handler found for uri\"}"))) {
            final EndedCommand ended = install(server.uri());

            assertThat(ended.code()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("answers, and not as Kibana does; check --url")
                    .hasLineCount(1);
        }
    }

    @Test
    void shouldAskBelowTheBasePath() throws IOException {
        try (AnsweringServer server =
                new AnsweringServer(asked -> new Answer(404, "{\"message\":\"Not Found\"}"))) {
            install(URI.create(server.uri() + "/kibana"));

            assertThat(server.calls()).containsExactly("GET /kibana/api/status");
        }
    }

    @Test
    void shouldAskAsTheBearerOfAnApiKey() throws IOException {
        try (WholeKibana kibana = new WholeKibana("8.19.9")) {
            final Path key = Files.writeString(work.resolve("key"), "a2V5\n");

            final EndedCommand ended =
                    execute("--url", kibana.uri().toString(), "--api-key-file", key.toString());

            assertThat(ended.code()).as(ended.err()).isZero();
            assertThat(kibana.server().asked())
                    .extracting(Asked::headers)
                    .extracting(headers -> headers.get("authorization"))
                    .containsOnly("ApiKey a2V5");
        }
    }

    @Test
    void shouldRefuseWhatDoesNotGoTogether() {
        final EndedCommand ended = execute("--uninstall", "--replace");
        final EndedCommand space = execute("--space", "A Space");

        assertThat(List.of(ended.code(), space.code())).containsOnly(2);
        assertThat(ended.err()).contains("option --replace brings dashboards");
        assertThat(space.err()).contains("option --space: the id of a space has small letters");
    }

    private EndedCommand install(final URI kibana, final String... more) throws IOException {
        final List<String> all =
                new ArrayList<>(
                        List.of(
                                "--url",
                                kibana.toString(),
                                "--username",
                                "elastic",
                                "--password-file",
                                Files.writeString(work.resolve("password"), "secret\n")
                                        .toString()));
        all.addAll(List.of(more));
        return execute(all.toArray(String[]::new));
    }

    private static EndedCommand execute(final String... options) {
        final List<String> all = new ArrayList<>(List.of("install", "kibana"));
        all.addAll(List.of(options));
        return EndedCommand.of(all.toArray(String[]::new));
    }
}
