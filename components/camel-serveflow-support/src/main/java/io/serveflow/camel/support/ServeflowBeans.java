/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.support;

import io.serveflow.ledger.DeadLetterSink;
import io.serveflow.ledger.Ledger;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.spi.OnCamelContextStopped;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.TypeConverterSupport;

/**
 * What the components of a Camel context share, and the one rule by which they come to it: an
 * option; or else the registry's bean of that type, if there is exactly one, which Camel makes the
 * option; or else, of the account, one for the whole context, and of dead letters none: an endpoint
 * that may have some does not start then.
 *
 * <p>Camel may fill in the option after a component was initialised, and does not where there is
 * something by then. So components ask when an endpoint is made ready, and not before.
 *
 * <p>Safe for use by many threads.
 */
public final class ServeflowBeans {

    private final Ledger ledger = new Ledger();
    private final Map<Path, NamedDeadLetterFile> files = new ConcurrentHashMap<>();

    private ServeflowBeans() {}

    /** What is shared in a context; to be called before options of a component are set. */
    public static ServeflowBeans of(final CamelContext context) {
        final ExtendedCamelContext extended = context.getCamelContextExtension();
        synchronized (extended) {
            ServeflowBeans beans = extended.getContextPlugin(ServeflowBeans.class);
            if (beans == null) {
                beans = new ServeflowBeans();
                extended.addContextPlugin(ServeflowBeans.class, beans);
                final OnCamelContextStopped close = beans::closeFiles;
                context.addLifecycleStrategy(LifecycleStrategySupport.adapt(close));
            }
            // A context that has been stopped knows its converters no more.
            final TypeConverterRegistry converters = context.getTypeConverterRegistry();
            if (converters.lookup(DeadLetterSink.class, String.class) == null) {
                converters.addTypeConverter(
                        DeadLetterSink.class, String.class, beans.new FileNames());
            }
            return beans;
        }
    }

    /**
     * The account to be kept.
     *
     * @param option what the component was given, or null
     */
    public Ledger ledger(final Ledger option) {
        return option == null ? ledger : option;
    }

    /**
     * Where dead letters go, ready to take them.
     *
     * @param component the name of the component that asks
     * @param counted in which a file that an option names counts what it keeps
     * @param options what the endpoint and the component were given, each may be null; the first
     *     one counts
     * @throws IllegalArgumentException if there is none, as what is no use would be lost
     * @throws UncheckedIOException if it is a file that cannot be written to
     */
    public static DeadLetterSink deadLetters(
            final String component, final Ledger counted, final DeadLetterSink... options) {
        for (final DeadLetterSink option : options) {
            if (option instanceof NamedDeadLetterFile file) {
                file.open(counted);
            }
            if (option != null) {
                return option;
            }
        }
        throw new IllegalArgumentException(
                component
                        + " needs a place for dead letters, which are what cannot be used: set"
                        + " deadLetters to the path of a file, or bind one DeadLetterSink in the"
                        + " registry");
    }

    private void closeFiles(final CamelContext stopped) {
        files.values().forEach(NamedDeadLetterFile::close);
    }

    /** Dead letter files by their paths, open until the context stops. */
    private final class FileNames extends TypeConverterSupport {
        @Override
        public <T> T convertTo(final Class<T> type, final Exchange exchange, final Object value) {
            final Path path = Path.of(value.toString()).toAbsolutePath().normalize();
            return type.cast(files.computeIfAbsent(path, NamedDeadLetterFile::new));
        }
    }
}
