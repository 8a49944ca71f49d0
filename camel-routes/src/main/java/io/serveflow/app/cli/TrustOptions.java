/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.app.settings.PathChecks;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.VerifyingKey;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say whose bundles are used. */
final class TrustOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--trusted-key",
            paramLabel = "FILE",
            description =
                    "Public Ed25519 keys in PEM; a bundle that is signed with another one is"
                            + " refused. May be given more than once.")
    private List<Path> keys = List.of();

    @Option(
            names = "--require-signature",
            description = "Refuse a bundle that is not signed with a trusted key.")
    private boolean required;

    BundleTrust trust() throws IOException {
        final List<VerifyingKey> trusted = new ArrayList<>();
        for (final Path file : keys) {
            trusted.addAll(keys(spec, "--trusted-key", file));
        }
        if (required && trusted.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option --require-signature needs a key; name one with --trusted-key");
        }
        return new BundleTrust(required, trusted);
    }

    /** The public keys of a file that an option names. */
    static List<VerifyingKey> keys(final CommandSpec spec, final String option, final Path file)
            throws IOException {
        final String text = text(spec, option, file);
        try {
            return VerifyingKey.readAll(text);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option " + option + ": " + file + ": " + e.getMessage(),
                    e);
        }
    }

    /** The text of a file with keys that an option names. */
    static String text(final CommandSpec spec, final String option, final Path file)
            throws IOException {
        PathChecks.file(file)
                .ifPresent(
                        fault -> {
                            throw new ParameterException(
                                    spec.commandLine(), "option " + option + ": " + fault);
                        });
        try {
            return Files.readString(file);
        } catch (final CharacterCodingException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "option " + option + ": " + file + " is no text; name a file in PEM",
                    e);
        }
    }
}
