/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.ledger.Reason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks whether the bundles in use have changed where they were read from, and takes a changed one
 * into use: loaded, checked and self-tested first, while the one in use goes on.
 *
 * <p>A folder may be changed file by file as long as its {@code bundle.json} comes last, or by
 * moving another folder or link to where it was. One that cannot be used is refused, once until it
 * changes again, and the one in use stays. One for which too many older ones are in use waits,
 * which is reported once. Of a folder that is gone, nothing is said.
 *
 * <p>Not safe for use by more than one thread.
 */
public final class BundleWatch {

    private final Bundles bundles;
    private final Listener listener;

    /** What each location was like when it was last taken or refused. */
    private final Map<String, String> known = new HashMap<>();

    /** What each location was like when a refusal was last reported. */
    private final Map<String, String> refused = new HashMap<>();

    /** The locations of which was reported that a new bundle waits. */
    private final Set<String> waiting = new HashSet<>();

    /** Called with what became of a bundle that has changed. */
    public interface Listener {

        /** It is in use from now on. */
        void replaced(Bundles.Generation before, Bundles.Generation after);

        /** It is not taken; the one before stays in use. */
        void refused(Bundles.Generation stays, BundleException why);

        /** It is not looked at before older bundles have ended, of which too many are in use. */
        void waits(Bundles.Generation stays);
    }

    public BundleWatch(final Bundles bundles, final Listener listener) {
        this.bundles = Objects.requireNonNull(bundles, "bundles");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** Looks at all locations once, and returns when what has changed is in use or refused. */
    public void look() {
        final Set<String> locations =
                bundles.files().stream().map(BundleFiles::location).collect(Collectors.toSet());
        known.keySet().retainAll(locations);
        refused.keySet().retainAll(locations);
        waiting.retainAll(locations);
        bundles.files().forEach(this::look);
    }

    private void look(final BundleFiles files) {
        final Optional<Bundles.Generation> used = bundles.at(files.location());
        final Optional<String> state = state(files);
        if (used.isEmpty() || state.isEmpty() || state.get().equals(known.get(files.location()))) {
            return;
        }
        if (!bundles.hasRoom(files.location())) {
            if (waiting.add(files.location())) {
                listener.waits(used.get());
            }
            return;
        }
        waiting.remove(files.location());
        try {
            final Optional<byte[]> json = files.find(BundleJson.FILE);
            if (json.isEmpty()) {
                return;
            }
            if (!Sha256.hex(json.get()).equals(used.get().ref().sha256())) {
                replace(files, used.get());
            }
            known.put(files.location(), state.get());
        } catch (final BundleException e) {
            refuse(files, state.get(), used.get(), e);
        } catch (final RuntimeException e) {
            final String why = "bundle " + files.location() + ": " + e;
            refuse(
                    files,
                    state.get(),
                    used.get(),
                    new BundleException(Reason.BUNDLE_DAMAGED, why, e));
        }
    }

    private void replace(final BundleFiles files, final Bundles.Generation used) {
        final Bundle next =
                Bundle.load(
                        files, bundles.trust(files.location()), bundles.scorers(files.location()));
        listener.replaced(used, bundles.replace(files.location(), next));
    }

    /** What was changed while it was read is looked at again, unless nobody uses it any more. */
    private void refuse(
            final BundleFiles files,
            final String state,
            final Bundles.Generation used,
            final BundleException why) {
        if (bundles.at(files.location()).isPresent()
                && state(files).filter(state::equals).isPresent()) {
            if (why.reason() != Reason.BUNDLE_UNUSABLE) {
                known.put(files.location(), state);
            }
            if (!state.equals(refused.put(files.location(), state))) {
                listener.refused(used, why);
            }
        }
    }

    /** Empty where nothing changes, and where there is nothing at the moment. */
    private static Optional<String> state(final BundleFiles files) {
        try {
            return files.state();
        } catch (final BundleException e) {
            return Optional.empty();
        }
    }
}
