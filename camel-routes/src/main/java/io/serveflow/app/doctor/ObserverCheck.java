/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.doctor;

import io.serveflow.app.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * Looks at the name of the sensor in verdicts, beside Security Onion: by it the node is found that
 * has the packets. The pipeline takes the name of the agent where it is left at its default.
 */
final class ObserverCheck {

    private static final String CHECK = "observer";
    private static final String OBSERVER = "serveflow.observer";
    private static final String DEFAULT = "serveflow";
    private static final Set<String> PROFILES = Set.of("so3", "so24");

    private final Settings settings;
    private final Name node;

    /** The name of this machine. */
    @FunctionalInterface
    interface Name {

        /** As the machine has it itself, with a domain or not. */
        String get() throws IOException;
    }

    ObserverCheck(final Settings settings) {
        this(settings, () -> InetAddress.getLocalHost().getHostName());
    }

    ObserverCheck(final Settings settings, final Name node) {
        this.settings = settings;
        this.node = node;
    }

    /** Nothing where there is no Security Onion, or no log that this node has written. */
    List<Finding> examine() {
        if (!settings.has("serveflow.profile")
                || !PROFILES.contains(settings.text("serveflow.profile").strip())
                || !settings.sources().contains("tail")) {
            return List.of();
        }
        final String setting =
                settings.has("serveflow.tail.observer") ? "serveflow.tail.observer" : OBSERVER;
        final String stated = settings.text(setting);
        try {
            return List.of(finding(setting, stated, node.get()));
        } catch (final IOException e) {
            return List.of(Finding.skipped(CHECK, "this machine has no name: " + e.getMessage()));
        }
    }

    private Finding finding(final String setting, final String stated, final String name) {
        final String brief = name.split("\\.")[0];
        if (stated.equals(DEFAULT) && settings.storesInFiles()) {
            return Finding.ok(CHECK, "the pipeline takes the name of the agent");
        }
        if (stated.equals(name) || stated.equals(brief)) {
            return Finding.ok(CHECK, stated + ", as this node");
        }
        return Finding.warning(
                CHECK,
                setting
                        + " is "
                        + stated
                        + ", and this node "
                        + brief
                        + ": PCAP of a verdict asks the node of that name",
                settings.storesInFiles()
                        ? "leave it unset, or set it to the name of the node"
                        : "set it to the name of the node");
    }
}
