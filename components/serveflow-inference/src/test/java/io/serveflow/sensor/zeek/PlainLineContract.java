/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.sensor.zeek;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.flow.FlowRecord;
import io.serveflow.sensor.ContextInterest;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LineBeginnings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What holds for any line of the {@code serveflow} log: read straight from its bytes it gives what
 * a JSON parser reads of it, or is left to that, whatever stands around it.
 */
public final class PlainLineContract {

    /** Bytes that would go on with any value. */
    private static final byte[] AROUND =
            "9\"=,]}e5\"}0123456789".getBytes(StandardCharsets.US_ASCII);

    private PlainLineContract() {}

    public static void holdsFor(final byte[] line) {
        final byte[] surrounded = Arrays.copyOf(AROUND, 2 * AROUND.length + line.length);
        System.arraycopy(line, 0, surrounded, AROUND.length, line.length);
        System.arraycopy(AROUND, 0, surrounded, AROUND.length + line.length, AROUND.length);
        final ZeekRow row = new ZeekRow();
        final PlainZeekLine.Outcome outcome =
                plain(line, 0, line.length, ContextInterest.all(), row);
        final ZeekRow among = new ZeekRow();
        final int end = AROUND.length + line.length;
        assertThat(plain(surrounded, AROUND.length, end, ContextInterest.all(), among))
                .isEqualTo(outcome);
        if (outcome == PlainZeekLine.Outcome.READ) {
            final Result parsed = parsed(line);
            assertThat(record(row)).isEqualTo(parsed);
            assertThat(record(among)).isEqualTo(parsed);
        }
        if (outcome != PlainZeekLine.Outcome.NOT_PLAIN) {
            assertThat(plain(line, 0, line.length, uid -> false, new ZeekRow()))
                    .isNotEqualTo(PlainZeekLine.Outcome.NOT_PLAIN);
        }
    }

    private static PlainZeekLine.Outcome plain(
            final byte[] bytes,
            final int start,
            final int end,
            final ContextInterest interest,
            final ZeekRow row) {
        return new PlainZeekLine().read(bytes, start, end, interest, row);
    }

    private static Result parsed(final byte[] line) {
        final ZeekRow row = new ZeekRow();
        try {
            new ZeekJson(new LineBeginnings(List.of())).parse(line, 0, line.length, row);
        } catch (final BadLineException e) {
            return new Result(null, "not parsed: " + e.getMessage());
        }
        return record(row);
    }

    private static Result record(final ZeekRow row) {
        try {
            return new Result(row.record("fuzzed", 0, 0), "");
        } catch (final BadLineException e) {
            return new Result(null, e.getMessage());
        }
    }

    /** A record, or the sentence that says why there is none. */
    private record Result(FlowRecord record, String sentence) {}
}
