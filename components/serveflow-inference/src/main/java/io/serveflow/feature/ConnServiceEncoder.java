/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.feature;

import io.serveflow.flow.FlowRecord;
import java.nio.BufferOverflowException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which application protocols the sensor itself named, one column each.
 *
 * <p>A part of its own and not of {@link ConnEncoder}, because the sensor's name is often the very
 * answer that a tier is asked for: a tier of the task {@code service} that reads it learns to
 * repeat the sensor and is measured too well.
 *
 * <p>A column is 1 if the sensor named the protocol, else 0. Of a text that joins several by
 * commas, each counts; one that has no column sets {@code service_other}. Suricata's names are
 * taken for Zeek's of the same protocol.
 */
public final class ConnServiceEncoder implements FeatureEncoder {

    static final String NAME = "conn-service";
    static final int VERSION = 1;

    private static final List<String> SERVICES =
            List.of(
                    "dns",
                    "http",
                    "ssl",
                    "quic",
                    "ssh",
                    "smtp",
                    "imap",
                    "pop3",
                    "ftp",
                    "smb",
                    "dce_rpc",
                    "krb",
                    "ldap",
                    "ntlm",
                    "rdp",
                    "rfb",
                    "dhcp",
                    "ntp",
                    "snmp",
                    "syslog",
                    "sip",
                    "mqtt",
                    "mysql",
                    "postgresql",
                    "modbus",
                    "dnp3",
                    "radius",
                    "irc");

    /** What Suricata calls some of them, and Zeek where it has two names. */
    private static final Map<String, String> ALIASES =
            Map.of(
                    "tls",
                    "ssl",
                    "http2",
                    "http",
                    "dcerpc",
                    "dce_rpc",
                    "krb5",
                    "krb",
                    "krb_tcp",
                    "krb",
                    "pgsql",
                    "postgresql",
                    "gssapi",
                    "ntlm",
                    "ftp-data",
                    "ftp");

    private static final int OTHER = SERVICES.size();
    private static final List<String> COLUMNS =
            Stream.concat(SERVICES.stream(), Stream.of("other"))
                    .map(service -> "service_" + service)
                    .toList();

    @Override
    public Set<FlowRecord.Stage> stages() {
        return FeatureEncoders.OF_SUMMARY;
    }

    @Override
    public int width() {
        return COLUMNS.size();
    }

    @Override
    public int reach() {
        return 0;
    }

    @Override
    public List<String> columns() {
        return COLUMNS;
    }

    @Override
    public void encode(final FlowRecord flow, final FloatBuffer row) {
        if (row.remaining() < width()) {
            throw new BufferOverflowException();
        }
        final int start = row.position();
        for (int column = 0; column < width(); column++) {
            row.put(0);
        }
        final String services = flow.summary().service();
        int from = 0;
        while (from < services.length()) {
            final int comma = services.indexOf(',', from);
            final int to = comma < 0 ? services.length() : comma;
            if (to > from) {
                row.put(start + column(services.substring(from, to)), 1);
            }
            from = to + 1;
        }
    }

    private static int column(final String service) {
        final int column = SERVICES.indexOf(ALIASES.getOrDefault(service, service));
        return column < 0 ? OTHER : column;
    }
}
