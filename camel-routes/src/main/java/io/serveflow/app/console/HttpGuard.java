/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.console;

import io.serveflow.app.terminal.PlainText;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;

/**
 * What the servers of the console and of health and metrics do with each request before anything
 * else: names of the host that are not theirs are refused, HEAD is answered like GET, answers carry
 * the headers that keep browsers from being used against them, {@code /observe/} has links, and
 * health is answered by a {@link HealthAnswer}.
 *
 * <p>A page of another site can make a browser ask a server on the loopback interface, once the
 * name of that site points there (DNS rebinding); the browser then sends that name as {@code Host}.
 * An address instead of a name is always fine, for no such page has one.
 */
public final class HttpGuard extends SimpleEventNotifierSupport {

    private static final int MISDIRECTED = 421;
    private static final String BEFORE_ALL_KEY = "serveflow.guarded";
    private static final String POLICY = "Content-Security-Policy";
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    private final Options options;

    /**
     * What is guarded.
     *
     * @param managementPort port of health and metrics
     * @param shared whether the console has the same port, so that what is meant for health and
     *     metrics alone must not be done with the console page
     * @param managementPath where they begin, such as {@code /observe}
     * @param managementHost address that health and metrics listen on; where that is not the
     *     loopback interface, monitoring may use any name
     * @param health answers health requests, where that is served
     * @param hosts names that the servers answer to, besides localhost
     */
    public record Options(
            int managementPort,
            boolean shared,
            String managementPath,
            String managementHost,
            Optional<HealthAnswer> health,
            List<String> hosts) {

        public Options {
            hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        }
    }

    public HttpGuard(final Options options) {
        this.options = options;
    }

    @Override
    public boolean isEnabled(final CamelEvent event) {
        return event instanceof CamelEvent.CamelContextRoutesStartingEvent;
    }

    /** Before the first route is there, and so before anything is answered. */
    @Override
    public void notify(final CamelEvent event) {
        if (event instanceof CamelEvent.CamelContextRoutesStartingEvent starting) {
            guard(starting.getContext());
        }
    }

    private void guard(final CamelContext context) {
        final String management =
                VertxPlatformHttpRouter.getRouterNameFromPort(options.managementPort());
        for (final VertxPlatformHttpRouter router :
                context.getRegistry().findByType(VertxPlatformHttpRouter.class)) {
            final boolean manages = router.getName().equals(management);
            router.route()
                    .order(Integer.MIN_VALUE)
                    .handler(request -> handle(request, manages, context));
        }
    }

    private void handle(
            final RoutingContext context, final boolean manages, final CamelContext camel) {
        final HttpServerRequest request = context.request();
        final HttpServerResponse response = context.response();
        // For a request that is routed anew, Vert.x forgets this.
        context.addHeadersEndHandler(end -> harden(response));
        if (context.get(BEFORE_ALL_KEY) == null) {
            context.put(BEFORE_ALL_KEY, true);
            final Optional<String> foreign = foreignHost(request, manages);
            if (foreign.isPresent()) {
                refuse(response, foreign.get());
                return;
            }
            // The server leaves the body out of its answer to HEAD by itself.
            if (request.method() == HttpMethod.HEAD) {
                context.reroute(HttpMethod.GET, request.uri());
                return;
            }
        }
        if (manages && isIndex(context.normalizedPath())) {
            response.putHeader("Content-Type", "text/html; charset=utf-8").end(index());
        } else if (manages && isHealth(context)) {
            options.health().orElseThrow().answer(context, camel);
        } else {
            context.next();
        }
    }

    private static void harden(final HttpServerResponse response) {
        if (!response.headers().contains(POLICY)) {
            response.putHeader(POLICY, NOTHING);
        }
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("X-Frame-Options", "DENY");
        response.putHeader("Referrer-Policy", "no-referrer");
        response.putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** The name in the request, if the server has another one. */
    private Optional<String> foreignHost(final HttpServerRequest request, final boolean manages) {
        final HostAndPort authority = request.authority();
        if (authority == null
                || manages && !options.shared() && !isLoopback(options.managementHost())) {
            return Optional.empty();
        }
        final String host = authority.host().toLowerCase(Locale.ROOT);
        return isAddress(host) || host.equals("localhost") || options.hosts().contains(host)
                ? Optional.empty()
                : Optional.of(authority.host());
    }

    private static boolean isAddress(final String host) {
        return host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]|[0-9a-f]*:[0-9a-f:.]+");
    }

    private static boolean isLoopback(final String host) {
        return host.startsWith("127.") || host.equals("localhost") || host.equals("::1");
    }

    private static void refuse(final HttpServerResponse response, final String host) {
        response.setStatusCode(MISDIRECTED)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(
                        "This server is not called "
                                + PlainText.of(host)
                                + ". If it is, name it in the setting"
                                + " serveflow.console.allowedHosts.\n");
    }

    private boolean isHealth(final RoutingContext context) {
        return context.request().method() == HttpMethod.GET
                && options.health()
                        .filter(health -> health.isAsked(context.normalizedPath()))
                        .isPresent();
    }

    private boolean isIndex(final String path) {
        return path.equals("/") && !options.shared()
                || path.equals(options.managementPath())
                || path.equals(options.managementPath() + "/");
    }

    private String index() {
        return List.of("health", "health/live", "health/ready", "metrics").stream()
                .map(
                        page ->
                                "<li><a href=\"%s/%s\">%s</a></li>"
                                        .formatted(options.managementPath(), page, page))
                .collect(
                        Collectors.joining(
                                "\n",
                                "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                                        + "<title>ServeFlow: health and metrics</title></head>"
                                        + "<body>\n<h1>ServeFlow</h1>\n<ul>\n",
                                "\n</ul>\n</body></html>\n"));
    }
}
