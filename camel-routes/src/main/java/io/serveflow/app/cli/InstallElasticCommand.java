/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.install.elastic.ElasticInstallation;
import io.serveflow.app.install.elastic.KeyHandOver;
import io.serveflow.app.install.rest.Product;
import io.serveflow.app.install.rest.RestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code serveflow install elastic}: templates, lifecycle, pipeline, role and API key. */
@Command(
        name = "elastic",
        mixinStandardHelpOptions = true,
        description = {
            "Put into an Elasticsearch what the verdicts need there: index templates, a lifecycle"
                    + " policy, an ingest pipeline, a role that may create verdicts and do nothing"
                    + " else, and an API key with the rights of that role.",
            "What the server has no place for is left out, and said."
        },
        footer = {
            "The first verdict makes the data stream; --uninstall leaves it, unless --data is"
                    + " given.",
            "The exit code is 1 if something was refused or failed, and 2 for wrong use."
        })
public final class InstallElasticCommand implements Callable<Integer> {

    private static final Pattern KEY_NAME = Pattern.compile("serveflow[-_.A-Za-z0-9]{0,100}");

    private static final String DEFAULT_NAME = "serveflow";

    @Spec private CommandSpec spec;

    @Mixin private ElasticOptions elastic;

    @Mixin private InstallOptions install;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "A new file for the API key, as the line SERVEFLOW_KEY=..., which only this"
                            + " user may read; without it the line is printed.")
    private Optional<Path> keyFile = Optional.empty();

    @Option(
            names = "--key-name",
            paramLabel = "NAME",
            description =
                    "The name of the API key, one for each sensor for example; begins with"
                            + " serveflow (default: serveflow). With --uninstall: revoke the keys"
                            + " of this name and take nothing else away.")
    private Optional<String> keyName = Optional.empty();

    @Option(
            names = "--new-key",
            description =
                    "Make another API key though there is one of this name, which stays valid until"
                            + " you take it away.")
    private boolean newKey;

    @Option(
            names = "--without-key",
            description = "Leave role and API key alone: somebody else makes them.")
    private boolean withoutKey;

    @Option(
            names = "--data",
            description = "With --uninstall: the data streams too, with all verdicts in them.")
    private boolean data;

    @Override
    public Integer call() throws IOException {
        checkTogether();
        final PrintWriter out = spec.commandLine().getOut();
        try (RestServer server =
                new RestServer(
                        Product.ELASTICSEARCH, elastic.connection(), install.patience(spec))) {
            final ElasticInstallation elasticsearch = new ElasticInstallation(server);
            if (!install.isUninstall()) {
                install.carryOut(elasticsearch.toInstall(key(out)), out);
            } else if (keyName.isPresent()) {
                install.carryOut(elasticsearch.toRevoke(keyName.get()), out);
            } else {
                install.carryOut(elasticsearch.toUninstall(!withoutKey, data), out);
            }
        }
        return ExitCode.OK;
    }

    private void checkTogether() {
        if (data && !install.isUninstall()) {
            throw wrong("option --data goes with --uninstall; nothing else deletes verdicts");
        }
        if (withoutKey && (newKey || keyFile.isPresent())) {
            throw wrong(
                    "option --without-key makes no key, so --new-key and --key-file do not go with"
                            + " it");
        }
        if (install.isUninstall() && (newKey || keyFile.isPresent())) {
            throw wrong(
                    "option --uninstall makes no key, so --new-key and --key-file do not go with"
                            + " it");
        }
        if (keyName.isPresent() && (withoutKey || data)) {
            throw wrong(
                    "option --key-name does not go with "
                            + (withoutKey
                                    ? "--without-key, which leaves all keys alone"
                                    : "--data; with --uninstall it revokes the keys of this name"
                                            + " and takes nothing else away"));
        }
        if (!KEY_NAME.matcher(keyName.orElse(DEFAULT_NAME)).matches()) {
            throw wrong(
                    "option --key-name is '"
                            + keyName.get()
                            + "'; it must begin with serveflow, and go on with letters, digits,"
                            + " dots, hyphens or underscores, such as serveflow-sensor1");
        }
    }

    private Optional<ElasticInstallation.Key> key(final PrintWriter out) {
        if (withoutKey) {
            return Optional.empty();
        }
        final KeyHandOver handOver =
                keyFile.<KeyHandOver>map(KeyHandOver.KeyFile::new)
                        .orElseGet(() -> new KeyHandOver.Printed(out));
        return Optional.of(
                new ElasticInstallation.Key(keyName.orElse(DEFAULT_NAME), newKey, handOver));
    }

    private ParameterException wrong(final String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
