/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import io.serveflow.camel.support.OptionFaults;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Join uncertain network flows with the records of their further packets, bounded in number and
 * time.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow-join",
        title = "ServeFlow Join",
        syntax = "serveflow-join:name",
        category = {Category.AI},
        remote = false,
        headersClass = ServeflowConstants.class)
public class ServeflowJoinEndpoint extends DefaultEndpoint {

    @UriPath
    @Metadata(required = true, description = "Name of the join; endpoints of one name share it")
    private final String name;

    @UriParam(
            defaultValue = "100000",
            description =
                    "Most flows that wait for their context or for the slow tier. Above "
                            + "half of it only the more uncertain flows are taken, at the bound "
                            + "none; the others fall back to the fast verdict, marked "
                            + "slow_overloaded and counted")
    private int maxFlows = 100_000;

    @UriParam(
            defaultValue = "15000",
            description =
                    "How long a flow waits for its context, in milliseconds; longer than the sensor"
                            + " itself waits for packets",
            javaType = "java.time.Duration")
    private long maxWait = 15_000;

    @UriParam(
            defaultValue = "0",
            description =
                    "Most context records kept that come before their flow does; 0 where one source"
                            + " delivers a flow's records in order")
    private int maxEarly;

    @UriParam(
            defaultValue = "2000",
            description =
                    "How long flows that met their context may wait for the slow tier, in"
                            + " milliseconds, as far as that depends on how many they are. Above it"
                            + " the surer ones fall back to the fast verdict, the more the longer"
                            + " the delay is, marked slow_overloaded and counted; 0 for no such"
                            + " limit",
            javaType = "java.time.Duration")
    private long targetDelay = 2_000;

    @UriParam(
            defaultValue = "0.1",
            description =
                    "Most of maxFlows that the flows of one source may be, above 0. It leaves the"
                            + " more free the more others hold; what it sends beyond falls back to"
                            + " the fast verdict, marked slow_source_share and counted. 1 for no"
                            + " such limit")
    private double maxSourceShare = 0.1;

    @UriParam(
            defaultValue = "0",
            description =
                    "Most flows of one source that have met their context and wait for the slow"
                            + " tier, whatever others have; what it sends beyond falls back to the"
                            + " fast verdict, marked slow_source_share and counted. 0 for no such"
                            + " limit. For routes that hold up reading while many flows wait: the"
                            + " flows of one source are not to do that alone")
    private int maxSourceReady;

    @UriParam(
            label = "advanced",
            defaultValue = "24",
            description = "How many bits of an IPv4 address name a source, 0 to 32")
    private int ipv4Prefix = 24;

    @UriParam(
            label = "advanced",
            defaultValue = "64",
            description = "How many bits of an IPv6 address name a source, 0 to 64")
    private int ipv6Prefix = 64;

    @UriParam(
            label = "consumer",
            defaultValue = "2048",
            description =
                    "Most flows given to the slow tier at once; while a batch is being scored,"
                            + " further ones gather to the next")
    private int batchSize = 2048;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description = "Threads that give flows to the slow tier")
    private int concurrentConsumers = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "10",
            description =
                    "How often flows are given again to a route that fails, before their verdicts"
                            + " become dead letters; not at all while the route stops. Flows whose"
                            + " source keeps its position until they are acknowledged, as those of"
                            + " Kafka and followed files, are given again until it takes them")
    private int maxRedeliveries = 10;

    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description =
                    "Milliseconds before flows are given again to a route that failed; twice as"
                            + " many each time, up to a minute, half of them random",
            javaType = "java.time.Duration")
    private long redeliveryDelay = 1_000;

    @UriParam(
            label = "producer",
            defaultValue = "serveflow",
            description =
                    "Name of the sensor that wrote a line which names none; the same as that of the"
                            + " serveflow endpoint before")
    private String observer = "serveflow";

    @UriParam(
            label = "producer",
            defaultValue = "50000",
            description =
                    "Most records that a message body which is no batch may hold; a larger one"
                            + " fails its exchange")
    private int maxRecords = 50_000;

    public ServeflowJoinEndpoint(
            final String uri, final ServeflowJoinComponent component, final String name) {
        super(uri, component);
        this.name = name;
    }

    /**
     * Checks all options together.
     *
     * @throws IllegalArgumentException naming every option that is wrong, its value and its limit
     */
    @Override
    protected void doInit() throws Exception {
        super.doInit();
        final OptionFaults faults = new OptionFaults();
        faults.range("maxFlows", maxFlows, 1, Long.MAX_VALUE);
        faults.range("maxWait", maxWait, 1, Long.MAX_VALUE);
        faults.range("maxEarly", maxEarly, 0, Long.MAX_VALUE);
        faults.range("targetDelay", targetDelay, 0, Long.MAX_VALUE);
        if (!(maxSourceShare > 0 && maxSourceShare <= 1)) {
            faults.add("maxSourceShare must be above 0 and at most 1, was " + maxSourceShare);
        }
        faults.range("maxSourceReady", maxSourceReady, 0, Long.MAX_VALUE);
        faults.range("ipv4Prefix", ipv4Prefix, 0, 32);
        faults.range("ipv6Prefix", ipv6Prefix, 0, 64);
        faults.range("batchSize", batchSize, 1, Long.MAX_VALUE);
        faults.range("concurrentConsumers", concurrentConsumers, 1, Long.MAX_VALUE);
        faults.range("maxRedeliveries", maxRedeliveries, 0, Long.MAX_VALUE);
        faults.range("redeliveryDelay", redeliveryDelay, 1, Long.MAX_VALUE);
        faults.range("maxRecords", maxRecords, 1, Long.MAX_VALUE);
        faults.check("serveflow-join:" + name);
        getComponent().complete();
    }

    @Override
    public Producer createProducer() {
        return new ServeflowJoinProducer(this);
    }

    @Override
    public Consumer createConsumer(final Processor processor) throws Exception {
        final ServeflowJoinConsumer consumer = new ServeflowJoinConsumer(this, processor);
        getComponent().consumed(consumer);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public ServeflowJoinComponent getComponent() {
        return (ServeflowJoinComponent) super.getComponent();
    }

    public String getName() {
        return name;
    }

    public int getMaxFlows() {
        return maxFlows;
    }

    public void setMaxFlows(final int maxFlows) {
        this.maxFlows = maxFlows;
    }

    public long getMaxWait() {
        return maxWait;
    }

    public void setMaxWait(final long maxWait) {
        this.maxWait = maxWait;
    }

    public int getMaxEarly() {
        return maxEarly;
    }

    public void setMaxEarly(final int maxEarly) {
        this.maxEarly = maxEarly;
    }

    public long getTargetDelay() {
        return targetDelay;
    }

    public void setTargetDelay(final long targetDelay) {
        this.targetDelay = targetDelay;
    }

    public double getMaxSourceShare() {
        return maxSourceShare;
    }

    public void setMaxSourceShare(final double maxSourceShare) {
        this.maxSourceShare = maxSourceShare;
    }

    public int getMaxSourceReady() {
        return maxSourceReady;
    }

    public void setMaxSourceReady(final int maxSourceReady) {
        this.maxSourceReady = maxSourceReady;
    }

    public int getIpv4Prefix() {
        return ipv4Prefix;
    }

    public void setIpv4Prefix(final int ipv4Prefix) {
        this.ipv4Prefix = ipv4Prefix;
    }

    public int getIpv6Prefix() {
        return ipv6Prefix;
    }

    public void setIpv6Prefix(final int ipv6Prefix) {
        this.ipv6Prefix = ipv6Prefix;
    }

    public String getObserver() {
        return observer;
    }

    public void setObserver(final String observer) {
        this.observer = observer;
    }

    public int getMaxRecords() {
        return maxRecords;
    }

    public void setMaxRecords(final int maxRecords) {
        this.maxRecords = maxRecords;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(final int batchSize) {
        this.batchSize = batchSize;
    }

    public int getConcurrentConsumers() {
        return concurrentConsumers;
    }

    public void setConcurrentConsumers(final int concurrentConsumers) {
        this.concurrentConsumers = concurrentConsumers;
    }

    public int getMaxRedeliveries() {
        return maxRedeliveries;
    }

    public void setMaxRedeliveries(final int maxRedeliveries) {
        this.maxRedeliveries = maxRedeliveries;
    }

    public long getRedeliveryDelay() {
        return redeliveryDelay;
    }

    public void setRedeliveryDelay(final long redeliveryDelay) {
        this.redeliveryDelay = redeliveryDelay;
    }
}
