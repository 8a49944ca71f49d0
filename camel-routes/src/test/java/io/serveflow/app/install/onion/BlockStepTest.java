/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install.onion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serveflow.app.install.Action;
import io.serveflow.app.install.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of an operator stay, whatever an editor or the disk makes of their file. */
class BlockStepTest {

    private static final String THEIRS = "other:\n  setting: 1\n";
    private static final String OURS = "# begin of serveflow\nsoc: {}\n# end of serveflow\n";

    @TempDir private Path folder;

    private Path file;
    private BlockStep step;

    @BeforeEach
    void makeFile() throws IOException {
        file = Files.writeString(folder.resolve("adv_soc.sls"), THEIRS);
        step = step(file, "soc: {}\n");
    }

    /** A second name of the file would show what was written into it in place. */
    @Test
    void shouldReplaceTheFileAsAWhole() throws IOException {
        final Path second = Files.createLink(folder.resolve("second"), file);

        perform(step.toInstall());

        assertThat(second).hasContent(THEIRS);
        assertThat(file).hasContent(THEIRS + OURS);
    }

    @Test
    void shouldKeepTheModeOfTheFile() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw----"));

        perform(step.toInstall());

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-rw----");
    }

    @Test
    void shouldReplaceTheFileThatALinkNames() throws IOException {
        final Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        perform(step(link, "soc: {}\n").toInstall());

        assertThat(link).isSymbolicLink();
        assertThat(file).hasContent(THEIRS + OURS);
    }

    @Test
    void shouldLeaveTheFileAsItIsWhereItCannotBeReplaced() throws IOException {
        Files.createDirectories(folder.resolve("adv_soc.sls.serveflow-new/in"));
        final Plan plan = step.toInstall();

        assertThatThrownBy(() -> perform(plan))
                .hasMessageStartingWith(file + " could not be written, and is as it was (");
        assertThat(file).hasContent(THEIRS);
    }

    @Test
    void shouldKnowItsLinesWithTheLineBreaksOfWindows() throws IOException {
        perform(step.toInstall());
        Files.writeString(file, (THEIRS + OURS).replace("\n", "\r\n"));

        assertThat(step.toInstall()).isInstanceOf(Plan.Unchanged.class);
        perform(step.toUninstall());
        assertThat(Files.readString(file)).isEqualTo(THEIRS.replace("\n", "\r\n"));
    }

    @Test
    void shouldKnowItsLinesAtTheEndOfAFileWithoutALastLineBreak() throws IOException {
        perform(step.toInstall());
        Files.writeString(file, THEIRS + OURS.strip());

        assertThat(step.toInstall()).isInstanceOf(Plan.Unchanged.class);
        perform(step.toUninstall());
        assertThat(file).hasContent(THEIRS);
    }

    @Test
    void shouldBringItsLinesOfAnEarlierVersionUpToDate() throws IOException {
        perform(step.toInstall());

        perform(step(file, "soc: {now: 1}\n").toInstall());

        assertThat(file).hasContent(THEIRS + OURS.replace("soc: {}", "soc: {now: 1}"));
    }

    @Test
    void shouldKeepItsLinesThatSomebodyHasChanged() throws IOException {
        perform(step.toInstall());
        Files.writeString(file, THEIRS + OURS.replace("soc: {}", "soc: {theirs: 1}"));
        final BlockStep later = step(file, "soc: {now: 1}\n");

        assertThat(later.toInstall())
                .isInstanceOf(Plan.Kept.class)
                .extracting(Plan::note)
                .asString()
                .startsWith("somebody has changed them since; delete them with their marks");
        assertThat(later.toUninstall()).isInstanceOf(Plan.Kept.class);
    }

    /** Its list has no lines. */
    @Test
    void shouldNotSayThatSomebodyHasChangedLinesOfAnEarlierVersion() throws IOException {
        Files.writeString(file, THEIRS + OURS);
        Files.writeString(
                folder.resolve("serveflow.sha256"),
                "0".repeat(64) + "  " + folder.resolve("init.zeek") + "\n");
        final BlockStep later = step(file, "soc: {now: 1}\n");

        assertThat(List.of(later.toInstall(), later.toUninstall()))
                .allSatisfy(
                        plan ->
                                assertThat(plan)
                                        .isInstanceOf(Plan.Kept.class)
                                        .extracting(Plan::note)
                                        .asString()
                                        .startsWith("they are of an earlier version, whose list"));
        assertThat(file).hasContent(THEIRS + OURS);
    }

    @Test
    void shouldTakeOverItsLinesThatWerePutThereByHand() throws IOException {
        Files.writeString(file, THEIRS + OURS);

        perform(step.toInstall());

        assertThat(step.toInstall()).isInstanceOf(Plan.Unchanged.class);
        assertThat(file).hasContent(THEIRS + OURS);
    }

    @Test
    void shouldTouchNothingWhereAMarkIsThereTwice() throws IOException {
        Files.writeString(file, OURS + OURS);

        assertThat(step.toInstall()).isInstanceOf(Plan.Refused.class);
        assertThat(step.toUninstall())
                .isInstanceOfSatisfying(
                        Plan.Kept.class,
                        kept -> assertThat(kept.note()).contains("take our lines out by hand"));
    }

    @Test
    void shouldTouchNothingThatIsNotText() throws IOException {
        Files.write(file, new byte[] {(byte) 0xff});

        assertThat(step.toInstall()).isInstanceOf(Plan.Refused.class);
        assertThat(step.toUninstall())
                .isEqualTo(new Plan.Kept("it is not in UTF-8, as Salt needs it"));
    }

    @Test
    void shouldSayHowToMakeAFileThatIsMissing() throws IOException {
        Files.delete(file);

        assertThat(step.toInstall().note())
                .contains("Make it, then run this again: install -o socore -g socore -m 0644")
                .endsWith("/dev/null " + file);
        assertThat(step.toUninstall()).isInstanceOf(Plan.Unchanged.class);
    }

    private BlockStep step(final Path settings, final String lines) throws IOException {
        return new BlockStep(
                InstalledFiles.in(folder.resolve("serveflow.sha256")), settings, "soc", lines);
    }

    private static void perform(final Plan plan) throws IOException {
        assertThat(plan).isInstanceOf(Plan.Changes.class);
        for (final Action action : ((Plan.Changes) plan).actions()) {
            assertThat(action.perform()).isEmpty();
        }
    }
}
