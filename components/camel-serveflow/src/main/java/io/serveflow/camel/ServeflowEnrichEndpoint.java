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

/** Add the verdict on its flow to each record of a sensor that passes through a route. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "serveflow-enrich",
        title = "ServeFlow Enrich",
        syntax = "serveflow-enrich:name",
        category = {Category.AI},
        producerOnly = true,
        remote = false)
public class ServeflowEnrichEndpoint extends DefaultEndpoint {

    @UriPath
    @Metadata(
            required = true,
            description = "Name of the verdicts; endpoints of one name share them")
    private final String name;

    @UriParam(
            defaultValue = "100000",
            description =
                    "Most flows whose verdicts are kept, some 1 KB each; beyond it the oldest are"
                            + " forgotten and counted")
    private int maxVerdicts = 100_000;

    @UriParam(
            defaultValue = "7200000",
            description =
                    "How long verdicts are kept, in milliseconds: as long as flows last whose"
                            + " records come when they are over, and as it takes until these come,"
                            + " such as the hour between two rotations of a log",
            javaType = "java.time.Duration")
    private long window = 7_200_000;

    @UriParam(
            defaultValue = "10000",
            description =
                    "Most records that wait for the verdict on their flow; beyond it they pass"
                            + " without one, and are counted")
    private int maxWaiting = 10_000;

    @UriParam(
            defaultValue = "2000",
            description =
                    "How long a record waits for the final verdict on its flow, in milliseconds;"
                            + " then it passes with the one that there is, or without",
            javaType = "java.time.Duration")
    private long wait = 2_000;

    @UriParam(
            defaultValue = "60000",
            description =
                    "How much later than others of its sensor a verdict may come, in milliseconds"
                            + " by the clock of the sensors: a record without a verdict does not"
                            + " wait where there are verdicts on flows that began so long after"
                            + " its own was over. Where records do not name their sensor, at least"
                            + " the lag between sources, such as the time between two rotations of"
                            + " the logs of several sensors",
            javaType = "java.time.Duration")
    private long lateness = 60_000;

    @UriParam(
            label = "advanced",
            defaultValue = "5000",
            description =
                    "How far apart record and verdict may say that the flow began, in milliseconds:"
                            + " the next flow between the same ports has the same Community ID, and"
                            + " another sensor may use the same id",
            javaType = "java.time.Duration")
    private long startTolerance = 5_000;

    @UriParam(
            description =
                    "The task whose verdicts are added, where there are several; without it the"
                            + " first final verdict that there is")
    private String task = "";

    @UriParam(
            defaultValue = "serveflow",
            description = "Name of the field of a record that has the verdict")
    private String field = "serveflow";

    public ServeflowEnrichEndpoint(
            final String uri, final ServeflowEnrichComponent component, final String name) {
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
        faults.range("maxVerdicts", maxVerdicts, 1, Long.MAX_VALUE);
        faults.range("window", window, 1, Long.MAX_VALUE);
        faults.range("maxWaiting", maxWaiting, 0, Long.MAX_VALUE);
        faults.range("wait", wait, 0, Long.MAX_VALUE);
        faults.range("lateness", lateness, 0, Long.MAX_VALUE);
        faults.range("startTolerance", startTolerance, 0, Long.MAX_VALUE);
        faults.required("field", field);
        faults.check("serveflow-enrich:" + name);
    }

    VerdictWindow.Options bounds() {
        return new VerdictWindow.Options(
                maxVerdicts, window, maxWaiting, wait, startTolerance, lateness);
    }

    @Override
    public Producer createProducer() {
        return new ServeflowEnrichProducer(this);
    }

    @Override
    public Consumer createConsumer(final Processor processor) {
        throw new UnsupportedOperationException(
                "a route cannot begin with serveflow-enrich:"
                        + name
                        + ", which adds verdicts to what passes through it; send to it with 'to'");
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public ServeflowEnrichComponent getComponent() {
        return (ServeflowEnrichComponent) super.getComponent();
    }

    public String getName() {
        return name;
    }

    public int getMaxVerdicts() {
        return maxVerdicts;
    }

    public void setMaxVerdicts(final int maxVerdicts) {
        this.maxVerdicts = maxVerdicts;
    }

    public long getWindow() {
        return window;
    }

    public void setWindow(final long window) {
        this.window = window;
    }

    public int getMaxWaiting() {
        return maxWaiting;
    }

    public void setMaxWaiting(final int maxWaiting) {
        this.maxWaiting = maxWaiting;
    }

    public long getWait() {
        return wait;
    }

    public void setWait(final long wait) {
        this.wait = wait;
    }

    public long getLateness() {
        return lateness;
    }

    public void setLateness(final long lateness) {
        this.lateness = lateness;
    }

    public long getStartTolerance() {
        return startTolerance;
    }

    public void setStartTolerance(final long startTolerance) {
        this.startTolerance = startTolerance;
    }

    public String getTask() {
        return task;
    }

    public void setTask(final String task) {
        this.task = task;
    }

    public String getField() {
        return field;
    }

    public void setField(final String field) {
        this.field = field;
    }
}
