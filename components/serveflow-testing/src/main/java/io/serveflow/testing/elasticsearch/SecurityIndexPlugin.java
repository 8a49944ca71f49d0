/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.testing.elasticsearch;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A plugin with which an Elasticsearch for integration tests keeps roles and API keys: it has no
 * module with the analysis that the index of these asks for.
 *
 * <p>The analysis is there in name alone; it changes how addresses of mail are found, which nobody
 * looks for here. The plugin is compiled against the very distribution that it is added to, for
 * which a plugin has to be made.
 */
final class SecurityIndexPlugin {

    private static final String NAME = "serveflow-security-index";
    private static final String TYPE = "SecurityIndexAnalysis";

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

    private SecurityIndexPlugin() {}

    /**
     * Adds the plugin to an unpacked distribution.
     *
     * @throws IOException if this JVM has no compiler, or the distribution is of a version for
     *     which the plugin cannot be made
     */
    static void addTo(final Path distribution) throws IOException {
        final Path plugin = Files.createDirectories(distribution.resolve("plugins").resolve(NAME));
        final Path classes = Files.createTempDirectory("serveflow-plugin-");
        try {
            compile(distribution.resolve("lib"), classes);
            pack(classes, plugin.resolve(NAME + ".jar"));
        } finally {
            try (Stream<Path> files = Files.walk(classes)) {
                for (final Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.writeString(
                plugin.resolve("plugin-descriptor.properties"),
                """
                name=%s
                description=The names that the index of roles and API keys asks for
                version=1
                classname=%s
                java.version=17
                elasticsearch.version=%s
                """
                        .formatted(NAME, TYPE, version(distribution)));
    }

    private static void compile(final Path libraries, final Path classes) throws IOException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IOException("this JVM has no compiler; run the tests with a JDK");
        }
        final String path;
        try (Stream<Path> jars = Files.list(libraries)) {
            path =
                    jars.map(Path::toString)
                            .filter(jar -> jar.endsWith(".jar"))
                            .collect(Collectors.joining(File.pathSeparator));
        }
        final StringWriter said = new StringWriter();
        final boolean compiled =
                compiler.getTask(
                                said,
                                null,
                                null,
                                List.of(
                                        "-proc:none",
                                        "-nowarn",
                                        "-cp",
                                        path,
                                        "-d",
                                        classes.toString()),
                                null,
                                List.of(new Source()))
                        .call();
        if (!compiled) {
            throw new IOException("the plugin does not compile:\n" + said);
        }
    }

    private static void pack(final Path classes, final Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.list(classes)) {
            for (final Path file : files.toList()) {
                entries.putNextEntry(new JarEntry(file.getFileName().toString()));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }

    /** As the name of its main jar has it. */
    private static String version(final Path distribution) throws IOException {
        try (Stream<Path> jars = Files.list(distribution.resolve("lib"))) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> jar.matches("elasticsearch-\\d.*\\.jar"))
                    .map(jar -> jar.substring("elasticsearch-".length(), jar.length() - 4))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no Elasticsearch in " + distribution));
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private Source() {
            super(URI.create("string:///" + TYPE + ".java"), Kind.SOURCE);
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
            return SOURCE;
        }
    }
}
