/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.verdict.Verdict.BundleRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The bundles in use. Those who use one from the same location share it, and with it the models; it
 * is loaded, checked and self-tested when the first of them opens it, and closed when the last one
 * lets go.
 *
 * <p>Each time that a bundle comes into use, its task has a new generation. The newest one is the
 * current one of its task. Whoever keeps something for each bundle, such as a meter, listens.
 *
 * <p>Safe for use by many threads.
 */
public final class Bundles {

    private final Map<String, Shared> byLocation = new LinkedHashMap<>();
    private final Map<String, Integer> generations = new HashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /**
     * A bundle in use.
     *
     * @param task what it answers
     * @param number 1 for the first bundle of its task that came into use, and so on
     */
    public record Generation(String task, int number, Bundle bundle) {

        /** How verdicts refer to the bundle. */
        public BundleRef ref() {
            return bundle.ref();
        }
    }

    /** Called when bundles come into use and go out of it; quick, must not throw. */
    public interface Listener {

        /** A bundle has come into use; before it gives a verdict. */
        void opened(Generation generation);

        /** A bundle is no longer in use; after its last verdict. */
        void retired(Generation generation);
    }

    /** One use of a bundle, until it is closed. */
    public interface Use extends AutoCloseable {

        /** The bundle, which is open as long as this is. */
        Bundle bundle();

        /** Ends the use; later calls do nothing. */
        @Override
        void close();
    }

    /**
     * Begins a use of the bundle at a location.
     *
     * @throws BundleException if nobody uses it yet and it cannot be loaded
     */
    public Use open(final BundleFiles files) {
        return open(files, BundleTrust.ANYBODY);
    }

    /**
     * Begins a use of the bundle at a location, by somebody who does not trust all of them.
     *
     * @throws BundleException if nobody uses it yet and it cannot be loaded, or its signature is
     *     missing or of somebody who is not trusted
     */
    public Use open(final BundleFiles files, final BundleTrust trust) {
        return trusted(open(files.location(), () -> Bundle.load(files, trust), true), trust);
    }

    /**
     * Begins a use of a bundle that somebody else has loaded, and closes.
     *
     * @param location what distinguishes it from other bundles
     */
    public Use open(final String location, final Bundle bundle) {
        return open(location, bundle, BundleTrust.ANYBODY);
    }

    /**
     * Begins a use of a bundle that somebody else has loaded, and closes.
     *
     * @param location what distinguishes it from other bundles
     * @throws BundleException if its signature is missing or of somebody who is not trusted
     */
    public Use open(final String location, final Bundle bundle, final BundleTrust trust) {
        return trusted(open(location, () -> bundle, false), trust);
    }

    /** The use, which may be of a bundle that another one has opened who trusts more signers. */
    private static Use trusted(final Use use, final BundleTrust trust) {
        try {
            trust.require(use.bundle().signer());
            return use;
        } catch (final BundleException e) {
            final String name = use.bundle().ref().name();
            use.close();
            throw e.in(name);
        }
    }

    private Use open(final String location, final Supplier<Bundle> load, final boolean owned) {
        synchronized (byLocation) {
            Shared shared = byLocation.get(location);
            if (shared == null) {
                final Bundle bundle = load.get();
                final String task = bundle.manifest().task();
                shared =
                        new Shared(
                                new Generation(
                                        task, generations.merge(task, 1, Integer::sum), bundle),
                                owned);
                byLocation.put(location, shared);
                for (final Listener listener : listeners) {
                    listener.opened(shared.generation);
                }
            }
            shared.users++;
            return new OneUse(location, shared);
        }
    }

    private void end(final String location, final Shared shared) {
        synchronized (byLocation) {
            if (--shared.users > 0) {
                return;
            }
            byLocation.remove(location, shared);
            listeners.forEach(listener -> listener.retired(shared.generation));
            if (shared.owned) {
                shared.generation.bundle.close();
            }
        }
    }

    /** The newest bundle in use for a task. */
    public Optional<Generation> current(final String task) {
        return inUse().stream()
                .filter(generation -> generation.task.equals(task))
                .max((one, other) -> Integer.compare(one.number, other.number));
    }

    /** All bundles in use, in the order in which they came into use. */
    public List<Generation> inUse() {
        synchronized (byLocation) {
            final List<Generation> all = new ArrayList<>();
            byLocation.values().forEach(shared -> all.add(shared.generation));
            return all;
        }
    }

    /** What a bundle in use says of itself. */
    public Optional<BundleManifest> manifest(final BundleRef ref) {
        return inUse().stream()
                .filter(generation -> generation.ref().equals(ref))
                .map(generation -> generation.bundle.manifest())
                .findFirst();
    }

    /** Calls a listener for what comes, and at once for the bundles that are in use already. */
    public void listen(final Listener listener) {
        synchronized (byLocation) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            inUse().forEach(listener::opened);
        }
    }

    /** Ends what {@link #listen} began. */
    public void ignore(final Listener listener) {
        listeners.remove(listener);
    }

    /** A bundle with how many use it. */
    private static final class Shared {

        private final Generation generation;
        private final boolean owned;
        private int users;

        private Shared(final Generation generation, final boolean owned) {
            this.generation = generation;
            this.owned = owned;
        }
    }

    private final class OneUse implements Use {

        private final String location;
        private final Shared shared;
        private boolean ended;

        private OneUse(final String location, final Shared shared) {
            this.location = location;
            this.shared = shared;
        }

        @Override
        public Bundle bundle() {
            return shared.generation.bundle;
        }

        @Override
        public void close() {
            synchronized (byLocation) {
                if (!ended) {
                    ended = true;
                    end(location, shared);
                }
            }
        }
    }
}
