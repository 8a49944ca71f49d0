/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Settings of sources and of the sink as they are written into the address of an endpoint, in which
 * some of their characters mean something else.
 */
final class SourceAddresses {

    /** What the names begin with under which routes find them. */
    private static final String PREFIX = "addresses.";

    private static final String OBSERVER = "serveflow.observer";

    private static final List<String> PATHS =
            List.of(
                    "serveflow.input",
                    "serveflow.tail.path",
                    "serveflow.pcap.file",
                    "serveflow.file.folder");

    private static final List<String> OPTIONS =
            List.of(
                    OBSERVER,
                    "serveflow.tail.positionFile",
                    "serveflow.tail.rotated",
                    "serveflow.kafka.brokers",
                    "serveflow.kafka.groupId",
                    "serveflow.slow.endpoints");

    private static final List<String> OBSERVERS =
            List.of(
                    "serveflow.tail.observer",
                    "serveflow.socket.observer",
                    "serveflow.kafka.observer");

    private SourceAddresses() {}

    /** The settings by the names that routes have for them. */
    static Map<String, String> of(final Properties settings) {
        final Map<String, String> addresses = new HashMap<>();
        PATHS.forEach(name -> addresses.put(PREFIX + name, path(settings.getProperty(name, ""))));
        OPTIONS.forEach(name -> addresses.put(PREFIX + name, raw(settings.getProperty(name, ""))));
        final String observer = settings.getProperty(OBSERVER, "");
        OBSERVERS.forEach(
                name -> addresses.put(PREFIX + name, raw(settings.getProperty(name, observer))));
        return addresses;
    }

    /** Camel decodes the path of an address twice. */
    private static String path(final String path) {
        return path.replace("%", "%2525")
                .replace("+", "%252B")
                .replace("&", "%2526")
                .replace("#", "%2523");
    }

    /** The value of an option as it stands; Camel decodes what is behind a bracket that closes. */
    static String raw(final String value) {
        return value.contains(")") && !value.contains("}")
                ? "RAW{" + value + "}"
                : "RAW(" + value + ")";
    }
}
