/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

/**
 * A plugin with which an Elasticsearch for integration tests keeps roles and API keys: it has no
 * module with the analysis that the index of these asks for.
 *
 * <p>The analysis is there in name alone; it changes how addresses of mail are found, which nobody
 * looks for here.
 */
final class SecurityIndexPlugin {

    private static final String SOURCE =
            """
            import java.util.Map;
            import org.apache.lucene.analysis.TokenStream;
            import org.apache.lucene.analysis.standard.StandardTokenizer;
            import org.elasticsearch.index.analysis.TokenFilterFactory;
            import org.elasticsearch.index.analysis.TokenizerFactory;
            import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
            import org.elasticsearch.plugins.AnalysisPlugin;
            import org.elasticsearch.plugins.Plugin;

            public final class SecurityIndexAnalysis extends Plugin implements AnalysisPlugin {

                @Override
                public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
                    return Map.of("pattern_capture", named(), "unique", named());
                }

                @Override
                public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
                    return Map.of(
                            "uax_url_email",
                            (index, environment, name, settings) ->
                                    TokenizerFactory.newFactory(name, StandardTokenizer::new));
                }

                private static AnalysisProvider<TokenFilterFactory> named() {
                    return (index, environment, name, settings) ->
                            new TokenFilterFactory() {
                                @Override
                                public String name() {
                                    return name;
                                }

                                @Override
                                public TokenStream create(final TokenStream tokens) {
                                    return tokens;
                                }
                            };
                }
            }
            """;

    static final ServerPlugin PLUGIN =
            new ServerPlugin(
                    "serveflow-security-index",
                    "The names that the index of roles and API keys asks for",
                    "SecurityIndexAnalysis",
                    SOURCE);

    private SecurityIndexPlugin() {}
}
