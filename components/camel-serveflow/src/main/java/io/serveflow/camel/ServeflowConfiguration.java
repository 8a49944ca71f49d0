/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of {@code serveflow}, for the component and each of its endpoints. */
@Configurer
@UriParams
public class ServeflowConfiguration implements Cloneable {

    @UriParam
    @Metadata(
            required = true,
            description =
                    "The bundle that holds the tier: a folder, file: or classpath: with one, or"
                            + " ref: with the name of a bundle in the registry",
            javaType = "java.lang.String")
    private String bundle;

    @UriParam(defaultValue = "false")
    @Metadata(
            description =
                    "What becomes of flows that the tier has no answer for: fail the exchange"
                            + " (true), or fall back to the verdict of an earlier tier (false)."
                            + " That is marked slow_unavailable and counted as tier_failed where"
                            + " the tier fails, and marked and counted as record_too_short where"
                            + " records hold fewer packets than it reads. Without an earlier"
                            + " verdict, flows whose records are too short are dropped and counted"
                            + " as such, and a tier that fails always fails the exchange",
            javaType = "boolean")
    private boolean failOnError;

    @UriParam(defaultValue = "false")
    @Metadata(
            description =
                    "Whether only flows are asked about that have no verdict for the bundle's task"
                            + " which stands; the others keep theirs, so that a batch need not be"
                            + " split before a further tier",
            javaType = "boolean")
    private boolean uncertainOnly;

    @UriParam(defaultValue = "serveflow")
    @Metadata(
            description = "Name of the sensor that wrote a line which names none",
            javaType = "java.lang.String")
    private String observer = "serveflow";

    @UriParam(defaultValue = "50000")
    @Metadata(
            description =
                    "Most records that a message body which is no batch may hold; a larger one"
                            + " fails its exchange",
            javaType = "int")
    private int maxRecords = 50_000;

    @UriParam
    @Metadata(
            description =
                    "Where the tier's model is computed: cpu, or cuda:N with the number of a CUDA"
                            + " device, which takes the ONNX Runtime of the Maven profile gpu; what"
                            + " the bundle states for the tier if not set, which is cpu for all"
                            + " shipped ones",
            javaType = "java.lang.String")
    private String device;

    @UriParam(defaultValue = "false")
    @Metadata(
            description =
                    "What becomes of the start when the device cannot be used: it fails and says"
                            + " what is missing (false), or the model is computed on the CPU, which"
                            + " is logged and counted (true)",
            javaType = "boolean")
    private boolean cpuFallback;

    @UriParam(defaultValue = "false", label = "security")
    @Metadata(
            description =
                    "Whether a bundle is refused that is not signed with one of the trusted keys",
            javaType = "boolean")
    private boolean requireSignature;

    @UriParam(label = "security")
    @Metadata(
            description =
                    "Files with public Ed25519 keys in PEM, separated by commas; a bundle that is"
                            + " signed with another key is refused",
            javaType = "java.lang.String")
    private String trustedKeys;

    @UriParam(label = "remote")
    @Metadata(
            label = "remote",
            description =
                    "Servers of the Open Inference Protocol v2 that score the tier instead of this"
                            + " process, as HOST:PORT, separated by commas: workers of our own,"
                            + " Triton, KServe, OpenVINO. The one with the fewest requests under"
                            + " way is asked. Takes serveflow-remote on the class path",
            javaType = "java.lang.String")
    private String endpoints;

    @UriParam(label = "remote")
    @Metadata(
            label = "remote",
            description =
                    "Name of the tier's model at the servers; the bundle's task and the tier, as"
                            + " service-slow, if not set",
            javaType = "java.lang.String")
    private String remoteModel;

    @UriParam(label = "remote", defaultValue = "200")
    @Metadata(
            label = "remote",
            description =
                    "Milliseconds until an answer of the servers must have come, retries included;"
                            + " what has none then failed",
            javaType = "java.time.Duration")
    private long deadline = 200;

    @UriParam(label = "remote", defaultValue = "64")
    @Metadata(
            label = "remote",
            description =
                    "Most requests under way at the servers at a time; what would be one more fails"
                            + " at once",
            javaType = "int")
    private int maxInFlight = 64;

    @UriParam(label = "remote", defaultValue = "512")
    @Metadata(
            label = "remote",
            description = "Most flows a request to the servers",
            javaType = "int")
    private int maxRows = 512;

    @UriParam(label = "remote", defaultValue = "1000")
    @Metadata(
            label = "remote",
            description =
                    "Milliseconds for which a server that failed half of its last requests is left"
                            + " alone",
            javaType = "java.time.Duration")
    private long openFor = 1_000;

    @UriParam(label = "remote,security", defaultValue = "false")
    @Metadata(
            label = "remote,security",
            description = "Whether connections to the servers are protected by TLS",
            javaType = "boolean")
    private boolean tls;

    @UriParam(label = "remote,security")
    @Metadata(
            label = "remote,security",
            description =
                    "File of PEM certificates of those who may sign a server's certificate; those"
                            + " that the JVM trusts if not set",
            javaType = "java.lang.String")
    private String trustedCertificates;

    @UriParam(label = "remote,security")
    @Metadata(
            label = "remote,security",
            description = "File of this side's PEM certificate chain, for servers that ask for one",
            javaType = "java.lang.String")
    private String certificate;

    @UriParam(label = "remote,security")
    @Metadata(
            label = "remote,security",
            description = "File of the PEM private key of that certificate, in PKCS 8",
            javaType = "java.lang.String")
    private String privateKey;

    @UriParam(label = "advanced")
    @Metadata(
            label = "advanced",
            description =
                    "A bundle that is compared with the one in use, in its shadow: a folder, file:"
                            + " or classpath: with one. It scores the same flows on a thread of"
                            + " its own, which is metered, and none of its verdicts is given out;"
                            + " endpoints of other tasks leave it alone",
            javaType = "java.lang.String")
    private String shadow;

    @UriParam(label = "advanced")
    @Metadata(
            label = "advanced",
            description =
                    "A bundle that answers a share of the flows instead of the one in use: a"
                            + " folder, file: or classpath: with one. It gives no verdict any more"
                            + " when it fails, costs or disagrees too much, which is logged and"
                            + " counted; endpoints of other tasks leave it alone",
            javaType = "java.lang.String")
    private String canary;

    @UriParam(label = "advanced", defaultValue = "0.05")
    @Metadata(
            label = "advanced",
            description = "Share of the flows that the canary answers, 0 to 1, by their ids",
            javaType = "double")
    private double canaryShare = 0.05;

    /** A copy that later changes to this one do not reach. */
    public ServeflowConfiguration copy() {
        try {
            return (ServeflowConfiguration) clone();
        } catch (final CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getBundle() {
        return bundle;
    }

    public void setBundle(final String bundle) {
        this.bundle = bundle;
    }

    public boolean isFailOnError() {
        return failOnError;
    }

    public void setFailOnError(final boolean failOnError) {
        this.failOnError = failOnError;
    }

    public boolean isUncertainOnly() {
        return uncertainOnly;
    }

    public void setUncertainOnly(final boolean uncertainOnly) {
        this.uncertainOnly = uncertainOnly;
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

    public String getDevice() {
        return device;
    }

    public void setDevice(final String device) {
        this.device = device;
    }

    public boolean isCpuFallback() {
        return cpuFallback;
    }

    public void setCpuFallback(final boolean cpuFallback) {
        this.cpuFallback = cpuFallback;
    }

    public boolean isRequireSignature() {
        return requireSignature;
    }

    public void setRequireSignature(final boolean requireSignature) {
        this.requireSignature = requireSignature;
    }

    public String getTrustedKeys() {
        return trustedKeys;
    }

    public void setTrustedKeys(final String trustedKeys) {
        this.trustedKeys = trustedKeys;
    }

    /** Whether servers score the tier. */
    boolean hasEndpoints() {
        return endpoints != null && !endpoints.isBlank();
    }

    public String getEndpoints() {
        return endpoints;
    }

    public void setEndpoints(final String endpoints) {
        this.endpoints = endpoints;
    }

    public String getRemoteModel() {
        return remoteModel;
    }

    public void setRemoteModel(final String remoteModel) {
        this.remoteModel = remoteModel;
    }

    public long getDeadline() {
        return deadline;
    }

    public void setDeadline(final long deadline) {
        this.deadline = deadline;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(final int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public int getMaxRows() {
        return maxRows;
    }

    public void setMaxRows(final int maxRows) {
        this.maxRows = maxRows;
    }

    public long getOpenFor() {
        return openFor;
    }

    public void setOpenFor(final long openFor) {
        this.openFor = openFor;
    }

    public boolean isTls() {
        return tls;
    }

    public void setTls(final boolean tls) {
        this.tls = tls;
    }

    public String getTrustedCertificates() {
        return trustedCertificates;
    }

    public void setTrustedCertificates(final String trustedCertificates) {
        this.trustedCertificates = trustedCertificates;
    }

    public String getCertificate() {
        return certificate;
    }

    public void setCertificate(final String certificate) {
        this.certificate = certificate;
    }

    public String getPrivateKey() {
        return privateKey;
    }

    public void setPrivateKey(final String privateKey) {
        this.privateKey = privateKey;
    }

    public String getShadow() {
        return shadow;
    }

    public void setShadow(final String shadow) {
        this.shadow = shadow;
    }

    public String getCanary() {
        return canary;
    }

    public void setCanary(final String canary) {
        this.canary = canary;
    }

    public double getCanaryShare() {
        return canaryShare;
    }

    public void setCanaryShare(final double canaryShare) {
        this.canaryShare = canaryShare;
    }
}
