/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.app.fixture.EndedCommand;
import io.serveflow.app.install.InstallException;
import io.serveflow.app.install.Installation;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** On a folder that is like the root of a manager; none of it has run on a grid. */
class OnionInstallationTest {

    private static final String ZEEK = "opt/so/saltstack/local/salt/zeek/";
    private static final String INTEGRATION =
            "opt/so/saltstack/local/salt/elasticfleet/files/integrations/grid-nodes_general/"
                    + "serveflow-logs.json";
    private static final String ADVANCED = "opt/so/saltstack/local/pillar/soc/adv_soc.sls";

    @TempDir private Path root;

    @BeforeEach
    void makeManager() throws IOException {
        write("etc/soversion", "3.1.0\n");
        write(ZEEK + "zkg/README", "# Place custom Zeek packages here\n");
        write(ADVANCED, "");
    }

    @Test
    void shouldPutPackageIntegrationAndColumnsWhereUpgradesLeaveThemAlone() throws IOException {
        final String said = install();

        assertThat(said.lines()).hasSize(6).allMatch(line -> line.startsWith("created"));
        assertThat(root.resolve(ZEEK + "zkg/serveflow/scripts/main.zeek"))
                .hasSameTextualContentAs(ProjectFiles.path("zeek-scripts/scripts/main.zeek"));
        assertThat(root.resolve(ZEEK + "zkg/serveflow/zkg.meta")).exists();
        assertThat(root.resolve(INTEGRATION))
                .hasSameTextualContentAs(
                        ProjectFiles.path("security-onion/fleet/serveflow-filestream.json"));
        assertThat(columns().get(":serveflow:host")).contains("host.ip", "serveflow.flows");
    }

    @Test
    void shouldTakeTheFormsOfTheOlderVersion() throws IOException {
        write("etc/soversion", "2.4.110-20241010\n");

        install();

        assertThat(root.resolve(ZEEK + "policy/custom/serveflow/__load__.zeek")).exists();
        assertThat(root.resolve(ZEEK + "zkg/serveflow")).doesNotExist();
        assertThat(root.resolve(INTEGRATION))
                .hasSameTextualContentAs(
                        ProjectFiles.path("security-onion/fleet/serveflow-log.json"));
    }

    @Test
    void shouldChangeNothingTheSecondTime() throws IOException {
        install();
        final Map<Path, String> before = everything();

        final String said = install();

        assertThat(said.lines()).hasSize(6).allMatch(line -> line.startsWith("no change"));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void shouldTakeAwayExactlyWhatItMade() throws IOException {
        write(ADVANCED, "other:\n  setting: 1\n");
        final Map<Path, String> before = everything();
        install();

        final String said = uninstall();

        assertThat(said.lines()).hasSize(6).allMatch(line -> line.startsWith("removed"));
        assertThat(everything()).isEqualTo(before);
        assertThat(root.resolve("opt/so/saltstack/local/salt/elasticfleet")).doesNotExist();
    }

    /** None of which was there before. */
    @Test
    void shouldTakeAwayTheFoldersThatItMade() throws IOException {
        write("etc/soversion", "2.4.110-20241010\n");
        install();

        uninstall();

        assertThat(root.resolve(ZEEK + "policy")).doesNotExist();
        assertThat(root.resolve(ZEEK + "zkg")).exists();
    }

    @Test
    void shouldTakeOverAFileThatSomebodyHasPutThereByHand() throws IOException {
        final Map<Path, String> before = everything();
        final String script = ZEEK + "zkg/serveflow/scripts/main.zeek";
        write(script, Files.readString(ProjectFiles.path("zeek-scripts/scripts/main.zeek")));

        assertThat(install())
                .contains("adopted       " + root.resolve(script) + " (it is what would be");

        assertThat(install().lines()).allMatch(line -> line.startsWith("no change"));
        uninstall();
        assertThat(everything()).isEqualTo(before);
        assertThat(root.resolve(ZEEK + "zkg/serveflow")).doesNotExist();
    }

    /** As a process leaves them that is killed. */
    @Test
    void shouldTakeAwayTheDraftsOfAnInstallationThatWasKilled() throws IOException {
        final Map<Path, String> before = everything();
        install();
        for (final String file :
                List.of(
                        ZEEK + "zkg/serveflow/scripts/main.zeek",
                        "opt/so/saltstack/local/serveflow.sha256",
                        ADVANCED)) {
            write(file + ".serveflow-new", "torn");
        }

        assertThat(installation().leftAfterUninstall()).noneMatch(line -> line.contains("more in"));
        assertThat(uninstall())
                .contains("removed       " + root.resolve(ADVANCED) + ".serveflow-new (an install");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void shouldTakeAwayADraftThatAnotherInstallationDoesNotNeed() throws IOException {
        install();
        final Map<Path, String> before = everything();
        write(INTEGRATION + ".serveflow-new", "torn");

        install();

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void shouldPrintEachFileOfADryRunAndWriteNone() throws IOException {
        final Map<Path, String> before = everything();

        final String said = run(true, false);

        assertThat(said)
                .contains("would create  " + root.resolve(INTEGRATION))
                .contains("  # begin of serveflow\n  soc:\n    config:\n");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void shouldBringAFileOfAnEarlierVersionUpToDate() throws IOException {
        install();
        final Path script = root.resolve(ZEEK + "zkg/serveflow/scripts/main.zeek");
        final InstalledFiles files =
                InstalledFiles.in(root.resolve("opt/so/saltstack/local/serveflow.sha256"));
        files.write(script, "earlier".getBytes(StandardCharsets.UTF_8));

        assertThat(install()).contains("updated       " + script);
        assertThat(Files.readString(script)).isNotEqualTo("earlier");
    }

    @Test
    void shouldReplaceTheFormsOfTheOlderVersionWhenItIsUpgraded() throws IOException {
        final Map<Path, String> before = everything();
        write("etc/soversion", "2.4.110-20241010\n");
        install();
        write("etc/soversion", "3.1.0\n");
        final Path policy = root.resolve(ZEEK + "policy/custom/serveflow");

        assertThat(install())
                .contains("removed       " + policy.resolve("main.zeek") + " (it is of an earlier")
                .contains("updated       " + root.resolve(INTEGRATION));

        assertThat(policy).doesNotExist();
        assertThat(root.resolve(ZEEK + "zkg/serveflow/scripts/main.zeek")).exists();
        uninstall();
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void shouldTakeAwayTheFormsOfTheOlderVersion() throws IOException {
        final Map<Path, String> before = everything();
        write("etc/soversion", "2.4.110-20241010\n");
        install();
        write("etc/soversion", "3.1.0\n");

        uninstall();

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void shouldKeepAFileOfAnEarlierFormThatSomebodyHasChanged() throws IOException {
        write("etc/soversion", "2.4.110-20241010\n");
        install();
        write("etc/soversion", "3.1.0\n");
        final String script = ZEEK + "policy/custom/serveflow/main.zeek";
        write(script, "changed");

        assertThat(install())
                .contains(
                        "kept          "
                                + root.resolve(script)
                                + " (it is of an earlier form; somebody has changed it since;"
                                + " delete it by hand)");
        assertThat(root.resolve(script)).hasContent("changed");
    }

    @Test
    void shouldRemoveAScriptThatThisVersionDoesNotHave() throws IOException {
        install();
        final Path dropped = root.resolve(ZEEK + "zkg/serveflow/scripts/dropped.zeek");
        InstalledFiles.in(root.resolve("opt/so/saltstack/local/serveflow.sha256"))
                .write(dropped, "earlier".getBytes(StandardCharsets.UTF_8));

        assertThat(install()).contains("removed       " + dropped);
        assertThat(dropped).doesNotExist();
    }

    @Test
    void shouldForgetWhatIsGoneAlready() throws IOException {
        final Map<Path, String> before = everything();
        install();
        try (Stream<Path> made = Files.walk(root.resolve(ZEEK + "zkg/serveflow"))) {
            for (final Path one : made.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }

        assertThat(uninstall()).contains("(it is gone already, and is taken off ");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void shouldSayWhatAnUpgradeOfSecurityOnionLeavesToDo() throws IOException {
        write("etc/soversion", "2.4.110-20241010\n");
        install();
        assertThat(installation().leftAfterInstall()).noneMatch(this::isRemovalOfTheIntegration);
        write("etc/soversion", "3.1.0\n");

        assertThat(installation().leftAfterInstall())
                .anyMatch(this::isRemovalOfTheIntegration)
                .anyMatch(line -> line.endsWith("load: take custom/serveflow out again"));
    }

    @Test
    void shouldSayThatTheIntegrationOfFleetIsOfAnotherForm() throws IOException {
        assertThat(installation().leftAfterInstall()).noneMatch(this::isRemovalOfTheIntegration);

        write(
                "opt/so/conf/elastic-fleet/integrations/grid-nodes_general/serveflow-logs.json",
                Files.readString(ProjectFiles.path("security-onion/fleet/serveflow-log.json")));

        assertThat(installation().leftAfterInstall()).anyMatch(this::isRemovalOfTheIntegration);
    }

    /** It is asked before, so that a dry run says the same. */
    @Test
    void shouldNameAFolderThatHasMoreInItThanWasInstalled() throws IOException {
        install();
        assertThat(installation().leftAfterUninstall()).noneMatch(line -> line.contains("more in"));

        write(ZEEK + "zkg/serveflow/.git/HEAD", "ref: refs/heads/main");

        assertThat(installation().leftAfterUninstall())
                .contains(
                        "rm -rf "
                                + root.resolve(ZEEK + "zkg/serveflow")
                                + " # it has more in it than was installed");
    }

    @Test
    void shouldNameForRemovalWhatItNamedForInstallation() throws IOException {
        final List<String> made =
                installation().leftAfterInstall().stream()
                        .filter(line -> line.contains(" install "))
                        .map(line -> line.replace(" --without-key", ""))
                        .toList();
        install();

        assertThat(made).hasSize(2);
        assertThat(installation().leftAfterUninstall())
                .filteredOn(line -> line.contains(" --uninstall"))
                .extracting(line -> line.replaceAll(" --uninstall.*", ""))
                .containsExactlyInAnyOrderElementsOf(made);
    }

    private boolean isRemovalOfTheIntegration(final String line) {
        return line.contains("elastic_fleet_integration_remove so-grid-nodes_general");
    }

    @Test
    void shouldKeepWhatSomebodyHasChangedSince() throws IOException {
        install();
        final Path script = root.resolve(ZEEK + "zkg/serveflow/scripts/main.zeek");
        Files.writeString(script, "changed");

        assertThat(install()).contains("kept          " + script + " (somebody has changed it");
        assertThat(uninstall()).contains("kept          " + script + " (somebody has changed it");
        assertThat(script).hasContent("changed");
    }

    @Test
    void shouldReplaceNothingOfOthersAndThenChangeNothing() throws IOException {
        write(INTEGRATION, "{}");
        final Map<Path, String> before = everything();

        assertThatThrownBy(this::install)
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("it is there, and this command did not make it");
        assertThat(everything()).isEqualTo(before);
        assertThat(uninstall()).contains("kept          " + root.resolve(INTEGRATION));
    }

    /** YAML takes a key once, and lists of settings are not appended to. */
    @Test
    void shouldLeaveSettingsOfSocToTheOperatorWhereThereAreSome() throws IOException {
        write(ADVANCED, "soc:\n  config: {}\n");

        assertThat(install())
                .contains("skipped       lines in " + root.resolve(ADVANCED))
                .contains("add those of security-onion/soc/eventfields.json there by hand");
        assertThat(root.resolve(ADVANCED)).hasContent("soc:\n  config: {}\n");
    }

    @Test
    void shouldRefuseWhereOneMarkIsLost() throws IOException {
        write(ADVANCED, "# begin of serveflow\nsoc: {}\n");

        assertThatThrownBy(this::install).hasMessageContaining("take our lines out by hand");
    }

    @Test
    void shouldTakeAwayAllElseWhereOneMarkIsLost() throws IOException {
        install();
        write(ADVANCED, "# begin of serveflow\nsoc: {}\n");

        assertThat(uninstall()).contains("(it does not have each of the marks");
        assertThat(root.resolve(INTEGRATION)).doesNotExist();
        assertThat(root.resolve("opt/so/saltstack/local/serveflow.sha256")).doesNotExist();
    }

    @Test
    void shouldChangeNothingWhereTheSettingsOfSocAreMissing() throws IOException {
        Files.delete(root.resolve(ADVANCED));
        Files.delete(root.resolve(ADVANCED).getParent());
        final Map<Path, String> before = everything();

        assertThatThrownBy(this::install)
                .hasMessageContaining("it is not there")
                .hasMessageContaining(
                        "install -d -o socore -g socore " + root.resolve(ADVANCED).getParent());
        assertThat(everything()).isEqualTo(before);
        assertThat(uninstall()).contains("no change     lines in ");
    }

    @Test
    void shouldRefuseWhatIsNoManager() throws IOException {
        write("other/etc/soversion", "3.1.0\n");
        write("old/etc/soversion", "2.3.300\n");

        assertThat(refusal("none")).contains("this is no Security Onion, for there is no ");
        assertThat(refusal("other")).contains("is not the manager, for there is no folder");
        assertThat(refusal("old")).contains("is of version 2.3.300; 2.4 or later is needed");
    }

    @Test
    void shouldPrintWhatIsLeftToDo() {
        final EndedCommand ended = execute();

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("created       " + root.resolve(INTEGRATION))
                .contains("Left to do:\n* in SOC, Administration, Configuration, elasticfleet")
                .contains("* ( cd " + root.resolve(ZEEK + "zkg/serveflow") + " && git init -q")
                .contains("* " + ProjectFiles.path("serveflow") + " install elastic --url ")
                .contains("* " + ProjectFiles.path("serveflow") + " install kibana --url ");
    }

    /** The files of the earlier form are gone then, by which it is known. */
    @Test
    void shouldPrintWhatAnUpgradeLeavesToDoThoughItEndsHalfWay() throws IOException {
        write("etc/soversion", "2.4.110-20241010\n");
        install();
        write("etc/soversion", "3.1.0\n");
        write(INTEGRATION + ".serveflow-new/in/the/way", "");

        final EndedCommand ended = execute();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(root.resolve(ZEEK + "policy")).doesNotExist();
        assertThat(ended.out())
                .contains("Left to do once this has run to its end; keep the list")
                .contains("* in SOC, zeek, config, local, load: take custom/serveflow out again")
                .contains("* ( . /usr/sbin/so-elastic-fleet-common");
        assertThat(ended.err()).contains("could not be written").hasLineCount(1);
    }

    @Test
    void shouldPrintNothingThatIsLeftToDoWhereItIsRefused() throws IOException {
        write(INTEGRATION, "{}");

        final EndedCommand ended = execute();

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
    }

    private EndedCommand execute() {
        System.setProperty("serveflow.home", ProjectFiles.root().toString());
        try {
            return EndedCommand.of("install", "security-onion", "--root", root.toString());
        } finally {
            System.clearProperty("serveflow.home");
        }
    }

    private String refusal(final String folder) {
        final EndedCommand ended =
                EndedCommand.of(
                        "install", "security-onion", "--root", root.resolve(folder).toString());
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).hasLineCount(1);
        return ended.err();
    }

    private String install() throws IOException {
        return run(false, false);
    }

    private String uninstall() throws IOException {
        return run(false, true);
    }

    private OnionInstallation installation() throws IOException {
        return new OnionInstallation(
                OnionManager.at(root), ProjectFiles.path("security-onion").getParent());
    }

    private String run(final boolean dryRun, final boolean uninstall) throws IOException {
        final StringWriter out = new StringWriter();
        final Installation installation =
                new Installation(installation().steps(), dryRun, new PrintWriter(out));
        if (uninstall) {
            installation.uninstall();
        } else {
            installation.install();
        }
        return out.toString();
    }

    private void write(final String path, final String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
    }

    private Map<Path, String> everything() throws IOException {
        final Map<Path, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                all.put(file, Files.readString(file));
            }
        }
        return all;
    }

    @SuppressWarnings("unchecked")
    private Map<String, List<String>> columns() throws IOException {
        final Map<String, Map<String, Map<String, Map<String, List<String>>>>> settings =
                (Map<String, Map<String, Map<String, Map<String, List<String>>>>>)
                        new Load(LoadSettings.builder().build())
                                .loadFromString(Files.readString(root.resolve(ADVANCED)));
        return settings.get("soc").get("config").get("eventFields");
    }
}
