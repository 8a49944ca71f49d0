/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.serveflow.app.cli.ClassifyCommand;
import io.serveflow.app.fixture.ChangedBundle;
import io.serveflow.flow.FlowAssembler;
import io.serveflow.flow.FlowRecord;
import io.serveflow.ledger.Ledger;
import io.serveflow.sensor.FlowRecordSource;
import io.serveflow.sensor.SensorFormats;
import io.serveflow.sensor.SensorInput;
import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Runs {@code classify} on inputs, with a bundle that asks the last tier about every flow. */
final class ClassifiedInput {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path SUMMARY_BUNDLE =
            ProjectFiles.path("camel-routes/src/test/resources/bundles/tiny-conn");

    /** What a run gave. */
    record Run(int exit, List<JsonNode> documents, String err) {}

    private final Path bundle;

    /**
     * @param work an empty folder, for a bundle
     */
    ClassifiedInput(final Path work) throws IOException {
        bundle = ChangedBundle.in(work.resolve("every-flow-to-the-last-tier"));
        ChangedBundle.manifest(
                bundle,
                manifest -> {
                    for (final JsonNode hop : manifest.get("thresholds")) {
                        final ArrayNode values = (ArrayNode) hop.get("values");
                        for (int i = 0; i < values.size(); i++) {
                            values.set(i, manifest.numberNode(0.0));
                        }
                    }
                });
    }

    Run run(final SurprisingInput input) throws IOException {
        final List<String> arguments = new ArrayList<>();
        arguments.addAll(
                List.of("--bundle", (input.hasSummaries() ? SUMMARY_BUNDLE : bundle).toString()));
        arguments.addAll(List.of("--output", "ndjson"));
        if (!input.setting("seed").isEmpty()) {
            arguments.addAll(List.of("--community-id-seed", input.setting("seed")));
        }
        for (final String timeout : List.of("tcp-established-timeout", "udp-established-timeout")) {
            if (!input.setting(timeout).isEmpty()) {
                arguments.add("--" + timeout + "=" + input.setting(timeout));
            }
        }
        if (!input.setting("tunnels").isEmpty()) {
            arguments.addAll(List.of("--tunnels", input.setting("tunnels")));
        }
        if (!input.setting("observer").isEmpty()) {
            arguments.addAll(List.of("--observer", input.setting("observer")));
        }
        if (!input.setting("strict").isEmpty()) {
            arguments.add("--strict");
        }
        arguments.add(input.file().toString());
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int exit =
                new CommandLine(new ClassifyCommand())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments.toArray(String[]::new));
        final List<JsonNode> documents = new ArrayList<>();
        for (final String line : out.toString().lines().toList()) {
            documents.add(JSON.readTree(line));
        }
        return new Run(exit, documents, err.toString());
    }

    /** The records that the command reads, for what its documents do not tell. */
    static List<FlowRecord> records(final SurprisingInput input) throws IOException {
        final List<FlowRecord> records = new ArrayList<>();
        try (FlowRecordSource source =
                SensorInput.open(
                        input.file(),
                        SensorFormats.installed(),
                        FlowAssembler.Options.defaults("serveflow"),
                        new Ledger(),
                        letter -> {})) {
            for (Optional<FlowRecord> next = source.next();
                    next.isPresent();
                    next = source.next()) {
                records.add(next.get());
            }
        }
        return records;
    }
}
