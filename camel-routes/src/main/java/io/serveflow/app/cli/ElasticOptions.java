/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.camel.elastic.ElasticConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a command reaches Elasticsearch or OpenSearch. */
final class ElasticOptions extends AccessOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The settings of ./serveflow run; of them, only how Elasticsearch is reached is"
                            + " read.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "A node of Elasticsearch or OpenSearch, http://HOST:PORT or https://HOST:PORT;"
                            + " several with commas.")
    private Optional<String> url = Optional.empty();

    /**
     * The way there.
     *
     * @throws picocli.CommandLine.ParameterException if an option is wrong
     * @throws io.serveflow.app.settings.WrongSettingsException if a setting is wrong
     */
    ElasticConnection connection() throws IOException {
        SettingsOption.require(command(), config);
        return connection(config, url);
    }
}
