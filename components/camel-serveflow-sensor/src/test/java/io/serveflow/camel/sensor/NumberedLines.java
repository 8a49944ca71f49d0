/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.camel.sensor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lines of the Zeek package's log, first records of flows with the ids C0, C1, and so on. */
final class NumberedLines {

    static final String TSV_HEADER =
            """
            #separator \\x09
            #set_separator	,
            #empty_field	(empty)
            #unset_field	-
            #path	serveflow
            #fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	community_id	stage	\
            reason	pkt_dt	pkt_orig	pkt_len	pkt_data
            """;

    private NumberedLines() {}

    static String uid(final int number) {
        return "C" + number;
    }

    /** The ids of the lines from one number to another, the latter not included. */
    static List<String> uids(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(NumberedLines::uid).toList();
    }

    /** A line with its end. */
    static String json(final int number) {
        return """
        {"ts":1484319032.865799,"uid":"C%d","id.orig_h":"10.0.0.5","id.orig_p":51514,\
        "id.resp_h":"203.0.113.9","id.resp_p":443,"proto":"tcp","stage":"first",\
        "community_id":"1:LQU9qZlK+B5F3KDmev6m5PMibrg=","reason":"depth",\
        "pkt_dt":[0.0],"pkt_orig":[true],"pkt_len":[60],"pkt_data":["RQAAPA=="]}
        """
                .formatted(number);
    }

    /** The same as a row of a TSV log. */
    static String tsv(final int number) {
        return "1484319032.865799\tC%d\t10.0.0.5\t51514\t203.0.113.9\t443\ttcp\t".formatted(number)
                + "1:LQU9qZlK+B5F3KDmev6m5PMibrg=\tfirst\tdepth\t0.0\tT\t4\tRQAAPA==\n";
    }

    static String json(final int from, final int to) {
        return IntStream.range(from, to)
                .mapToObj(NumberedLines::json)
                .collect(Collectors.joining());
    }

    static void append(final Path file, final String text) throws IOException {
        Files.write(
                file,
                text.getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Appends the lines from one number to another, the latter not included. */
    static void append(final Path file, final int from, final int to) throws IOException {
        append(file, json(from, to));
    }
}
