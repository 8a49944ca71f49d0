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
 * A plugin that a test adds to an Elasticsearch, compiled against the very distribution that it is
 * added to, for which a plugin has to be made.
 *
 * @param name its name, and that of its folder
 * @param description what it is for
 * @param type the plugin's class, in no package
 * @param source the Java source of that class
 */
record ServerPlugin(String name, String description, String type, String source) {

    /**
     * Adds the plugin to an unpacked distribution.
     *
     * @throws IOException if this JVM has no compiler, or the distribution is of a version for
     *     which the plugin cannot be made
     */
    void addTo(final Path distribution) throws IOException {
        final Path plugin = Files.createDirectories(distribution.resolve("plugins").resolve(name));
        final Path classes = Files.createTempDirectory("serveflow-plugin-");
        try {
            compile(distribution.resolve("lib"), classes);
            pack(classes, plugin.resolve(name + ".jar"));
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
                description=%s
                version=1
                classname=%s
                java.version=17
                elasticsearch.version=%s
                """
                        .formatted(name, description, type, version(distribution)));
    }

    private void compile(final Path libraries, final Path classes) throws IOException {
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
                                List.of(new Source(type, source)))
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
    static String version(final Path distribution) throws IOException {
        try (Stream<Path> jars = Files.list(distribution.resolve("lib"))) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> jar.matches("elasticsearch-\\d.*\\.jar"))
                    .map(jar -> jar.substring("elasticsearch-".length(), jar.length() - 4))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no Elasticsearch in " + distribution));
        }
    }

    /** A source that is in memory alone. */
    private static final class Source extends SimpleJavaFileObject {

        private final String content;

        private Source(final String type, final String content) {
            super(URI.create("string:///" + type + ".java"), Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
            return content;
        }
    }
}
