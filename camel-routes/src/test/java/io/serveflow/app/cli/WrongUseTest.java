/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All commands as a clumsy operator uses them: an exit code and a sentence, no stack trace. */
class WrongUseTest {

    @TempDir private Path work;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void makeFiles() throws IOException {
        Files.createDirectory(work.resolve("folder"));
        Files.createFile(work.resolve("empty"));
        Files.writeString(work.resolve("bad.csv"), "a,b\n1,2\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1 | classify --bundle @service @none                                      | there is no such file
                    1 | classify --bundle @service @folder                                    | is a folder
                    1 | classify --bundle @none @empty                                        | there is no such folder
                    1 | classify --bundle @folder @empty                                      | bundle.json is missing
                    1 | classify --bundle @empty @empty                                       | it is a file; name the folder
                    2 | classify --bundle @service --output nope @empty                       | expected one of
                    2 | records --out @folder @empty                                          | option --out is
                    2 | records --out @none/x.log @empty                                      | its folder does not exist
                    1 | records --out @x.log @none                                            | there is no
                    2 | demo --port 70000                                                     | it can be 0 to 65535
                    2 | demo --port abc                                                       | must be a whole number, was 'abc'
                    2 | classify --bundle @service @empty @folder/../empty                    | is named twice, also as
                    2 | classify --bundle @service --bundle @service @empty                   | names the same bundle twice
                    2 | records --out @x.log @bad.csv @bad.csv                                | is named twice; name each once
                    2 | records --out - @empty                                                | option --out is -, but this is not written to stdout
                    2 | replay @empty @empty                                                  | is named twice; name each once
                    2 | evaluate --bundle @service --captures @folder --labels @bad.csv --html @bad.csv | which is an input; name another file
                    2 | evaluate --bundle @service --captures @folder --labels @bad.csv --html @r --json @r | options --json and --html are both
                    2 | evaluate --bundle @service --captures @folder --labels @bad.csv --html - --json - | options --json and --html are both -
                    2 | evaluate --bundle @service --captures @folder --labels @bad.csv --json @none/r | but its folder does not exist
                    1 | evaluate --bundle @service --captures @folder --labels @empty         | is empty; it needs a header
                    1 | calibrate --bundle @service --captures @empty                         | is a file; name the folder
                    2 | calibrate --bundle @service --captures @folder --bundle-version a/b   | --bundle-version must be 1 to 64
                    2 | train --task x --labels @bad.csv --captures @folder --out @o --vote-window 0 | --vote-window must be 1 to 86400 seconds, was 0
                    2 | train --task x --labels @bad.csv --captures @folder --out @o --folds 1 | --folds must be 3 to 20, was 1
                    2 | train --task x --labels @bad.csv --captures @folder --out @o --leave-out -1 | --leave-out must be 0 to 100, was -1
                    2 | train --task x --labels @bad.csv --captures @folder --out @o --tier a=header:1:0 | --tier is a=header:1:0: rounds must be 1 to 10000, was 0
                    2 | train --task x --labels @bad.csv --captures @folder --out @o --unmask nope | '--unmask' (FIELD): unknown mask 'nope'
                    2 | evaluate --bundle @service --labels @bad.csv --captures @folder --group-by a,,b | --group-by is 'a,,b', in which a column has no name
                    2 | pack --task x --out @o --tier a=header:1:@empty --class-names-file @folder | is a folder; name a file
                    2 | evaluate --bundle @service                                            | There are no flows to read
                    2 | evaluate --bundle @service --captures @folder --labels @bad.csv --html @folder | is a folder; name a file
                    1 | evaluate --bundle @service --captures @folder --labels @bad.csv       | has no column
                    1 | calibrate --bundle @service --captures @none                          | there is no such file or folder
                    2 | calibrate --bundle @service --captures @folder --max-escalation 7     | must be 0 to 1
                    1 | train --task x --labels @none --captures @folder --out @o             | there is no such file or folder
                    2 | train --task x/y --labels @bad.csv --captures @folder --out @o        | task must be
                    2 | run --config @folder                                                  | is a folder
                    2 | run --config @empty                                                   | serveflow.sources is not set
                    2 | nothing                                                               | Unmatched argument
                    2 | bundle sign @service                                                  | './serveflow bundle sign --help' says what can be given
                    """)
    void shouldSayWhatIsWrong(final int code, final String command, final String sentence) {
        final String[] args = command.strip().split("\\s+");
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith("@")) {
                args[i] =
                        args[i].equals("@service")
                                ? ProjectFiles.bundle("service").toString()
                                : work.resolve(args[i].substring(1)).toString();
            }
        }

        assertThat(Serveflow.execute(new PrintWriter(out), new PrintWriter(err, true), args))
                .as("%s", err)
                .isEqualTo(code);
        if (!command.contains("nothing")) {
            assertThat(err.toString().lines()).hasSizeLessThanOrEqualTo(3);
        }
        assertThat(err.toString())
                .startsWith("serveflow: ")
                .contains(sentence)
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
    }

    @Test
    void shouldRefuseAnEmptyName() {
        final int code =
                Serveflow.execute(
                        new PrintWriter(out),
                        new PrintWriter(err, true),
                        "classify",
                        "--bundle",
                        "");

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("'--bundle'", "must name a file or folder, was empty");
    }

    @Test
    void shouldKeepTheLogThatWasThereWhereAnInputCannotBeRead() throws IOException {
        final Path log = Files.writeString(work.resolve("x.log"), "precious");

        assertThat(
                        execute(
                                "records",
                                "--out",
                                log.toString(),
                                ProjectFiles.capture("ntp.pcap").toString(),
                                work.resolve("none").toString()))
                .isEqualTo(1);

        assertThat(log).hasContent("precious");
        assertThat(work.resolve(".x.log.draft")).doesNotExist();
    }

    /** A disk that is always full. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldNameTheFileThatADiskDidNotTake() {
        final String capture = ProjectFiles.capture("ntp.pcap").toString();

        assertThat(execute("records", "--out", "/dev/full", capture)).isEqualTo(1);

        assertThat(err.toString())
                .contains("serveflow: /dev/full could not be written: No space left on device");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldFailWhereStdoutDidNotTakeAllVerdicts() throws IOException {
        try (PrintWriter full = new PrintWriter(new FileOutputStream("/dev/full"))) {
            final int code =
                    Serveflow.execute(
                            full,
                            new PrintWriter(err, true),
                            "classify",
                            "--bundle",
                            ProjectFiles.bundle("service").toString(),
                            ProjectFiles.capture("ntp.pcap").toString());

            assertThat(code).isEqualTo(1);
        }
        assertThat(err.toString()).contains("stdout did not take all that was printed");
    }

    private int execute(final String... args) {
        return Serveflow.execute(new PrintWriter(out), new PrintWriter(err, true), args);
    }

    /** Exit code 2, as of other wrong settings: a supervisor need not try again. */
    @Test
    void shouldCallAPositionFileOfAnotherLogWrongUse() throws IOException {
        final String other = "/some/other.log";
        final String content =
                "{\"version\":1,\"follows\":\""
                        + other
                        + "\",\"since\":\"2026-11-22T20:47:41Z\",\"files\":[]}";
        final CRC32 crc = new CRC32();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        final Path position =
                Files.writeString(
                        work.resolve("position"),
                        "{\"positions\":" + content + ",\"crc32\":" + crc.getValue() + "}");

        assertThat(run("serveflow.tail.positionFile=" + position)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith(
                        "serveflow: option positionFile names "
                                + position
                                + ", which keeps the positions of "
                                + other);
    }

    /** Even root can make no folder there. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldCallAFolderThatCannotBeMadeWrongUse() throws IOException {
        assertThat(run("serveflow.tail.positionFile=/proc/serveflow/position")).isEqualTo(2);
        assertThat(err.toString())
                .contains("positionFile")
                .contains("/proc/serveflow")
                .contains("name a file in a folder that this process may write to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-host.invalid", "192.0.2.7"})
    void shouldNameAHostThatIsNotThisMachines(final String host) throws IOException {
        assertThat(run("serveflow.console.host=" + host)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("serveflow: setting serveflow.console.host is '" + host + "', which is")
                .contains("set it to one, to 127.0.0.1 or to 0.0.0.0");
    }

    private int run(final String... settings) throws IOException {
        final Path config = work.resolve("run.properties");
        final List<String> lines =
                new ArrayList<>(
                        List.of(
                                "serveflow.sources=tail",
                                "serveflow.tail.path=serveflow.log",
                                "serveflow.bundle=" + ProjectFiles.bundle("service"),
                                "serveflow.elasticsearch.templates=false",
                                "serveflow.console.port=0",
                                "camel.management.enabled=false"));
        lines.addAll(List.of(settings));
        Files.write(config, lines);
        return Serveflow.execute(
                new PrintWriter(out),
                new PrintWriter(err, true),
                "run",
                "--config",
                config.toString());
    }

    @Test
    void shouldEscapeWhatANameHolds() {
        final String name = work.resolve("x\u001b[31m").toString();
        final String bundle = ProjectFiles.bundle("service").toString();

        Serveflow.execute(
                new PrintWriter(out),
                new PrintWriter(err, true),
                "classify",
                "--bundle",
                bundle,
                name);

        assertThat(err.toString()).contains("x\\u001b[31m").doesNotContain("\u001b");
    }

    @Test
    void shouldEscapeTheObserverInDocumentsAndStayJson() {
        Serveflow.execute(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "classify",
                "--bundle",
                ProjectFiles.bundle("service").toString(),
                "--output",
                "ndjson",
                "--observer",
                "a\u007f\u009b31m\u2028b",
                ProjectFiles.capture("ntp.pcap").toString());

        assertThat(out.toString())
                .contains("\"a\\u007f\\u009b31m\\u2028b\"")
                .doesNotContain("\u009b")
                .doesNotContain("\u007f")
                .doesNotContain("\u2028");
    }
}
