/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.run;

import io.serveflow.camel.HostVoting;
import io.serveflow.verdict.HostVerdict;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The votes of hosts whose windows are still open when the routes are to stop. */
final class OpenHostVotes {

    /** How long the verdicts may take to be stored. */
    private static final int SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(OpenHostVotes.class);

    private OpenHostVotes() {}

    /**
     * Gives out what is known of these hosts. Flows that get their verdicts while the routes stop
     * do not count any more.
     */
    static void store(final HostVoting voting, final CamelContext running) {
        final List<HostVerdict> open = voting.takeAll();
        if (open.isEmpty()) {
            return;
        }
        try (ProducerTemplate template = running.createProducerTemplate()) {
            template.asyncSendBody("direct:host-verdicts", open).get(SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final IOException | ExecutionException | TimeoutException e) {
            LOG.warn("{} verdicts on hosts could not be stored at the end", open.size(), e);
        }
    }
}
