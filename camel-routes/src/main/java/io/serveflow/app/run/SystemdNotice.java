/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd, where it started this process and waits for that, that the start is done.
 *
 * <p>The socket that it listens on takes datagrams, which the JDK cannot send to a Unix socket, so
 * {@code systemd-notify} does it (the protocol: sd_notify(3)). The unit needs {@code
 * NotifyAccess=all}, as that is another process.
 */
public final class SystemdNotice {

    private static final String SOCKET = "NOTIFY_SOCKET";
    private static final long LIMIT_SECONDS = 10;
    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotice.class);

    private final Map<String, String> environment;
    private final String program;

    /**
     * @param environment that of this process, which names the socket of a systemd that waits
     * @param program the path or name of {@code systemd-notify}
     */
    public SystemdNotice(final Map<String, String> environment, final String program) {
        this.environment = Map.copyOf(environment);
        this.program = Objects.requireNonNull(program, "program");
    }

    /** Of this process, by the program of the machine. */
    public static SystemdNotice ofThisProcess() {
        return new SystemdNotice(System.getenv(), "systemd-notify");
    }

    /** Says that all runs; without effect where no systemd waits. Its failure is logged. */
    public void ready() throws InterruptedException {
        if (!environment.containsKey(SOCKET)) {
            return;
        }
        try {
            final String fault = send();
            if (!fault.isEmpty()) {
                warn(fault);
            }
        } catch (final IOException | UncheckedIOException e) {
            warn(e.getMessage());
        }
    }

    private String send() throws IOException, InterruptedException {
        final ProcessBuilder command =
                new ProcessBuilder(List.of(program, "--ready")).redirectErrorStream(true);
        command.environment().putAll(environment);
        final Process process = command.start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return program + " did not end within " + LIMIT_SECONDS + " s";
        }
        final String said =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        return process.exitValue() == 0
                ? ""
                : program
                        + " ended with "
                        + process.exitValue()
                        + (said.isEmpty() ? "" : ": " + said);
    }

    private static void warn(final String fault) {
        LOG.warn(
                "systemd waits for this start to be done, and could not be notified: {};"
                        + " in the unit, set Type=exec",
                fault);
    }
}
