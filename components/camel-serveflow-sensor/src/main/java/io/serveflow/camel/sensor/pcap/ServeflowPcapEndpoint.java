/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor.pcap;

import io.serveflow.camel.sensor.SensorEndpoint;
import io.serveflow.camel.support.OptionFaults;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;

/** Replay captures as flow records, at full speed or as they were recorded. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow-pcap",
        title = "ServeFlow Pcap",
        syntax = "serveflow-pcap:file",
        consumerOnly = true,
        remote = false,
        category = {Category.FILE, Category.MONITORING})
@Metadata(excludeProperties = "format")
public class ServeflowPcapEndpoint extends SensorEndpoint {

    @UriPath
    @Metadata(
            required = true,
            description =
                    "The capture, pcap or pcapng, gzip-compressed or not. An asterisk in the last"
                            + " part of the path names several, which are replayed in the order of"
                            + " their names.")
    private final String file;

    @UriParam(
            defaultValue = "full",
            description =
                    "How fast: full for as fast as the route takes it, recorded for as "
                            + "fast as the packets came, or a factor of 0.001 to 1000000, such as "
                            + "10 for ten times that")
    private String speed = "full";

    public ServeflowPcapEndpoint(
            final String uri, final ServeflowPcapComponent component, final String file) {
        super(uri, component);
        this.file = file;
    }

    @Override
    protected void check(final OptionFaults faults) {
        super.check(faults);
        faults.reading(this::replaySpeed);
    }

    /** It reads captures and nothing else, so that its option is not among those offered. */
    @Override
    protected void checkFormat() {
        if (sensorFormats().isOnlyLines()) {
            throw new IllegalArgumentException(
                    "format must be auto or pcap here, was " + getFormat());
        }
    }

    /** How fast captures are replayed. */
    ReplaySpeed replaySpeed() {
        return ReplaySpeed.parse(speed);
    }

    @Override
    public Consumer createConsumer(final Processor processor) throws Exception {
        final ServeflowPcapConsumer consumer =
                new ServeflowPcapConsumer(this, processor, ReplayClock.system());
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public ServeflowPcapComponent getComponent() {
        return (ServeflowPcapComponent) super.getComponent();
    }

    public String getFile() {
        return file;
    }

    public String getSpeed() {
        return speed;
    }

    public void setSpeed(final String speed) {
        this.speed = speed;
    }
}
