/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.flow.Tunnels;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of commands that make flows of single packets. */
final class FlowOptions {

    private static final long LONGEST_SECONDS =
            TimeUnit.MICROSECONDS.toSeconds(FlowTimeouts.MAX_MICROS);

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--community-id-seed",
            defaultValue = "0",
            paramLabel = "NUMBER",
            description =
                    "Seed of the Community IDs that are computed here (default: ${DEFAULT-VALUE});"
                            + " those that sensors state are taken as they stand.")
    private int communityIdSeed;

    @Option(
            names = "--tcp-new-timeout",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description =
                    "How long a TCP connection whose handshake is not complete may be silent before"
                            + " its flow ends (default: ${DEFAULT-VALUE}).")
    private long tcpNew;

    @Option(
            names = "--tcp-established-timeout",
            defaultValue = "600",
            paramLabel = "SECONDS",
            description =
                    "How long a TCP connection may be silent before its flow ends"
                            + " (default: ${DEFAULT-VALUE}).")
    private long tcpEstablished;

    @Option(
            names = "--tcp-closed-timeout",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description =
                    "How long a closed TCP connection must be silent before it is forgotten"
                            + " (default: ${DEFAULT-VALUE}).")
    private long tcpClosed;

    @Option(
            names = "--udp-new-timeout",
            defaultValue = "31",
            paramLabel = "SECONDS",
            description =
                    "How long UDP that nobody answered may be silent before its flow ends"
                            + " (default: ${DEFAULT-VALUE}).")
    private long udpNew;

    @Option(
            names = "--udp-established-timeout",
            defaultValue = "300",
            paramLabel = "SECONDS",
            description =
                    "How long UDP that was answered may be silent before its flow ends"
                            + " (default: ${DEFAULT-VALUE}).")
    private long udpEstablished;

    @Option(
            names = "--tunnels",
            defaultValue = "all",
            paramLabel = "TYPES",
            description =
                    "Tunnels that are opened in captures, so that flows are those inside: all (the"
                            + " default), none, or some of gre, pptp, erspan, vxlan, geneve, ipip,"
                            + " gtp, teredo with commas between them.")
    private String tunnels;

    /** What the options say, and the defaults of all else. */
    FlowAssembler.Options assembling(final String observer) {
        if (communityIdSeed < 0 || communityIdSeed > CommunityId.MAX_SEED) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --community-id-seed must be 0 to "
                            + CommunityId.MAX_SEED
                            + ", was "
                            + communityIdSeed);
        }
        return FlowAssembler.Options.defaults(observer)
                .withCommunityIdSeed(communityIdSeed)
                .withTunnels(tunnels())
                .withTimeouts(
                        new FlowTimeouts(
                                micros("--tcp-new-timeout", tcpNew),
                                micros("--tcp-established-timeout", tcpEstablished),
                                micros("--tcp-closed-timeout", tcpClosed),
                                micros("--udp-new-timeout", udpNew),
                                micros("--udp-established-timeout", udpEstablished)));
    }

    private Tunnels tunnels() {
        try {
            return Tunnels.parse(tunnels);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "option --tunnels " + e.getMessage(), e);
        }
    }

    private long micros(final String option, final long seconds) {
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option "
                            + option
                            + " must be 1 to "
                            + LONGEST_SECONDS
                            + " seconds, was "
                            + seconds);
        }
        return TimeUnit.SECONDS.toMicros(seconds);
    }
}
