/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import io.serveflow.flow.FlowAssembler;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.DecoderContext;
import io.serveflow.sensor.LineDecoder;
import io.serveflow.sensor.LineFormat;
import io.serveflow.sensor.LineSignature;
import io.serveflow.sensor.line.BadLineException;
import io.serveflow.sensor.line.LinePrefix;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A format of a sensor that does not exist, all of it in one class: a packet a line, as a JSON
 * object with the key {@code toy_packet}, or as words behind {@code toy}.
 */
public final class ToyFormat implements LineFormat {

    private static final Pattern LINE =
            Pattern.compile(
                    "(?:\\{\"toy_packet\":\"([\\w+/=]+)\",\"flow\":\"(\\w+)\",\"micros\":(\\d+)\\}"
                            + "|toy ([\\w+/=]+) (\\w+) (\\d+))");

    @Override
    public String id() {
        return "toy";
    }

    @Override
    public String title() {
        return "toy logs";
    }

    @Override
    public LineSignature signature() {
        return LineSignature.of("toy_packet");
    }

    @Override
    public Optional<LinePrefix> prefix() {
        return Optional.of(LinePrefix.text("toy "));
    }

    @Override
    public LineDecoder open(final DecoderContext context) {
        final FlowAssembler assembler =
                new FlowAssembler(
                        context.options(),
                        context.ledger(),
                        record -> {
                            context.ledger().add(Ledger.Entry.EVENTS, id(), 1);
                            context.out().accept(record);
                        });
        return new LineDecoder() {
            @Override
            public boolean line(
                    final byte[] bytes, final int start, final int end, final long position)
                    throws BadLineException {
                final String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
                final Matcher line = LINE.matcher(text);
                if (!line.matches()) {
                    throw new BadLineException(BadLineException.BAD_FIELD, "no packet of a toy");
                }
                final int group = line.group(1) == null ? 4 : 1;
                final byte[] packet = Base64.getDecoder().decode(line.group(group));
                assembler.at(position);
                assembler.packet(
                        line.group(group + 1),
                        true,
                        "",
                        Long.parseLong(line.group(group + 2)),
                        packet,
                        0,
                        packet.length,
                        packet.length);
                return true;
            }

            @Override
            public void elapse(final long micros) {
                assembler.elapse(micros);
            }

            @Override
            public void finish() {
                assembler.finish();
            }

            @Override
            public OptionalLong oldestHeld() {
                return assembler.oldestWaiting();
            }
        };
    }
}
