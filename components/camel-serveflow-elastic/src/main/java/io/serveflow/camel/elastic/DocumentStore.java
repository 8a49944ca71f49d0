/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Where {@link BulkDelivery} brings documents: one destination on one server, and the protocol that
 * is spoken with it.
 *
 * <p>It only sends and says what came of it; what waits, is tried again or becomes a dead letter is
 * the matter of the delivery. Safe for use by many threads.
 */
interface DocumentStore {

    /** The name of the server, as messages have it. */
    String server();

    /** The name of the destination, as messages and dead letters have it. */
    String destination();

    /**
     * Creates documents in one request.
     *
     * @return an item a document, in their order; if it fails, with what {@link #failure} knows.
     *     Cancelling it cancels the request.
     */
    CompletableFuture<List<BulkItem>> create(List<IndexDocument> documents);

    /**
     * Finds documents that are stored already where {@link #create} would store them again.
     *
     * @param unsure whether an earlier request may have stored some of them though it failed
     * @return the positions of those that are stored, or what {@link #failure} knows; empty if
     *     there is nothing to ask the server. Cancelling it cancels the request that is under way,
     *     and no other follows.
     */
    Optional<CompletableFuture<BitSet>> findStored(List<IndexDocument> documents, boolean unsure);

    /** Why a request failed as a whole, of what {@link #create} or {@link #findStored} threw. */
    RequestFailure failure(Throwable thrown);

    /**
     * Makes what the destination lacks, where that is for us to make; waits for the server.
     *
     * @return what came of it, as a clause; empty if it is for somebody else
     */
    Optional<String> prepare();
}
