/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.camel.elastic.ElasticConnection;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a command reaches Kibana. */
final class KibanaOptions extends AccessOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://localhost:5601",
            description =
                    "Kibana, with its base path if it has one, such as https://HOST:5601/kibana"
                            + " (default: http://localhost:5601).")
    private String url;

    /**
     * The way there.
     *
     * @throws picocli.CommandLine.ParameterException if an option is wrong
     */
    ElasticConnection connection() throws IOException {
        final ElasticConnection way = connection(Optional.empty(), Optional.of(url));
        return new ElasticConnection(
                way.urls(),
                way.credentials(),
                way.trust(),
                way.connectTimeoutMillis(),
                way.requestTimeoutMillis(),
                false);
    }
}
