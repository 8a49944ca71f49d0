/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.Result;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.support.ExceptionHelper;

/**
 * The answer of {@code /observe/health}, {@code health/live} and {@code health/ready}, with the
 * paths, parameters, fields and status codes of Camel's own.
 *
 * <p>Camel 4.17 and 4.18 escape each sentence before they write it as JSON, so that a command with
 * a slash or a quote comes out as one that cannot be pasted.
 */
public final class HealthAnswer {

    private static final int UNAVAILABLE = 503;
    private static final int FAILED = 500;

    private static final ObjectMapper JSON = new JsonMapper();

    private final String path;

    /** What is asked for. */
    private enum Question {
        ALL(""),
        LIVE("/live"),
        READY("/ready");

        private final String suffix;

        Question(final String suffix) {
            this.suffix = suffix;
        }
    }

    /**
     * @param path where health is, such as {@code /observe/health}
     */
    public HealthAnswer(final String path) {
        this.path = path;
    }

    /** Whether a path is one of those that are answered here. */
    boolean isAsked(final String asked) {
        return question(asked).isPresent();
    }

    private Optional<Question> question(final String asked) {
        final String plain = asked.endsWith("/") ? asked.substring(0, asked.length() - 1) : asked;
        for (final Question question : Question.values()) {
            if (plain.equals(path + question.suffix)) {
                return Optional.of(question);
            }
        }
        return Optional.empty();
    }

    /** Answers on a thread that may block, as checks may ask servers. */
    void answer(final RoutingContext request, final CamelContext context) {
        final Question question = question(request.normalizedPath()).orElseThrow();
        final MultiMap parameters = request.queryParams();
        request.vertx()
                .executeBlocking(() -> answer(context, question, parameters), false)
                .onSuccess(
                        answer ->
                                request.response()
                                        .setStatusCode(answer.status())
                                        .putHeader("content-type", "application/json")
                                        .end(answer.json()))
                .onFailure(error -> request.fail(FAILED, error));
    }

    private record Answer(int status, String json) {}

    private static Answer answer(
            final CamelContext context, final Question question, final MultiMap parameters)
            throws JsonProcessingException {
        final String level =
                Optional.ofNullable(parameters.get("exposureLevel"))
                        .orElseGet(() -> HealthCheckRegistry.get(context).getExposureLevel());
        final Collection<Result> results =
                switch (question) {
                    case ALL -> HealthCheckHelper.invoke(context, level);
                    case LIVE -> HealthCheckHelper.invokeLiveness(context, level);
                    case READY -> HealthCheckHelper.invokeReadiness(context, level);
                };
        final boolean up = HealthCheckHelper.isResultsUp(results, question == Question.READY);
        final ObjectNode root = JSON.createObjectNode();
        root.put("status", up ? "UP" : "DOWN");
        if (!level.equals("oneline")) {
            final ArrayNode checks = JSON.createArrayNode();
            results.stream()
                    .filter(result -> level.equals("full") || result.getState() == State.DOWN)
                    .forEach(result -> checks.add(check(result, level, parameters)));
            if (!checks.isEmpty()) {
                root.set("checks", checks);
            }
        }
        return new Answer(up ? 200 : UNAVAILABLE, JSON.writeValueAsString(root));
    }

    private static ObjectNode check(
            final Result result, final String level, final MultiMap parameters) {
        final ObjectNode check = JSON.createObjectNode();
        final HealthCheck asked = result.getCheck();
        check.put("name", asked.getId());
        check.put("status", result.getState().name());
        final boolean trace = "true".equals(parameters.get("stackTrace"));
        if (level.equals("full") || trace) {
            result.getError()
                    .ifPresent(
                            error -> {
                                check.put("error-message", messages(error));
                                if (trace) {
                                    check.put(
                                            "error-stacktrace",
                                            ExceptionHelper.stackTraceToString(error));
                                }
                            });
        }
        result.getMessage().ifPresent(message -> check.put("message", message));
        final Map<String, Object> details = result.getDetails();
        if ("true".equals(parameters.get("data")) && details != null && !details.isEmpty()) {
            final ObjectNode data = check.putObject("data");
            new TreeMap<>(details)
                    .forEach(
                            (name, value) -> {
                                if (value instanceof Number || value instanceof Boolean) {
                                    data.putPOJO(name, value);
                                } else {
                                    data.put(name, value == null ? "" : value.toString());
                                }
                            });
        }
        return check;
    }

    /** All messages of an error and its causes. */
    private static String messages(final Throwable error) {
        final StringBuilder messages = new StringBuilder().append(error.getMessage());
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                messages.append("; Caused by: ")
                        .append(cause.getClass().getName())
                        .append(": ")
                        .append(cause.getMessage());
            }
        }
        return messages.toString();
    }
}
