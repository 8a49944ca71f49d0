/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A plugin with which an Elasticsearch for integration tests forgets its data streams: the
 * distribution has no module with the requests for that, and keeps their indices while there are
 * data streams.
 *
 * <p>{@code DELETE} {@value #PATH} leaves the indices of the data streams as any others.
 */
final class EmptyingPlugin {

    static final String PATH = "/_serveflow/data_streams";

    private static final String SOURCE =
            """
            import java.util.Collection;
            import java.util.List;
            import java.util.function.Predicate;
            import java.util.function.Supplier;
            import org.elasticsearch.client.internal.node.NodeClient;
            import org.elasticsearch.cluster.ClusterState;
            import org.elasticsearch.cluster.ClusterStateUpdateTask;
            import org.elasticsearch.cluster.metadata.IndexNameExpressionResolver;
            import org.elasticsearch.cluster.metadata.Metadata;
            import org.elasticsearch.cluster.node.DiscoveryNodes;
            import org.elasticsearch.cluster.service.ClusterService;
            import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
            import org.elasticsearch.common.settings.ClusterSettings;
            import org.elasticsearch.common.settings.IndexScopedSettings;
            import org.elasticsearch.common.settings.Settings;
            import org.elasticsearch.common.settings.SettingsFilter;
            import org.elasticsearch.features.NodeFeature;
            import org.elasticsearch.plugins.ActionPlugin;
            import org.elasticsearch.plugins.Plugin;
            import org.elasticsearch.rest.BaseRestHandler;
            import org.elasticsearch.rest.RestController;
            import org.elasticsearch.rest.RestHandler;
            import org.elasticsearch.rest.RestRequest;
            import org.elasticsearch.rest.RestResponse;
            import org.elasticsearch.rest.RestStatus;

            public final class Emptying extends Plugin implements ActionPlugin {

                private ClusterService cluster;

                @Override
                public Collection<?> createComponents(final PluginServices services) {
                    cluster = services.clusterService();
                    return List.of();
                }

                @Override
                public Collection<RestHandler> getRestHandlers(
                        final Settings settings,
                        final NamedWriteableRegistry writeables,
                        final RestController controller,
                        final ClusterSettings clusterSettings,
                        final IndexScopedSettings indexSettings,
                        final SettingsFilter filter,
                        final IndexNameExpressionResolver names,
                        final Supplier<DiscoveryNodes> nodes,
                        final Predicate<NodeFeature> features) {
                    return List.of(new Forgetting());
                }

                private final class Forgetting extends BaseRestHandler {

                    @Override
                    public String getName() {
                        return "serveflow_emptying";
                    }

                    @Override
                    public List<Route> routes() {
                        return List.of(new Route(RestRequest.Method.DELETE, "%s"));
                    }

                    @Override
                    protected RestChannelConsumer prepareRequest(
                            final RestRequest request, final NodeClient client) {
                        return channel ->
                                cluster.submitUnbatchedStateUpdateTask(
                                        getName(),
                                        new ClusterStateUpdateTask() {
                                            @Override
                                            public ClusterState execute(final ClusterState state) {
                                                final Metadata.Builder metadata =
                                                        Metadata.builder(state.metadata());
                                                state.metadata()
                                                        .dataStreams()
                                                        .keySet()
                                                        .forEach(metadata::removeDataStream);
                                                return ClusterState.builder(state)
                                                        .metadata(metadata)
                                                        .build();
                                            }

                                            @Override
                                            public void clusterStateProcessed(
                                                    final ClusterState before,
                                                    final ClusterState after) {
                                                answer(RestStatus.OK, "{}");
                                            }

                                            @Override
                                            public void onFailure(final Exception e) {
                                                answer(
                                                        RestStatus.INTERNAL_SERVER_ERROR,
                                                        String.valueOf(e));
                                            }

                                            private void answer(
                                                    final RestStatus status, final String said) {
                                                channel.sendResponse(
                                                        new RestResponse(status, said));
                                            }
                                        });
                    }
                }
            }
            """
                    .formatted(PATH);

    static final ServerPlugin PLUGIN =
            new ServerPlugin("serveflow-emptying", "Forgets all data streams", "Emptying", SOURCE);

    private EmptyingPlugin() {}

    /** Whether it can be made for a distribution: those of version 8 have what it calls. */
    static boolean fits(final Path distribution) {
        try {
            return ServerPlugin.version(distribution).startsWith("8.");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
