/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.BuildInfo;
import io.serveflow.app.settings.IndexSettings;
import io.serveflow.app.settings.ProcessSettings;
import io.serveflow.app.settings.Settings;
import io.serveflow.app.settings.WrongSettingsException;
import io.serveflow.camel.elastic.ElasticConnection;
import io.serveflow.camel.elastic.ServeflowIndexConfiguration;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How a command reaches a server: as the settings of {@code run} say, or as its own options do,
 * which win.
 */
abstract class AccessOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--username",
            paramLabel = "NAME",
            description =
                    "A user who may do this. The password is asked for, unless --password-file has"
                            + " it, or the variable CAMEL_COMPONENT_SERVEFLOW_INDEX_PASSWORD where"
                            + " no settings name another user.")
    private Optional<String> username = Optional.empty();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the password as its first line.")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description =
                    "A file with an API key in its encoded form as its first line, instead of a"
                            + " user.")
    private Optional<Path> apiKeyFile = Optional.empty();

    @Option(
            names = "--ca-certificate",
            paramLabel = "FILE",
            description =
                    "PEM file with the certificate authorities that may have signed the server's"
                            + " certificate.")
    private Optional<Path> caCertificate = Optional.empty();

    @Option(
            names = "--certificate-fingerprint",
            paramLabel = "HEX",
            description =
                    "SHA-256 fingerprint of the certificate authority that the server sends along,"
                            + " instead of --ca-certificate.")
    private Optional<String> fingerprint = Optional.empty();

    /**
     * The way there.
     *
     * @param config the settings of {@code run} that are read, if any
     * @param url where to, if not as the settings say
     * @throws ParameterException if an option is wrong
     * @throws WrongSettingsException if a setting is wrong
     */
    final ElasticConnection connection(final Optional<Path> config, final Optional<String> url)
            throws IOException {
        final ServeflowIndexConfiguration index =
                IndexSettings.read(
                        new Settings.Sources(
                                BuildInfo.home(),
                                config,
                                ProcessSettings.ofThisProcess(),
                                new Properties(),
                                Set.of()));
        url.ifPresent(
                stated -> {
                    check("--url", stated, ServeflowIndexConfiguration::setUrls);
                    index.setUrls(stated);
                });
        trust(index);
        credentials(index);
        final List<String> faults = index.faults();
        if (!faults.isEmpty()) {
            throw new WrongSettingsException(
                    faults.stream()
                            .map(fault -> "camel.component.serveflow-index: " + fault)
                            .toList());
        }
        return index.connection();
    }

    final CommandSpec command() {
        return spec;
    }

    private void trust(final ServeflowIndexConfiguration index) {
        if (caCertificate.isPresent() && fingerprint.isPresent()) {
            throw wrong("only one of --ca-certificate and --certificate-fingerprint can be given");
        }
        if (caCertificate.isPresent() || fingerprint.isPresent()) {
            index.setCaCertificate("");
            index.setCertificateFingerprint("");
        }
        caCertificate
                .map(Path::toAbsolutePath)
                .map(Path::toString)
                .ifPresent(
                        file -> {
                            check(
                                    "--ca-certificate",
                                    file,
                                    ServeflowIndexConfiguration::setCaCertificate);
                            index.setCaCertificate(file);
                        });
        fingerprint.ifPresent(
                hex -> {
                    check(
                            "--certificate-fingerprint",
                            hex,
                            ServeflowIndexConfiguration::setCertificateFingerprint);
                    index.setCertificateFingerprint(hex);
                });
    }

    private void credentials(final ServeflowIndexConfiguration index) throws IOException {
        if (username.isPresent() && apiKeyFile.isPresent()) {
            throw wrong("only one of --username and --api-key-file can be given");
        }
        if (passwordFile.isPresent() && username.isEmpty() && index.getUsername().isEmpty()) {
            throw wrong("option --password-file needs --username, whose password it is");
        }
        if (apiKeyFile.isPresent()) {
            index.setUsername("");
            index.setPassword("");
            index.setApiKey(firstLine("--api-key-file", apiKeyFile.get()));
        }
        if (username.isPresent()) {
            if (!index.getUsername().isEmpty() && !index.getUsername().equals(username.get())) {
                // That of somebody else, which is nobody's business.
                index.setPassword("");
            }
            index.setApiKey("");
            index.setUsername(username.get());
        }
        if (passwordFile.isPresent()) {
            index.setPassword(firstLine("--password-file", passwordFile.get()));
        } else if (username.isPresent() && index.getPassword().isEmpty()) {
            index.setPassword(asked(username.get()));
        }
    }

    private String asked(final String user) {
        final Console console = System.console();
        final char[] typed =
                console == null ? new char[0] : console.readPassword("Password of %s: ", user);
        if (typed == null || typed.length == 0) {
            throw wrong(
                    "option --username is "
                            + user
                            + ", whose password is not known; give --password-file, or, where no"
                            + " settings name another user, the variable"
                            + " CAMEL_COMPONENT_SERVEFLOW_INDEX_PASSWORD");
        }
        return new String(typed);
    }

    private String firstLine(final String option, final Path file) throws IOException {
        final String text;
        try {
            text = Files.readString(file);
        } catch (final CharacterCodingException e) {
            throw wrong("option " + option + ": " + file + " is no text");
        }
        final String line = text.lines().findFirst().map(String::strip).orElse("");
        if (line.isEmpty()) {
            throw wrong("option " + option + ": the first line of " + file + " is empty");
        }
        final int sign = line.indexOf('=');
        // As install writes it.
        return line.startsWith("SERVEFLOW_KEY=") ? line.substring(sign + 1) : line;
    }

    /** One option alone, so that it is named if it is the wrong one. */
    private void check(
            final String option,
            final String value,
            final BiConsumer<ServeflowIndexConfiguration, String> setter) {
        final ServeflowIndexConfiguration alone = new ServeflowIndexConfiguration();
        setter.accept(alone, value);
        alone.faults().stream()
                .findFirst()
                .ifPresent(
                        fault -> {
                            throw wrong("option " + option + ": " + fault);
                        });
    }

    final ParameterException wrong(final String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
