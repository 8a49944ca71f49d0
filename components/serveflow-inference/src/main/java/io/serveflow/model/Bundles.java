/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.model;

import io.serveflow.ledger.Reason;
import io.serveflow.verdict.Verdict.BundleRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The bundles in use. Those who use one from the same location share it, and with it the models; it
 * is loaded, checked and self-tested when the first of them opens it, and closed when the last one
 * lets go.
 *
 * <p>Each time that a bundle comes into use, its task has a new generation. The newest one is the
 * current one of its task. Whoever keeps something for each bundle, such as a meter, listens.
 *
 * <p>The bundle at a location can be {@linkplain #replace replaced} while it is in use: for all who
 * use it at once, who have made ready for it before. What is under way then ends with the older
 * one, as each piece of work has a {@link Lease}; that one is closed after its last lease.
 *
 * <p>Safe for use by many threads.
 */
public final class Bundles {

    /** How many older bundles of a location may be in use beside the newest one. */
    public static final int MOST_OLDER = 4;

    /** Held while a location gets or loses a user or another bundle; never by who takes a lease. */
    private final ReentrantLock changing = new ReentrantLock();

    /* These three are guarded by the first one. */
    private final Map<String, Location> locations = new LinkedHashMap<>();
    private final Map<String, Integer> generations = new HashMap<>();
    private final List<Held> inUse = new ArrayList<>();

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

        /**
         * A bundle is no longer in use; after its last verdict, unless it gave that late, when
         * everything stopped. Not called while the same bundle is in use a second time.
         */
        void retired(Generation generation);
    }

    /** Somebody who keeps something of his own for each bundle that he uses, such as a tier. */
    public interface Member {

        /**
         * Makes ready for a bundle, before it comes into use.
         *
         * @throws RuntimeException if it cannot be used; why
         */
        void prepare(Bundle bundle);

        /** Frees what was made ready: the bundle is not used any more, or never was. */
        void forget(Bundle bundle);
    }

    /** One use of the bundle at a location, until it is closed. */
    public interface Use extends AutoCloseable {

        /** The location, which is one and the same for all who use the same bundle. */
        String location();

        /** The newest bundle, which is open as long as this is and nobody replaces it. */
        Bundle bundle();

        /**
         * Begins a piece of work with the newest bundle; takes no lock.
         *
         * @throws IllegalStateException if nobody uses the location any more
         */
        Lease lease();

        /**
         * Begins a piece of work that goes on with a bundle that was used before.
         *
         * @return empty if that one is closed already
         */
        Optional<Lease> lease(Bundle bundle);

        /** Ends the use; later calls do nothing. */
        @Override
        void close();
    }

    /** A piece of work with one bundle, which is not closed before this is. */
    public interface Lease extends AutoCloseable {

        /** The bundle to work with. */
        Bundle bundle();

        /** Ends the work; later calls do nothing. */
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
        return open(files, trust, Nothing.KEPT);
    }

    /**
     * Begins a use of the bundle at a location, by somebody who keeps something for each bundle.
     *
     * @throws BundleException if nobody uses it yet and it cannot be loaded, or its signature is
     *     missing or of somebody who is not trusted
     * @throws RuntimeException what the member throws
     */
    public Use open(final BundleFiles files, final BundleTrust trust, final Member member) {
        return open(files, trust, TierScorer.Provider.INSTALLED, member);
    }

    /**
     * Begins a use of the bundle at a location, by somebody who has its tiers scored by others than
     * usually, also those of bundles that replace it. Who opens it first says who scores.
     *
     * @throws BundleException if nobody uses it yet and it cannot be loaded, or its signature is
     *     missing or of somebody who is not trusted
     * @throws RuntimeException what the member throws
     */
    public Use open(
            final BundleFiles files,
            final BundleTrust trust,
            final TierScorer.Provider scorers,
            final Member member) {
        return open(
                files.location(),
                Optional.of(new Source(files, scorers)),
                () -> Bundle.load(files, trust, scorers),
                new User(trust, member));
    }

    /** Where bundles are read from, and who scores their tiers. */
    private record Source(BundleFiles files, TierScorer.Provider scorers) {}

    /**
     * Begins a use of a bundle that somebody else has loaded, and closes.
     *
     * @param location what distinguishes it from other bundles
     */
    public Use open(final String location, final Bundle bundle) {
        return open(location, bundle, BundleTrust.ANYBODY, Nothing.KEPT);
    }

    /**
     * Begins a use of a bundle that somebody else has loaded, and closes, by somebody who keeps
     * something for it.
     *
     * @param location what distinguishes it from other bundles
     * @throws BundleException if its signature is missing or of somebody who is not trusted
     * @throws RuntimeException what the member throws
     */
    public Use open(
            final String location,
            final Bundle bundle,
            final BundleTrust trust,
            final Member member) {
        return open(location, Optional.empty(), () -> bundle, new User(trust, member));
    }

    private Use open(
            final String name,
            final Optional<Source> source,
            final Supplier<Bundle> load,
            final User user) {
        changing.lock();
        try {
            final Optional<Location> known = location(name);
            final Location location = known.orElseGet(() -> new Location(name, source, load.get()));
            try {
                admit(location, user);
            } catch (final RuntimeException | Error e) {
                if (known.isEmpty()) {
                    location.closeUnused();
                }
                throw e;
            }
            if (known.isEmpty()) {
                locations(location);
                begin(location.newest);
            }
            location.users.add(user);
            return new OneUse(location, user);
        } finally {
            changing.unlock();
        }
    }

    private Optional<Location> location(final String name) {
        synchronized (locations) {
            return Optional.ofNullable(locations.get(name));
        }
    }

    private void locations(final Location location) {
        synchronized (locations) {
            locations.put(location.name, location);
        }
    }

    private static void admit(final Location location, final User user) {
        final Bundle bundle = location.newest.generation.bundle;
        try {
            user.trust.require(bundle.signer());
        } catch (final BundleException e) {
            throw e.in(location.name);
        }
        user.member.prepare(bundle);
    }

    /** Those who listen hear of the bundle before it is used. */
    private void begin(final Held held) {
        synchronized (locations) {
            inUse.add(held);
            listeners.forEach(listener -> listener.opened(held.generation));
        }
    }

    /**
     * Replaces the bundle at a location that is in use: all who use it make ready for the new one,
     * and then use it for all work that they begin. The older one is closed when the work that it
     * was used for has ended. Where this throws, the new one is closed, and nothing has changed.
     *
     * @param next a bundle that was loaded for this, and is closed by nobody else
     * @return the generation that it is
     * @throws BundleException if it answers another task or has other tiers, a user does not trust
     *     its signature or cannot use it, or too many older ones are in use still
     * @throws IllegalStateException if nobody uses the location
     */
    public Generation replace(final String location, final Bundle next) {
        changing.lock();
        final List<User> prepared = new ArrayList<>();
        try {
            final Location replaced =
                    location(location)
                            .orElseThrow(
                                    () ->
                                            new IllegalStateException(
                                                    "no bundle is in use from " + location));
            replaced.requireLike(next);
            for (final User user : replaced.users) {
                user.prepare(next);
                prepared.add(user);
            }
            final Held held = new Held(replaced, generation(next));
            begin(held);
            replaced.take(held);
            return held.generation;
        } catch (final RuntimeException | Error e) {
            prepared.forEach(user -> user.member.forget(next));
            next.close();
            if (e instanceof BundleException refusal) {
                throw refusal.in(location);
            }
            throw e;
        } finally {
            changing.unlock();
        }
    }

    private Generation generation(final Bundle bundle) {
        final String task = bundle.manifest().task();
        synchronized (locations) {
            return new Generation(task, generations.merge(task, 1, Integer::sum), bundle);
        }
    }

    /** Whose signatures all users of a location trust. */
    SignatureCheck trust(final String location) {
        final List<User> users = location(location).map(known -> known.users).orElse(List.of());
        return (json, signature) -> {
            Optional<VerifyingKey> signer = BundleTrust.ANYBODY.check(json, signature);
            for (final User user : users) {
                signer = user.trust.check(json, signature);
            }
            return signer;
        };
    }

    /** Where bundles in use were read from, less those that somebody else has loaded. */
    List<BundleFiles> files() {
        synchronized (locations) {
            return locations.values().stream()
                    .map(location -> location.source)
                    .flatMap(Optional::stream)
                    .map(Source::files)
                    .toList();
        }
    }

    /** Who scores the tiers of bundles at a location. */
    TierScorer.Provider scorers(final String location) {
        return location(location)
                .flatMap(known -> known.source)
                .map(Source::scorers)
                .orElse(TierScorer.Provider.INSTALLED);
    }

    /** The newest bundle of a location; empty if nobody uses it. */
    Optional<Generation> at(final String location) {
        return location(location).map(known -> known.newest.generation);
    }

    /** Whether the bundle of a location can be replaced, or too many older ones are in use. */
    boolean hasRoom(final String location) {
        return location(location).filter(Location::hasRoom).isPresent();
    }

    /** The newest bundle in use for a task. */
    public Optional<Generation> current(final String task) {
        return inUse().stream()
                .filter(generation -> generation.task.equals(task))
                .max((one, other) -> Integer.compare(one.number, other.number));
    }

    /** All bundles in use, in the order in which they came into use; older ones until they end. */
    public List<Generation> inUse() {
        synchronized (locations) {
            return inUse.stream().map(held -> held.generation).toList();
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
        synchronized (locations) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            inUse().forEach(listener::opened);
        }
    }

    /** Ends what {@link #listen} began. */
    public void ignore(final Listener listener) {
        listeners.remove(listener);
    }

    /** Keeps nothing for any bundle. */
    private enum Nothing implements Member {
        KEPT;

        @Override
        public void prepare(final Bundle bundle) {
            // There is nothing to make ready.
        }

        @Override
        public void forget(final Bundle bundle) {
            // Nothing was made ready.
        }
    }

    /** Somebody who uses a location; each is another one, whatever they have in common. */
    private static final class User {

        private final BundleTrust trust;
        private final Member member;

        private User(final BundleTrust trust, final Member member) {
            this.trust = trust;
            this.member = member;
        }

        private void prepare(final Bundle next) {
            trust.require(next.signer());
            try {
                member.prepare(next);
            } catch (final BundleException e) {
                throw e;
            } catch (final RuntimeException e) {
                throw new BundleException(Reason.BUNDLE_UNUSABLE, e.getMessage(), e);
            }
        }
    }

    /** Where a bundle is used from, with all who do. */
    private final class Location {

        private final String name;
        private final Optional<Source> source;

        /** In the order in which they came; changed under the lock of changes. */
        private final List<User> users = new CopyOnWriteArrayList<>();

        /** The newest one and those before it that are in use still. */
        private final List<Held> all = new CopyOnWriteArrayList<>();

        private volatile Held newest;

        private Location(final String name, final Optional<Source> source, final Bundle bundle) {
            this.name = name;
            this.source = source;
            take(new Held(this, generation(bundle)));
        }

        /** For all work that begins from now on. */
        private void take(final Held next) {
            final Held older = newest;
            all.add(next);
            newest = next;
            if (older != null) {
                older.close();
            }
        }

        private boolean hasRoom() {
            return all.size() <= MOST_OLDER;
        }

        private Lease lease() {
            while (true) {
                final Held held = newest;
                if (held.references.retain()) {
                    return new OneLease(held);
                }
                /* It is not the newest any more, unless nobody uses the location. */
                if (held == newest) {
                    throw new IllegalStateException("the bundle at " + name + " is closed");
                }
            }
        }

        private Optional<Lease> lease(final Bundle bundle) {
            for (final Held held : all) {
                if (held.generation.bundle == bundle
                        && (held.references.retain() || held.references.retainAgain())) {
                    return Optional.of(new OneLease(held));
                }
            }
            return Optional.empty();
        }

        private void requireLike(final Bundle next) {
            if (source.isEmpty()) {
                throw new BundleException(
                        Reason.BUNDLE_UNUSABLE,
                        "whoever has loaded the bundle in use closes it, and loads another one");
            }
            newest.generation.bundle.manifest().requireAlike(next.manifest());
            if (!hasRoom()) {
                throw new BundleException(
                        Reason.BUNDLE_UNUSABLE,
                        MOST_OLDER + " older bundles are in use still; wait until they are not");
            }
        }

        private void leave(final User user) {
            users.remove(user);
            for (final Held held : all) {
                user.member.forget(held.generation.bundle);
            }
            if (users.isEmpty()) {
                synchronized (locations) {
                    locations.remove(name, this);
                }
                all.forEach(Held::end);
            }
        }

        /** Closes a bundle that never came into use. */
        private void closeUnused() {
            if (source.isPresent()) {
                newest.generation.bundle.close();
            }
        }
    }

    /** One bundle of a location, until nobody works with it. */
    private final class Held {

        private final Location location;
        private final Generation generation;
        private final RefCount references = new RefCount();
        private final AtomicBoolean ended = new AtomicBoolean();

        private Held(final Location location, final Generation generation) {
            this.location = location;
            this.generation = generation;
        }

        /** Ends it when nobody works with it. */
        private void close() {
            if (references.close()) {
                end();
            }
        }

        private void release() {
            if (references.release()) {
                end();
            }
        }

        /** Once, also where somebody has not ended his work when nobody uses the location. */
        private void end() {
            references.close();
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            location.all.remove(this);
            synchronized (locations) {
                inUse.remove(this);
                final BundleRef ref = generation.ref();
                if (inUse.stream().noneMatch(held -> held.generation.ref().equals(ref))) {
                    listeners.forEach(listener -> listener.retired(generation));
                }
            }
            location.users.forEach(user -> user.member.forget(generation.bundle));
            if (location.source.isPresent()) {
                generation.bundle.close();
            }
        }
    }

    private static final class OneLease implements Lease {

        private final Held held;
        private final AtomicBoolean ended = new AtomicBoolean();

        private OneLease(final Held held) {
            this.held = held;
        }

        @Override
        public Bundle bundle() {
            return held.generation.bundle;
        }

        @Override
        public void close() {
            if (ended.compareAndSet(false, true)) {
                held.release();
            }
        }
    }

    private final class OneUse implements Use {

        private final Location location;
        private final User user;
        private final AtomicBoolean ended = new AtomicBoolean();

        private OneUse(final Location location, final User user) {
            this.location = location;
            this.user = user;
        }

        @Override
        public String location() {
            return location.name;
        }

        @Override
        public Bundle bundle() {
            return location.newest.generation.bundle;
        }

        @Override
        public Lease lease() {
            return location.lease();
        }

        @Override
        public Optional<Lease> lease(final Bundle bundle) {
            return location.lease(bundle);
        }

        @Override
        public void close() {
            if (ended.compareAndSet(false, true)) {
                changing.lock();
                try {
                    location.leave(user);
                } finally {
                    changing.unlock();
                }
            }
        }
    }
}
