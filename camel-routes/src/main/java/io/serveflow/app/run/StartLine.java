/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.settings.Role;
import io.serveflow.app.settings.Settings;
import io.serveflow.verdict.Verdict.BundleRef;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The one line that says that the start succeeded, and what now runs. */
final class StartLine {

    private StartLine() {}

    /**
     * Version, sources, bundles, index, where health and the console are, and the own routes.
     *
     * @param taken the port that a server has whose settings say 0, which is any
     */
    static String of(
            final Settings settings,
            final List<BundleRef> bundles,
            final RouteFiles routes,
            final OptionalInt taken) {
        return "serveflow "
                + BuildInfo.version()
                + " is running: "
                + (settings.role().readsSources()
                        ? "sources " + String.join(", ", settings.sources()) + "; "
                        : "")
                + role(settings)
                + "bundle "
                + (bundles.isEmpty()
                        ? "none"
                        : bundles.stream()
                                .map(bundle -> bundle.name() + " " + bundle.version())
                                .collect(Collectors.joining(", ")))
                + index(settings)
                + server(settings, "health", "camel.management", "/observe/health", taken)
                + server(settings, "console", "camel.server", "/", taken)
                + settings.file().map(file -> "; settings of " + file).orElse("")
                + routes.words(settings.sources(), settings.role()).map("; "::concat).orElse("");
    }

    private static String role(final Settings settings) {
        return settings.role() == Role.ALL
                ? ""
                : "role "
                        + settings.role().id()
                        + (settings.linkedByKafka()
                                ? ", linked by Kafka at " + settings.text("serveflow.kafka.brokers")
                                : "")
                        + "; ";
    }

    private static String index(final Settings settings) {
        if (settings.storesInFiles()) {
            return "; files in " + settings.text("serveflow.file.folder");
        }
        return settings.role().stores()
                ? "; index "
                        + settings.text("serveflow.index")
                        + " at "
                        + settings.text("serveflow.elasticsearch.urls")
                : "";
    }

    /** Where a server is, as a part of the line. */
    static String server(
            final Settings settings, final String what, final String server, final String path) {
        return server(settings, what, server, path, OptionalInt.empty());
    }

    private static String server(
            final Settings settings,
            final String what,
            final String server,
            final String path,
            final OptionalInt taken) {
        if (!settings.yes(server + ".enabled")) {
            return "; no " + what;
        }
        final String host = settings.text(server + ".host");
        final String port = settings.text(server + ".port");
        final boolean any = port.equals("0");
        if (any && taken.isEmpty()) {
            return "; %s on a free port of %s".formatted(what, host);
        }
        return "; %s http://%s:%s%s"
                .formatted(
                        what,
                        host.contains(":") ? "[" + host + "]" : host,
                        any ? taken.getAsInt() : port,
                        path);
    }
}
