/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.ledger;

import io.serveflow.ledger.Ledger.Entry;
import java.util.EnumSet;
import java.util.Set;

/**
 * Why flows, lines and documents are dropped, dead-lettered, tried again, handed back, or fall back
 * to an earlier verdict, on their way from a source to the index.
 *
 * <p>The page of the metrics lists the same codes, entry by entry, and a test compares the two. Why
 * a single line or capture cannot be read is a matter of its format, and not listed here.
 */
public enum Reason {
    /** The context record did not come in time. */
    NO_CONTEXT("no_context", "no context record came in time", Entry.FELL_BACK),
    /** The join held as many flows as it may. */
    SLOW_QUEUE_FULL("slow_queue_full", "the queue of the slow tier was full", Entry.FELL_BACK),
    /**
     * The slow tier, or the sink that it waits for, was behind, and the flow not as uncertain as
     * others.
     */
    SLOW_OVERLOADED(
            "slow_overloaded",
            "the slow tier, or what comes behind it, was behind",
            Entry.FELL_BACK),
    /** The source of the flow held more than its share of the slow path. */
    SLOW_SOURCE_SHARE(
            "slow_source_share",
            "the source of the flow held its share of the slow path",
            Entry.FELL_BACK),
    /** The join took no more flows, because everything stopped. */
    CLOSED("closed", "the queue of the slow tier was closed", Entry.FELL_BACK),
    /** A tier's scorer gave no probabilities. */
    TIER_FAILED("tier_failed", "the tier could not score the flow", Entry.FELL_BACK),
    /** A record holds fewer packets than the tier reads, of a flow that goes on. */
    RECORD_TOO_SHORT(
            "record_too_short",
            "the record holds fewer packets than the tier reads",
            Entry.FELL_BACK,
            Entry.DROPPED),
    /** The repair store held as many bytes as it may. */
    REPAIR_STORE_FULL("repair_store_full", "the repair store was full", Entry.REPAIR_DROPPED),
    /** The repair store could not be written to. */
    REPAIR_STORE_FAILED(
            "repair_store_failed",
            "the repair store could not be written to",
            Entry.REPAIR_DROPPED),
    /** As many bytes of flows waited to be taken by the repair topic as may. */
    REPAIR_TOPIC_BEHIND(
            "repair_topic_behind",
            "as much waited to be sent to the repair topic as may",
            Entry.REPAIR_DROPPED),
    /** Kafka did not take a flow for the repair topic. */
    REPAIR_TOPIC_FAILED(
            "repair_topic_failed",
            "Kafka did not take the flow for the repair topic",
            Entry.REPAIR_DROPPED),
    /** The route behind the join failed. */
    SLOW_ROUTE_FAILED(
            "slow_route_failed",
            "the route behind the join failed",
            Entry.RETRIED,
            Entry.FELL_BACK,
            Entry.DEAD_LETTERED,
            Entry.DROPPED),
    /** Flows waited for their context when everything stopped; their source reads them again. */
    STOPPED("stopped", "everything stopped while the flow waited", Entry.HANDED_BACK),
    /** Another process has the partition that flows came from, and reads them again. */
    PARTITION_REVOKED(
            "partition_revoked",
            "another process has the partition of the flow now",
            Entry.HANDED_BACK),
    /** Flows were in the join at a forced stop, and no source reads them again. */
    JOIN_ABANDONED("join_abandoned", "a forced stop left the flow in the join", Entry.DROPPED),
    /** The route behind a source failed. */
    SOURCE_ROUTE_FAILED("source_route_failed", "the route behind the source failed", Entry.RETRIED),
    /** A source that cannot be read again stopped while its route failed. */
    SOURCE_STOPPED("source_stopped", "the source stopped while its route failed", Entry.DROPPED),
    /** A line from a socket could be neither read nor kept. */
    LINE_FAILED("line_failed", "the line could be neither read nor kept", Entry.DROPPED),
    /** Lines from a socket were not read at a forced stop. */
    SOCKET_ABANDONED(
            "socket_abandoned", "a forced stop left the line from a socket unread", Entry.DROPPED),
    /** The end of a log file, not an event, was rotated away before it was read. */
    ROTATED_AWAY("rotated_away", "the end of the file was rotated away unread", Entry.DROPPED),
    /** Kafka deleted records before they were read. */
    EXPIRED_IN_KAFKA(
            "expired_in_kafka", "Kafka deleted the record before it was read", Entry.DROPPED),
    /** There were as many alerts in the minute as there may be; the verdict is stored. */
    ALERT_RATE("alert_rate", "there were too many alerts in the minute", Entry.DROPPED),
    /** No verdict on the flow was known, and none came while its record waited. */
    ENRICH_NO_VERDICT(
            "no_verdict",
            "no verdict on the flow came while its record waited",
            Entry.ENRICH_MISSED),
    /** No verdict on the flow was known, and those on flows that began much later had come. */
    ENRICH_LATE(
            "late",
            "no verdict on the flow was known, and those on much later ones had come",
            Entry.ENRICH_MISSED),
    /** The record names no flow, or is none that can be read. */
    ENRICH_NO_KEY("no_key", "the record names no flow", Entry.ENRICH_MISSED),
    /** As many records waited as may. */
    ENRICH_FULL("waiting_full", "as many records waited as may", Entry.ENRICH_MISSED),
    /** The record is of neither TCP nor UDP, of which there are no verdicts. */
    ENRICH_OTHER_TRANSPORT(
            "other_transport", "the record is of neither TCP nor UDP", Entry.ENRICH_MISSED),
    /** A record is larger than Kafka takes. */
    RECORD_TOO_LARGE(
            "record_too_large",
            "the record is larger than Kafka takes",
            Entry.DEAD_LETTERED,
            Entry.DROPPED),
    /** Kafka did not take a commit of offsets. */
    KAFKA_COMMIT_FAILED("kafka_commit_failed", "Kafka did not take the commit", Entry.RETRIED),
    /** The bundle in the shadow was behind. */
    SHADOW_BEHIND("shadow_behind", "the bundle in the shadow was behind", Entry.SHADOW_SKIPPED),
    /** The bundle in the shadow had no answer. */
    SHADOW_FAILED("shadow_failed", "the bundle in the shadow had no answer", Entry.SHADOW_SKIPPED),
    /** The canary had no answer for too many flows. */
    CANARY_FAILED("canary_failed", "the canary had no answer", Entry.CANARY_ROLLBACKS),
    /** The canary took too long. */
    CANARY_SLOW("canary_slow", "the canary took too long", Entry.CANARY_ROLLBACKS),
    /** The canary gave too many flows another label than the bundle in use. */
    CANARY_DISAGREES(
            "canary_disagrees", "the canary gave too many other labels", Entry.CANARY_ROLLBACKS),
    /** A file of the bundle is missing, changed or wrong, or its models answer otherwise. */
    BUNDLE_DAMAGED("bundle_damaged", "the bundle is not whole or not right", Entry.BUNDLES_REFUSED),
    /** The bundle has no signature, and one is required. */
    BUNDLE_UNSIGNED("bundle_unsigned", "the bundle has no signature", Entry.BUNDLES_REFUSED),
    /** The signature of the bundle is wrong, or of somebody who is not trusted. */
    BUNDLE_SIGNATURE(
            "bundle_signature",
            "the signature of the bundle is wrong or not trusted",
            Entry.BUNDLES_REFUSED),
    /** The bundle answers another task. */
    BUNDLE_OTHER_TASK(
            "bundle_other_task", "the bundle answers another task", Entry.BUNDLES_REFUSED),
    /** The bundle has other tiers than the routes ask, or they read other records. */
    BUNDLE_OTHER_TIERS("bundle_other_tiers", "the bundle has other tiers", Entry.BUNDLES_REFUSED),
    /** Somebody who uses the bundle cannot use this one. */
    BUNDLE_UNUSABLE("bundle_unusable", "a tier cannot use the bundle", Entry.BUNDLES_REFUSED),
    /** Elasticsearch answered with an error; the code is that of {@link #ofIndex(int)}. */
    INDEX_STATUS(
            "index_STATUS",
            "Elasticsearch answered with this status",
            Entry.RETRIED,
            Entry.DEAD_LETTERED,
            Entry.DROPPED),
    /** Elasticsearch put the document into its failure store. */
    INDEX_FAILURE_STORE(
            "index_failure_store",
            "Elasticsearch put the document into its failure store",
            Entry.DEAD_LETTERED,
            Entry.DROPPED),
    /** Verdicts could not be written to their file. */
    FILE_WRITE("file_write", "verdicts could not be written to their file", Entry.RETRIED),
    /** A request to a server that scores a tier was sent again. */
    REMOTE_RETRIED(
            "remote_retried", "the request to score was sent to a server again", Entry.RETRIED),
    /** The template of plain indices is missing, and the server does not take it. */
    INDEX_TEMPLATE("index_template", "the server does not take the index template", Entry.RETRIED),
    /** Elasticsearch cannot be reached. */
    INDEX_CONNECTION("index_connection", "Elasticsearch cannot be reached", Entry.RETRIED),
    /** Elasticsearch did not answer in time. */
    INDEX_TIMEOUT("index_timeout", "Elasticsearch did not answer in time", Entry.RETRIED),
    /** Elasticsearch ended the connection in the middle of a request. */
    INDEX_BROKEN_OFF("index_broken_off", "Elasticsearch ended the connection", Entry.RETRIED),
    /** TLS is missing, or the certificate is not trusted. */
    INDEX_TLS("index_tls", "the connection has no TLS or no trust", Entry.RETRIED),
    /** The answer cannot be understood. */
    INDEX_CLIENT("index_client", "the answer to the request cannot be understood", Entry.RETRIED);

    private static final String OF_INDEX = "index_";

    private final String code;
    private final String sentence;
    private final Set<Entry> entries;

    Reason(final String code, final String sentence, final Entry first, final Entry... more) {
        this.code = code;
        this.sentence = sentence;
        this.entries = EnumSet.of(first, more);
    }

    /** The detail that it is counted under, and the reason of its dead letters. */
    public String code() {
        return code;
    }

    /** What happened, in a few words that begin in lower case and have no full stop. */
    public String sentence() {
        return sentence;
    }

    /** Whether it is counted under an entry. */
    public boolean isOf(final Entry entry) {
        return entries.contains(entry);
    }

    /**
     * The code of {@link #INDEX_STATUS} for one status, such as {@code index_403}.
     *
     * @param status of the HTTP answer, or of an item in it
     */
    public static String ofIndex(final int status) {
        return OF_INDEX + status;
    }

    /** Whether a code says that the index, and nothing before it, is why. */
    public static boolean isOfIndex(final String code) {
        return code.startsWith(OF_INDEX);
    }
}
