/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LocalElasticsearchTest {

    private static final Path HOME = Path.of(System.getProperty("serveflow.elasticsearch.home"));

    @Test
    void shouldNameThePortThatIsInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final LocalElasticsearch.Options options =
                    LocalElasticsearch.Options.defaults().withHttpPort(other.getLocalPort());

            assertThatThrownBy(() -> LocalElasticsearch.started(HOME, options))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "port "
                                    + other.getLocalPort()
                                    + " of 127.0.0.1 is in use by another program; stop it or"
                                    + " choose another port");
        }
    }

    @Test
    void shouldSayWhereItLookedForADistribution(@TempDir final Path empty) {
        assertThatThrownBy(
                        () -> new LocalElasticsearch(empty, LocalElasticsearch.Options.defaults()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no Elasticsearch distribution at " + empty);
    }

    @Test
    void shouldShowTheLogOfAServerThatDoesNotStart() throws IOException {
        final LocalElasticsearch.Options options =
                LocalElasticsearch.Options.defaults()
                        .withJvmOptions("-XX:TieredStopAtLevel=1")
                        .withSettings(Map.of("no.such.setting", "really"));
        assertThatThrownBy(() -> LocalElasticsearch.started(HOME, options))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("instead of starting")
                .hasMessageContaining("unknown setting [no.such.setting]");
        // Other processes have folders too, without that setting.
        assertThat(foldersWith("no.such.setting")).isEmpty();
    }

    @Test
    void shouldRefuseOptionsThatCannotWork() {
        final LocalElasticsearch.Options defaults = LocalElasticsearch.Options.defaults();

        assertThatThrownBy(() -> defaults.withHttpPort(65_536))
                .hasMessage("httpPort must be 0 to 65535, was 65536");
        assertThatThrownBy(() -> defaults.withStartTimeout(Duration.ZERO))
                .hasMessageContaining("startTimeout must be above 0");
    }

    private static List<Path> foldersWith(final String setting) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(
                            path ->
                                    path.getFileName()
                                            .toString()
                                            .startsWith("serveflow-elasticsearch-"))
                    .filter(path -> says(path.resolve("config/elasticsearch.yml"), setting))
                    .toList();
        }
    }

    private static boolean says(final Path settings, final String setting) {
        try {
            return Files.readString(settings).contains(setting);
        } catch (final IOException e) {
            return false; // it is gone by now, or not there yet
        }
    }
}
