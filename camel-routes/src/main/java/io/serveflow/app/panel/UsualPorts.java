/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.panel;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The ports that services are usually on, by their label of the task {@code service}: the one table
 * of them, against which the queries and rules in other languages are tested.
 */
final class UsualPorts {

    private static final SortedMap<String, List<Integer>> BY_LABEL = byLabel();

    private UsualPorts() {}

    /** The ports of each label that has any, ascending. */
    static SortedMap<String, List<Integer>> all() {
        return BY_LABEL;
    }

    private static SortedMap<String, List<Integer>> byLabel() {
        final SortedMap<String, List<Integer>> ports = new TreeMap<>();
        put(
                ports,
                "database_mq",
                1433,
                1521,
                1883,
                3306,
                5432,
                5672,
                6379,
                8883,
                9042,
                9092,
                11211,
                27017);
        put(ports, "dns", 53, 5353, 5355);
        put(ports, "dns_secure", 443, 853, 8853);
        put(ports, "mail", 25, 110, 143, 465, 587, 993, 995);
        put(ports, "remote_access", 22, 23, 3389, 5900, 5901, 5938);
        put(ports, "web_http", 80, 3128, 8000, 8080, 8888);
        put(ports, "web_quic", 80, 443);
        put(ports, "web_tls", 443, 465, 636, 853, 993, 995, 8443);
        return Collections.unmodifiableSortedMap(ports);
    }

    private static void put(
            final SortedMap<String, List<Integer>> ports,
            final String label,
            final Integer... usual) {
        ports.put(label, Arrays.stream(usual).toList());
    }
}
