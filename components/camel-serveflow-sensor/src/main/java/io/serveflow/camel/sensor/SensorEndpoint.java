/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import io.serveflow.camel.support.OptionFaults;
import io.serveflow.flow.CommunityId;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.flow.Tunnels;
import io.serveflow.sensor.SensorFormat;
import io.serveflow.sensor.SensorFormats;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Producer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.DefaultEndpoint;

/** What the endpoints of all sources share: how lines become flow records, and records batches. */
public abstract class SensorEndpoint extends DefaultEndpoint {

    private static final String AUTO = "auto";

    /** A day, in milliseconds. */
    private static final long LONGEST_TIMEOUT = 86_400_000;

    @UriParam(
            defaultValue = "serveflow",
            description =
                    "Name of the sensor in the records, where they name none themselves; of a log"
                        + " that serveflow-tail follows it may hold {file}, {folder} and {path}")
    private String observer = "serveflow";

    @UriParam(
            defaultValue = AUTO,
            enums = "auto,zeek,eve,conn,ndpid",
            description = "Format of what is read; auto tells it by the content")
    private String format = AUTO;

    @UriParam(
            defaultValue = "1024",
            description =
                    "Most flow records read before they are sent down the route, 1 to " + "65536")
    private int batchSize = 1_024;

    @UriParam(
            defaultValue = "50",
            description =
                    "How long a record may wait for others to be sent with, 0 to 60000 "
                            + "milliseconds; where nothing more is there to read, records are sent "
                            + "at once",
            javaType = "java.time.Duration")
    private long batchDelay = 50;

    @UriParam(
            defaultValue = "32",
            description =
                    "Most batches sent down the route that it has not acknowledged, 1 to "
                            + "1024; with more than one, the source reads on while a sink answers")
    private int maxInFlight = 32;

    @UriParam(
            defaultValue = "10",
            description =
                    "Packets in a full context record, 1 to 20000, where the sensor gives "
                            + "single packets")
    private int depth = 10;

    @UriParam(
            defaultValue = "128",
            description =
                    "Bytes kept of each packet from its IP header on, 1 to 65535, where "
                            + "the sensor gives single packets")
    private int snap = 128;

    @UriParam(
            defaultValue = "1600",
            description =
                    "Bytes kept, if they are more than snap, of the first packets of an originator"
                        + " that may carry its hello of TLS, DTLS or QUIC, 0 to 65535, where the"
                        + " sensor gives single packets")
    private int helloSnap = 1_600;

    @UriParam(
            defaultValue = "10000",
            description =
                    "Longest time between a flow's first packet and its context record, 1 "
                            + "to 60000 milliseconds, where the sensor gives single packets",
            javaType = "java.time.Duration")
    private long wait = 10_000;

    @UriParam(
            label = "advanced",
            defaultValue = "200000",
            description =
                    "Most flows in memory, of each connection or partition, where the "
                            + "sensor gives single packets; beyond it the flow whose timeout would "
                            + "end next is ended and counted")
    private int maxFlows = 200_000;

    @UriParam(
            label = "advanced",
            defaultValue = "60000",
            description =
                    "How long a TCP connection whose handshake is not complete may be silent before"
                        + " its flow ends, in milliseconds, where the sensor gives single packets",
            javaType = "java.time.Duration")
    private long tcpNewTimeout = 60_000;

    @UriParam(
            label = "advanced",
            defaultValue = "600000",
            description =
                    "How long a TCP connection may be silent before its flow ends; what comes later"
                            + " is another flow, in milliseconds, where the sensor gives single"
                            + " packets",
            javaType = "java.time.Duration")
    private long tcpEstablishedTimeout = 600_000;

    @UriParam(
            label = "advanced",
            defaultValue = "60000",
            description =
                    "How long a closed TCP connection must be silent before it is forgotten, in"
                            + " milliseconds, where the sensor gives single packets",
            javaType = "java.time.Duration")
    private long tcpClosedTimeout = 60_000;

    @UriParam(
            label = "advanced",
            defaultValue = "31000",
            description =
                    "How long UDP of which one side alone was heard may be silent before its flow"
                            + " ends, in milliseconds, where the sensor gives single packets",
            javaType = "java.time.Duration")
    private long udpNewTimeout = 31_000;

    @UriParam(
            label = "advanced",
            defaultValue = "300000",
            description =
                    "How long UDP of which both sides were heard may be silent before its flow"
                            + " ends, in milliseconds, where the sensor gives single packets",
            javaType = "java.time.Duration")
    private long udpEstablishedTimeout = 300_000;

    @UriParam(
            label = "advanced",
            defaultValue = "0",
            description =
                    "Seed of the Community IDs that are computed here, 0 to 65535: where the sensor"
                            + " states one, that is taken. Set it to that of the site's sensors.")
    private int communityIdSeed;

    @UriParam(
            defaultValue = "all",
            description =
                    "Tunnels that are opened in captures, so that flows are those inside: all,"
                        + " none, or some of gre, pptp, erspan, vxlan, geneve, ipip, gtp, teredo"
                        + " with commas between them. Sensors open tunnels by themselves: of theirs"
                        + " it concerns only events of Suricata that state no endpoints.")
    private String tunnels = "all";

    @UriParam(
            label = "advanced",
            defaultValue = "1000",
            description =
                    "Milliseconds before records are sent again down a route that failed, 1 to"
                        + " 60000; twice as many each time, up to a minute, half of them random."
                        + " They are sent again until the route takes them",
            javaType = "java.time.Duration")
    private long redeliveryDelay = 1_000;

    protected SensorEndpoint(final String uri, final SensorComponent component) {
        super(uri, component);
    }

    /**
     * Checks all options together.
     *
     * @throws IllegalArgumentException naming every option that is wrong, its value and its limit
     */
    @Override
    protected final void doInit() throws Exception {
        super.doInit();
        final OptionFaults faults = new OptionFaults();
        check(faults);
        faults.check(getEndpointBaseUri());
        getComponent().complete();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        getComponent().openDeadLetters();
    }

    /** Adds what is wrong with the options; those of a source come behind those of all. */
    protected void check(final OptionFaults faults) {
        faults.range("batchSize", batchSize, 1, 65_536);
        faults.range("batchDelay", batchDelay, 0, 60_000);
        faults.range("maxInFlight", maxInFlight, 1, 1_024);
        faults.range("redeliveryDelay", redeliveryDelay, 1, 60_000);
        // Named here as the options they are, not in the words and units of the assembler.
        faults.range("depth", depth, 1, FlowAssembler.Options.MAX_DEPTH);
        faults.range("snap", snap, 1, FlowAssembler.Options.MAX_SNAP);
        faults.range("helloSnap", helloSnap, 0, FlowAssembler.Options.MAX_SNAP);
        faults.range("wait", wait, 1, 60_000);
        faults.range("maxFlows", maxFlows, 1, FlowAssembler.Options.MAX_FLOWS);
        faults.range("tcpNewTimeout", tcpNewTimeout, 1, LONGEST_TIMEOUT);
        faults.range("tcpEstablishedTimeout", tcpEstablishedTimeout, 1, LONGEST_TIMEOUT);
        faults.range("tcpClosedTimeout", tcpClosedTimeout, 1, LONGEST_TIMEOUT);
        faults.range("udpNewTimeout", udpNewTimeout, 1, LONGEST_TIMEOUT);
        faults.range("udpEstablishedTimeout", udpEstablishedTimeout, 1, LONGEST_TIMEOUT);
        faults.range("communityIdSeed", communityIdSeed, 0, CommunityId.MAX_SEED);
        faults.reading(this::checkFormat);
        faults.reading(this::openedTunnels);
    }

    /**
     * Checks the format alone; a source reads lines unless it says otherwise.
     *
     * @throws IllegalArgumentException if there is none of that name, or this source cannot read it
     */
    protected void checkFormat() {
        final SensorFormats formats = sensorFormats();
        if (formats.isOnlyCaptures()) {
            throw new IllegalArgumentException(
                    "format must be auto or one of "
                            + formats.lineIds()
                            + " here, was "
                            + getFormat()
                            + ": serveflow-pcap reads captures");
        }
    }

    /**
     * The formats that are known: those on the class path and the beans of the registry that are a
     * {@link SensorFormat}; with the one that the option names taken for granted.
     *
     * @throws IllegalArgumentException if the option names none of them, or two of them are alike
     */
    public SensorFormats sensorFormats() {
        final SensorFormats known =
                SensorFormats.installed()
                        .with(getCamelContext().getRegistry().findByType(SensorFormat.class));
        if (format.equals(AUTO)) {
            return known;
        }
        return known.find(format.toLowerCase(Locale.ROOT))
                .map(found -> known.only(found.id()))
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "format must be auto or one of "
                                                + known.ids()
                                                + ", was "
                                                + format));
    }

    /** How single packets become flow records. */
    public FlowAssembler.Options assembling() {
        return FlowAssembler.Options.defaults(observer)
                .withDepth(depth)
                .withSnap(snap)
                .withHelloSnap(helloSnap)
                .withWaitMicros(TimeUnit.MILLISECONDS.toMicros(wait))
                .withMaxFlows(maxFlows)
                .withTimeouts(
                        new FlowTimeouts(
                                TimeUnit.MILLISECONDS.toMicros(tcpNewTimeout),
                                TimeUnit.MILLISECONDS.toMicros(tcpEstablishedTimeout),
                                TimeUnit.MILLISECONDS.toMicros(tcpClosedTimeout),
                                TimeUnit.MILLISECONDS.toMicros(udpNewTimeout),
                                TimeUnit.MILLISECONDS.toMicros(udpEstablishedTimeout)))
                .withCommunityIdSeed(communityIdSeed)
                .withTunnels(openedTunnels());
    }

    private Tunnels openedTunnels() {
        try {
            return Tunnels.parse(tunnels);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("tunnels " + e.getMessage(), e);
        }
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException(
                getEndpointUri() + " is a source; use it in from, not in to");
    }

    @Override
    public SensorComponent getComponent() {
        return (SensorComponent) super.getComponent();
    }

    public String getObserver() {
        return observer;
    }

    public void setObserver(final String observer) {
        this.observer = observer;
    }

    public String getFormat() {
        return format;
    }

    public void setFormat(final String format) {
        this.format = format;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(final int batchSize) {
        this.batchSize = batchSize;
    }

    public long getBatchDelay() {
        return batchDelay;
    }

    public void setBatchDelay(final long batchDelay) {
        this.batchDelay = batchDelay;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(final int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public int getDepth() {
        return depth;
    }

    public void setDepth(final int depth) {
        this.depth = depth;
    }

    public int getSnap() {
        return snap;
    }

    public void setSnap(final int snap) {
        this.snap = snap;
    }

    public int getHelloSnap() {
        return helloSnap;
    }

    public void setHelloSnap(final int helloSnap) {
        this.helloSnap = helloSnap;
    }

    public long getWait() {
        return wait;
    }

    public void setWait(final long wait) {
        this.wait = wait;
    }

    public int getMaxFlows() {
        return maxFlows;
    }

    public void setMaxFlows(final int maxFlows) {
        this.maxFlows = maxFlows;
    }

    public String getTunnels() {
        return tunnels;
    }

    public void setTunnels(final String tunnels) {
        this.tunnels = tunnels;
    }

    public long getTcpNewTimeout() {
        return tcpNewTimeout;
    }

    public void setTcpNewTimeout(final long tcpNewTimeout) {
        this.tcpNewTimeout = tcpNewTimeout;
    }

    public long getTcpEstablishedTimeout() {
        return tcpEstablishedTimeout;
    }

    public void setTcpEstablishedTimeout(final long tcpEstablishedTimeout) {
        this.tcpEstablishedTimeout = tcpEstablishedTimeout;
    }

    public long getTcpClosedTimeout() {
        return tcpClosedTimeout;
    }

    public void setTcpClosedTimeout(final long tcpClosedTimeout) {
        this.tcpClosedTimeout = tcpClosedTimeout;
    }

    public long getUdpNewTimeout() {
        return udpNewTimeout;
    }

    public void setUdpNewTimeout(final long udpNewTimeout) {
        this.udpNewTimeout = udpNewTimeout;
    }

    public long getUdpEstablishedTimeout() {
        return udpEstablishedTimeout;
    }

    public void setUdpEstablishedTimeout(final long udpEstablishedTimeout) {
        this.udpEstablishedTimeout = udpEstablishedTimeout;
    }

    public int getCommunityIdSeed() {
        return communityIdSeed;
    }

    public void setCommunityIdSeed(final int communityIdSeed) {
        this.communityIdSeed = communityIdSeed;
    }

    public long getRedeliveryDelay() {
        return redeliveryDelay;
    }

    public void setRedeliveryDelay(final long redeliveryDelay) {
        this.redeliveryDelay = redeliveryDelay;
    }
}
