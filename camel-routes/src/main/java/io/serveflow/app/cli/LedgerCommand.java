/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serveflow.app.BuildInfo;
import io.serveflow.app.console.ConsoleClient;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.settings.Settings;
import io.serveflow.app.terminal.StopSignals;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serveflow ledger}: the account of a running instance. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        description =
                "Show the account of a running instance: what it has read, answered, stored, given"
                        + " up and tried again, and whether everything that began has an end. It"
                        + " asks the console of that instance, and changes nothing.",
        footer = {
            "The exit code is 1 if no instance answers, or if something has neither an end nor a"
                    + " place where it waits.",
            "What the counts mean: docs/reference/ledger.md"
        })
public final class LedgerCommand implements Callable<Integer> {

    private static final URI USUAL = URI.create("http://127.0.0.1:8088/");
    private static final int LONGEST = 86_400;
    private static final String HOST = "serveflow.console.host";
    private static final String PORT = "serveflow.console.port";

    /** How long something must be without an end, whatever else moves, to be taken for lost. */
    private static final Duration LASTING = Duration.ofSeconds(5);

    private static final long LOOK_MILLIS = 500;
    private static final JsonMapper JSON = new JsonMapper();

    @Spec private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The console of the instance (default: http://127.0.0.1:8088).")
    private Optional<String> url = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings of the instance, which say where its console is.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--follow",
            description = "Go on, and show what each interval changes, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How often to look with --follow (default: ${DEFAULT-VALUE}).")
    private int interval;

    @Option(
            names = "--json",
            description = "Print JSON; with --follow the whole account, one line an interval.")
    private boolean json;

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public Integer call() throws Exception {
        final ConsoleClient client = new ConsoleClient(console());
        if (!follow) {
            final LedgerView view = settled(client);
            print(view, client);
            return view.isLost() ? ExitCode.SOFTWARE : ExitCode.OK;
        }
        final StopSignals signals = StopSignals.runAtFirst(stopped::countDown);
        follow(client);
        return signals.exitCode().orElse(ExitCode.OK);
    }

    private URI console() throws IOException {
        if (url.isPresent() && config.isPresent()) {
            throw wrong("options --url and --config both say where the console is; give one");
        }
        if (interval < 1 || interval > LONGEST) {
            throw wrong("option --interval is " + interval + "; it must be from 1 to " + LONGEST);
        }
        if (url.isPresent()) {
            return named(url.get());
        }
        SettingsOption.require(spec, config);
        return config.isPresent() ? configured() : USUAL;
    }

    private URI named(final String text) {
        try {
            final URI uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getPort() != 0) {
                return uri;
            }
        } catch (final URISyntaxException e) {
            // Said below, as for an address of another kind.
        }
        throw wrong("option --url is '" + text + "'; it must be like " + USUAL);
    }

    private URI configured() throws IOException {
        final Settings settings =
                Settings.load(
                        new Settings.Sources(
                                BuildInfo.home(),
                                config,
                                ProcessSettings.ofThisProcess(),
                                new Properties(),
                                Set.of()),
                        Set.of(PORT, HOST));
        final int port = settings.number(PORT);
        if (port == 0) {
            throw wrong(
                    "setting serveflow.console.port is 0, which is any free port; give the one that"
                            + " the instance has with --url");
        }
        final String host = settings.text(HOST);
        final String reached =
                host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
        return URI.create(
                "http://" + (reached.contains(":") ? "[" + reached + "]" : reached) + ":" + port);
    }

    private ParameterException wrong(final String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** The account, looked at for longer where something has no end. */
    private LedgerView settled(final ConsoleClient client)
            throws IOException, InterruptedException {
        LedgerView view = LedgerView.of(client.status());
        for (long millis = 0; view.open() > 0; millis += LOOK_MILLIS) {
            if (millis >= LASTING.toMillis()) {
                return view.lost();
            }
            stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            view = LedgerView.of(client.status());
        }
        return view;
    }

    private void follow(final ConsoleClient client) throws IOException, InterruptedException {
        LedgerView before = LedgerView.of(client.status());
        print(before, client);
        boolean silent = false;
        while (!stopped.await(interval, TimeUnit.SECONDS)) {
            final LedgerView now;
            try {
                now = LedgerView.of(client.status());
            } catch (final IOException e) {
                // A restart, for example: whoever looks on wants to see what comes after it.
                if (!silent) {
                    silent = true;
                    final PrintWriter err = spec.commandLine().getErr();
                    err.println("serveflow: " + e.getMessage() + "; it is asked on");
                    err.flush();
                }
                continue;
            }
            silent = false;
            if (json) {
                print(now, client);
            } else {
                now.printChanges(before, out());
            }
            before = now;
        }
    }

    private void print(final LedgerView view, final ConsoleClient client) throws IOException {
        if (json) {
            final ObjectNode node = view.json();
            node.put("url", client.console().toString());
            out().println(JSON.writeValueAsString((JsonNode) node));
        } else {
            view.print(client.console(), out());
        }
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
