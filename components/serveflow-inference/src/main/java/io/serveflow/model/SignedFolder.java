/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Signs the bundle in a folder and checks such a signature, in which every file of the folder has a
 * part: what {@code bundle.json} does not list is refused, although nobody would read it.
 */
public final class SignedFolder {

    /** A mounted volume keeps its versions in folders of such names, and links to their files. */
    private static final String OF_A_VOLUME = "..";

    private final Path folder;
    private final BundleFiles files;

    public SignedFolder(final Path folder) {
        this.folder = behindLinks(folder);
        this.files = BundleFiles.in(this.folder);
    }

    /** What a link leads to now, so that all steps are about one folder. */
    private static Path behindLinks(final Path folder) {
        try {
            return folder.toRealPath();
        } catch (final IOException e) {
            return folder; // what is wrong with it is said by whoever reads it
        }
    }

    /**
     * Signs the bundle, once it is loaded and found to be whole; an older signature is replaced.
     *
     * @throws BundleException if it is not whole, or the folder holds more than it lists
     */
    public BundleManifest sign(final SigningKey key) throws IOException {
        final byte[] json = files.read(BundleJson.FILE);
        final BundleManifest manifest;
        try (Bundle bundle = Bundle.load(new Unsigned(files))) {
            manifest = bundle.manifest();
            requireListed(manifest);
            if (!Sha256.hex(json).equals(bundle.ref().sha256())) {
                throw new BundleException(
                                BundleJson.FILE
                                        + " was changed while it was checked; sign it again")
                        .in(files.location());
            }
        }
        final Path draft = folder.resolve(BundleSignature.FILE + ".tmp");
        Files.write(draft, BundleSignature.of(json, key).write());
        Files.move(
                draft,
                folder.resolve(BundleSignature.FILE),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        return manifest;
    }

    /**
     * Checks the bundle and its signature.
     *
     * @return who has signed it; empty if nobody has
     * @throws BundleException if it is not whole or not to be trusted, or the folder holds more
     *     than it lists
     */
    public Optional<VerifyingKey> verify(final BundleTrust trust) throws IOException {
        try (Bundle bundle = Bundle.load(files, trust)) {
            requireListed(bundle.manifest());
            return bundle.signer();
        }
    }

    private void requireListed(final BundleManifest manifest) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            final Optional<String> unlisted =
                    all.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                            .map(folder::relativize)
                            .map(file -> file.toString().replace('\\', '/'))
                            .filter(name -> !name.startsWith(OF_A_VOLUME))
                            .filter(name -> !manifest.files().containsKey(name))
                            .filter(name -> !name.equals(BundleJson.FILE))
                            .filter(name -> !name.equals(BundleSignature.FILE))
                            .sorted()
                            .findFirst();
            if (unlisted.isPresent()) {
                throw new BundleException(
                                unlisted.get()
                                        + " is not listed in "
                                        + BundleJson.FILE
                                        + ", so no signature would hold it; take it out of the"
                                        + " folder")
                        .in(files.location());
            }
        }
    }

    /** The files of a bundle, less its signature. */
    private record Unsigned(BundleFiles files) implements BundleFiles {

        @Override
        public String location() {
            return files.location();
        }

        @Override
        public byte[] read(final String name) {
            return files.read(name);
        }

        @Override
        public Optional<byte[]> find(final String name) {
            return name.equals(BundleSignature.FILE) ? Optional.empty() : files.find(name);
        }
    }
}
