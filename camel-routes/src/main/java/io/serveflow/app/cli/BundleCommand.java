/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cli;

import io.serveflow.model.BundleManifest;
import io.serveflow.model.BundleTrust;
import io.serveflow.model.SignedFolder;
import io.serveflow.model.SigningKey;
import io.serveflow.model.VerifyingKey;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code serveflow bundle}: signs bundles, checks them and puts them to use. */
@Command(
        name = "bundle",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Sign bundles, check them, and put them to use.",
        subcommands = {
            BundleCommand.Keygen.class,
            BundleCommand.Sign.class,
            BundleCommand.Verify.class,
            BundleCommand.Use.class
        })
public final class BundleCommand {

    /** {@code serveflow bundle keygen}: makes a pair of keys. */
    @Command(
            name = "keygen",
            mixinStandardHelpOptions = true,
            description = {
                "Make a pair of Ed25519 keys in PEM: KEY, which signs bundles and is to be kept"
                        + " secret, and KEY.pub, which checks them.",
                "The same are made by: openssl genpkey -algorithm ed25519 -out KEY;"
                        + " openssl pkey -in KEY -pubout -out KEY.pub"
            })
    static final class Keygen implements Callable<Integer> {

        private static final FileAttribute<?> OWNER_ONLY =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

        @Spec private CommandSpec spec;

        @Parameters(paramLabel = "KEY", description = "File of the private key; not there yet.")
        private Path file;

        @Override
        public Integer call() throws IOException {
            final Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
            if (Files.exists(publicFile)) {
                throw there(publicFile);
            }
            final SigningKey key = SigningKey.generate();
            write(file, key.pem(), true);
            write(publicFile, key.verifying().pem(), false);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s signs bundles, %s checks them: %s%n",
                            file, publicFile, key.verifying().fingerprint());
            return 0;
        }

        private void write(final Path target, final String text, final boolean secret)
                throws IOException {
            try {
                if (secret
                        && target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createFile(target, OWNER_ONLY);
                } else {
                    Files.createFile(target);
                }
            } catch (final FileAlreadyExistsException e) {
                throw there(target);
            }
            Files.writeString(target, text, StandardOpenOption.WRITE);
        }

        private ParameterException there(final Path target) {
            return new ParameterException(
                    spec.commandLine(),
                    "there is a file "
                            + target
                            + " already, and keys are not replaced; name"
                            + " another one");
        }
    }

    /** {@code serveflow bundle sign}: signs a bundle. */
    @Command(
            name = "sign",
            mixinStandardHelpOptions = true,
            description =
                    "Sign the bundle in a folder, once it is found to be whole: bundle.sig is"
                            + " written beside bundle.json, which holds a checksum of every other"
                            + " file.")
    static final class Sign implements Callable<Integer> {

        @Spec private CommandSpec spec;

        @Option(
                names = "--key",
                required = true,
                paramLabel = "FILE",
                description = "Private Ed25519 key in PEM (PKCS #8), not encrypted.")
        private Path key;

        @Parameters(paramLabel = "DIR", description = "Folder of the bundle.")
        private Path folder;

        @Override
        public Integer call() throws IOException {
            final SigningKey signing = signing();
            final BundleManifest bundle = new SignedFolder(folder).sign(signing);
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s %s: signed with %s%n",
                            bundle.name(), bundle.version(), signing.verifying().fingerprint());
            return 0;
        }

        private SigningKey signing() throws IOException {
            try {
                return SigningKey.read(TrustOptions.text(spec, "--key", key));
            } catch (final IllegalArgumentException e) {
                throw new ParameterException(
                        spec.commandLine(), "option --key: " + key + ": " + e.getMessage(), e);
            }
        }
    }

    /** {@code serveflow bundle verify}: checks a bundle and its signature. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description =
                    "Check that the bundle in a folder is whole, answers as it did when it was"
                            + " made, and is signed; with --key, by whom.")
    static final class Verify implements Callable<Integer> {

        @Spec private CommandSpec spec;

        @Option(
                names = "--key",
                paramLabel = "FILE",
                description =
                        "Public Ed25519 keys in PEM (X.509), with one of which it must be signed;"
                                + " without it any key's signature will do.")
        private Optional<Path> key = Optional.empty();

        @Parameters(paramLabel = "DIR", description = "Folder of the bundle.")
        private Path folder;

        @Override
        public Integer call() throws IOException {
            final List<VerifyingKey> keys =
                    key.isPresent() ? TrustOptions.keys(spec, "--key", key.get()) : List.of();
            final VerifyingKey signer =
                    new SignedFolder(folder)
                            .verify(new BundleTrust(key.isPresent(), keys))
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "bundle "
                                                            + folder
                                                            + ": it is whole, but has no signature;"
                                                            + " sign it with ./serveflow bundle"
                                                            + " sign"));
            spec.commandLine()
                    .getOut()
                    .printf("%s: whole, and signed with %s%n", folder, signer.fingerprint());
            return 0;
        }
    }

    /** {@code serveflow bundle use}: puts a bundle where a running instance reads one. */
    @Command(
            name = "use",
            mixinStandardHelpOptions = true,
            description = {
                "Put a bundle where a running instance reads the one of the same task. It is"
                        + " checked first; a running instance takes it into use at its next look"
                        + " (serveflow.bundle.watch), without losing a flow.",
                "The one before stays beside it, as NAME.before; to go back, use that one."
            })
    static final class Use implements Callable<Integer> {

        @Spec private CommandSpec spec;

        @ArgGroup(multiplicity = "1")
        private Where where;

        private static final class Where {

            @Option(
                    names = "--config",
                    paramLabel = "FILE",
                    description = "The settings of the instance, which name its bundles.")
            private Optional<Path> config = Optional.empty();

            @Option(
                    names = "--at",
                    paramLabel = "DIR",
                    description = "The folder that the instance reads.")
            private Optional<Path> folder = Optional.empty();
        }

        @Mixin private TrustOptions trust;

        @Parameters(paramLabel = "DIR", description = "Folder of the bundle to use.")
        private Path folder;

        @Override
        public Integer call() throws IOException {
            final BundleDelivery.Delivered delivered;
            if (where.config.isPresent()) {
                SettingsOption.require(spec, where.config);
                delivered = BundleDelivery.to(where.config.get()).deliver(folder, trust.trust());
            } else {
                delivered =
                        BundleDelivery.at(where.folder.orElseThrow())
                                .deliver(folder, trust.trust());
            }
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s %s is at %s; %s%n",
                            delivered.bundle().name(),
                            delivered.bundle().version(),
                            delivered.folder(),
                            delivered.next());
            return 0;
        }
    }
}
