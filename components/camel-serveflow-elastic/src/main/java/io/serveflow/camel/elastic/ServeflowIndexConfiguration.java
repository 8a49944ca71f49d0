/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.elastic;

import io.serveflow.camel.elastic.ElasticConnection.Credentials;
import io.serveflow.camel.elastic.ElasticConnection.Trust;
import io.serveflow.camel.support.Backoff;
import io.serveflow.camel.support.OptionFaults;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;

/** The options of {@code serveflow-index}, on the component for all endpoints or on one of them. */
@UriParams
@Configurer
public class ServeflowIndexConfiguration implements Cloneable {

    static final String DEFAULT_URLS = "http://127.0.0.1:9200";

    private static final int MAX_IN_FLIGHT_LIMIT = 64;
    private static final int MIN_BULK_BYTES = 64 * 1024;
    private static final int MAX_BULK_BYTES = 100 * 1024 * 1024;
    private static final int MAX_TIMEOUT_MILLIS = 600_000;
    private static final int MAX_NAME_LENGTH = 255;
    private static final Pattern FORBIDDEN_IN_NAME = Pattern.compile("[A-Z\\\\/*?\"<>| ,#:]");
    private static final Pattern FINGERPRINT =
            Pattern.compile("([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}");

    @UriPath
    @Metadata(required = true)
    private String dataStream = "";

    @UriParam(label = "common", defaultValue = DEFAULT_URLS)
    private String urls = DEFAULT_URLS;

    @UriParam(label = "common", defaultValue = "ecs", enums = "ecs,malcolm")
    private String profile = "ecs";

    @UriParam(label = "security", secret = true)
    private String username = "";

    @UriParam(label = "security", secret = true)
    private String password = "";

    @UriParam(label = "security", secret = true)
    private String apiKey = "";

    @UriParam(label = "security")
    @Metadata(supportFileReference = true)
    private String caCertificate = "";

    @UriParam(label = "security")
    private String certificateFingerprint = "";

    @UriParam(label = "common", defaultValue = "5000", javaType = "java.time.Duration")
    private long connectTimeout = 5_000;

    @UriParam(label = "common", defaultValue = "60000", javaType = "java.time.Duration")
    private long requestTimeout = 60_000;

    @UriParam(label = "common", defaultValue = "false")
    private boolean compression;

    @UriParam(label = "producer", defaultValue = "2")
    private int maxInFlight = 2;

    @UriParam(label = "producer", defaultValue = "5242880")
    private int maxBulkBytes = 5 * 1024 * 1024;

    @UriParam(label = "producer", defaultValue = "false")
    private boolean installTemplates;

    @UriParam(label = "producer", defaultValue = "0", javaType = "java.time.Duration")
    private long retryFor;

    @UriParam(label = "producer,advanced", defaultValue = "200", javaType = "java.time.Duration")
    private long backoffMin = 200;

    @UriParam(label = "producer,advanced", defaultValue = "10000", javaType = "java.time.Duration")
    private long backoffMax = 10_000;

    /** A copy that may be changed without changing this one. */
    public ServeflowIndexConfiguration copy() {
        try {
            return (ServeflowIndexConfiguration) clone();
        } catch (final CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /**
     * Checks all options together.
     *
     * @throws IllegalArgumentException naming every option that is wrong, its value and its limit
     */
    void validate() {
        final OptionFaults wrong = new OptionFaults();
        if (dataStream.isEmpty()
                || dataStream.length() > MAX_NAME_LENGTH
                || "-_+.".indexOf(dataStream.charAt(0)) >= 0
                || FORBIDDEN_IN_NAME.matcher(dataStream).find()) {
            wrong.add(
                    "dataStream must be a lower-case name of 1 to "
                            + MAX_NAME_LENGTH
                            + " characters such as logs-serveflow-so, was '"
                            + dataStream
                            + "'");
        }
        if (installTemplates
                && profile.equals(IndexProfile.MALCOLM.id())
                && !dataStream.startsWith(IndexProfile.MALCOLM_NAMES)) {
            wrong.add(
                    "dataStream must begin with "
                            + IndexProfile.MALCOLM_NAMES
                            + " where profile is malcolm, as the template is for such names, was '"
                            + dataStream
                            + "'; set installTemplates=false if there is another template for it");
        }
        faults().forEach(wrong::add);
        wrong.check("serveflow-index:" + dataStream);
    }

    /**
     * What is wrong with the options that a component has too, all but the data stream: a clause
     * for each, with the option, its value and its limit.
     */
    public List<String> faults() {
        final OptionFaults wrong = new OptionFaults();
        validateUrls(wrong);
        wrong.oneOf("profile", profile, IndexProfile.ids().toArray(String[]::new));
        if (username.isEmpty() != password.isEmpty()) {
            wrong.add(
                    "username and password must be set together, only "
                            + (username.isEmpty() ? "password" : "username")
                            + " is");
        }
        if (!apiKey.isEmpty() && !(username.isEmpty() && password.isEmpty())) {
            wrong.add("either username and password or apiKey may be set, both are");
        }
        if (!caCertificate.isEmpty() && !certificateFingerprint.isEmpty()) {
            wrong.add("either caCertificate or certificateFingerprint may be set, both are");
        }
        if (!caCertificate.isEmpty()) {
            ServerTrust.fault(caCertificate).ifPresent(wrong::add);
        }
        if (!certificateFingerprint.isEmpty()
                && !FINGERPRINT.matcher(certificateFingerprint).matches()) {
            wrong.add(
                    "certificateFingerprint must be a SHA-256 in 64 hexadecimal digits, was '"
                            + certificateFingerprint
                            + "'");
        }
        wrong.range("connectTimeout", connectTimeout, 1, MAX_TIMEOUT_MILLIS);
        wrong.range("requestTimeout", requestTimeout, 1, MAX_TIMEOUT_MILLIS);
        wrong.range("maxInFlight", maxInFlight, 1, MAX_IN_FLIGHT_LIMIT);
        wrong.range("maxBulkBytes", maxBulkBytes, MIN_BULK_BYTES, MAX_BULK_BYTES);
        wrong.range("retryFor", retryFor, 0, Long.MAX_VALUE);
        wrong.range("backoffMin", backoffMin, 1, MAX_TIMEOUT_MILLIS);
        wrong.range("backoffMax", backoffMax, Math.max(1, backoffMin), MAX_TIMEOUT_MILLIS);
        return wrong.clauses();
    }

    /** The part that decides which client is used. Call after {@link #validate()}. */
    public ElasticConnection connection() {
        final Credentials credentials;
        if (!apiKey.isEmpty()) {
            credentials = new Credentials.ApiKey(apiKey);
        } else if (!username.isEmpty()) {
            credentials = new Credentials.User(username, password);
        } else {
            credentials = new Credentials.Anonymous();
        }
        final Trust trust;
        if (!caCertificate.isEmpty()) {
            trust = new Trust.CaCertificate(Path.of(caCertificate));
        } else if (!certificateFingerprint.isEmpty()) {
            trust = new Trust.Fingerprint(certificateFingerprint);
        } else {
            trust = new Trust.System();
        }
        return new ElasticConnection(
                urlList().stream().map(URI::create).toList(),
                credentials,
                trust,
                (int) connectTimeout,
                (int) requestTimeout,
                compression);
    }

    /** The part that bounds the work. Call after {@link #validate()}. */
    BulkDelivery.Options deliveryOptions() {
        return new BulkDelivery.Options(
                maxInFlight, maxBulkBytes, retryFor, Backoff.of(backoffMin, backoffMax));
    }

    private void validateUrls(final OptionFaults wrong) {
        final List<String> all = urlList();
        if (all.isEmpty()) {
            wrong.add("urls must name at least one server, was '" + urls + "'");
        }
        for (final String url : all) {
            if (!isHttp(url)) {
                wrong.add(
                        "urls must be http://HOST:PORT or https://HOST:PORT, separated by commas"
                                + " and without credentials, one was '"
                                + url.replaceAll("//[^@/]*@", "//...@")
                                + "'"
                                + (url.contains("//") ? "" : "; did you mean http://" + url + "?"));
            }
        }
    }

    private static boolean isHttp(final String url) {
        try {
            final URI uri = new URI(url);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null;
        } catch (final URISyntaxException e) {
            return false;
        }
    }

    private List<String> urlList() {
        return Pattern.compile(",")
                .splitAsStream(urls)
                .map(String::strip)
                .filter(url -> !url.isEmpty())
                .toList();
    }

    public String getDataStream() {
        return dataStream;
    }

    /** Name of the data stream that verdicts are created in, such as logs-serveflow-so. */
    public void setDataStream(final String dataStream) {
        this.dataStream = dataStream;
    }

    public String getUrls() {
        return urls;
    }

    /**
     * Addresses of Elasticsearch nodes, separated by commas, each http://HOST:PORT or
     * https://HOST:PORT.
     */
    public void setUrls(final String urls) {
        this.urls = urls;
    }

    /** The profile that the option names. Call after {@link #validate()}. */
    public IndexProfile profiled() {
        return IndexProfile.named(profile).orElseThrow();
    }

    public String getProfile() {
        return profile;
    }

    /**
     * Whose fields documents have, and what they are stored in: ecs for a data stream of
     * Elasticsearch; malcolm for Malcolm's fields in plain indices of OpenSearch, whose names are
     * that of the data stream with the day on which flows began, such as
     * malcolm_beats_serveflow-261130.
     */
    public void setProfile(final String profile) {
        this.profile = profile;
    }

    public String getUsername() {
        return username;
    }

    /** User to authenticate as, together with password. */
    public void setUsername(final String username) {
        this.username = username;
    }

    public String getPassword() {
        return password;
    }

    /** Password of the user. */
    public void setPassword(final String password) {
        this.password = password;
    }

    public String getApiKey() {
        return apiKey;
    }

    /** API key to authenticate with, in its encoded form, instead of username and password. */
    public void setApiKey(final String apiKey) {
        this.apiKey = apiKey;
    }

    public String getCaCertificate() {
        return caCertificate;
    }

    /**
     * Path of a PEM file with the certificate authorities that may have signed the server's
     * certificate; without it those of the JDK.
     */
    public void setCaCertificate(final String caCertificate) {
        this.caCertificate = caCertificate;
    }

    public String getCertificateFingerprint() {
        return certificateFingerprint;
    }

    /**
     * SHA-256 fingerprint of the certificate authority that the server sends along, in hexadecimal,
     * instead of caCertificate.
     */
    public void setCertificateFingerprint(final String certificateFingerprint) {
        this.certificateFingerprint = certificateFingerprint;
    }

    public long getConnectTimeout() {
        return connectTimeout;
    }

    /** How long to wait for a connection, 1 to 600000 milliseconds. */
    public void setConnectTimeout(final long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getRequestTimeout() {
        return requestTimeout;
    }

    /**
     * How long to wait for an answer before the request is sent again, 1 to 600000 milliseconds.
     */
    public void setRequestTimeout(final long requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public boolean isCompression() {
        return compression;
    }

    /** Whether requests are compressed with gzip, which saves network and costs processor time. */
    public void setCompression(final boolean compression) {
        this.compression = compression;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    /**
     * How many bulk requests may be under way or waiting to be sent again, 1 to 64. Meanwhile
     * documents gather, and the next request takes as many as fit; the thread that brings more than
     * one request holds waits, which slows its source down.
     */
    public void setMaxInFlight(final int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public int getMaxBulkBytes() {
        return maxBulkBytes;
    }

    /**
     * How large a bulk request may be before compression, 65536 to 104857600 bytes; a larger batch
     * is cut.
     */
    public void setMaxBulkBytes(final int maxBulkBytes) {
        this.maxBulkBytes = maxBulkBytes;
    }

    public boolean isInstallTemplates() {
        return installTemplates;
    }

    /**
     * Whether the templates of ServeFlow are installed when the server says that it has no template
     * for the data stream, which needs the right to manage index templates.
     */
    public void setInstallTemplates(final boolean installTemplates) {
        this.installTemplates = installTemplates;
    }

    public long getRetryFor() {
        return retryFor;
    }

    /**
     * How long documents are held and sent again while the server cannot be reached or does not
     * take them, before their exchange fails, in milliseconds; 0 is for as long as the route runs.
     */
    public void setRetryFor(final long retryFor) {
        this.retryFor = retryFor;
    }

    public long getBackoffMin() {
        return backoffMin;
    }

    /**
     * The wait after a first failure, 1 to 600000 milliseconds; it doubles with every further one.
     */
    public void setBackoffMin(final long backoffMin) {
        this.backoffMin = backoffMin;
    }

    public long getBackoffMax() {
        return backoffMax;
    }

    /** The longest wait between two tries, backoffMin to 600000 milliseconds. */
    public void setBackoffMax(final long backoffMax) {
        this.backoffMax = backoffMax;
    }
}
