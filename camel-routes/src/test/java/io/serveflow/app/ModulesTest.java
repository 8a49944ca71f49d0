/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.serveflow.testing.samples.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for all modules of the build and the jars that they make. */
class ModulesTest {

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern MODULE_NAME =
            Pattern.compile("<module\\.name>([^<]+)</module\\.name>");
    private static final Pattern INCLUDE =
            Pattern.compile("<include>(io/serveflow/[^<]+)</include>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

    /** As the module system of Java asks: it refuses a package that comes from two jars. */
    @Test
    void shouldHaveEachPackageInOneJar() throws IOException {
        final Map<String, Set<String>> modules = new HashMap<>();
        for (final String module : jars()) {
            for (final String sources : List.of("src/main/java", "src/generated/java")) {
                for (final String name :
                        packages(ProjectFiles.root().resolve(module).resolve(sources))) {
                    modules.computeIfAbsent(name, any -> new HashSet<>()).add(module);
                }
            }
        }
        assertThat(modules).containsKeys("io.serveflow.flow", "io.serveflow.app");
        assertThat(modules).allSatisfy((name, where) -> assertThat(where).as(name).hasSize(1));
    }

    /** What moves to another module leaves what was generated for it behind. */
    @Test
    void shouldGenerateOnlyForClassesOfTheModule() throws IOException {
        for (final String module : jars()) {
            final Path main = ProjectFiles.root().resolve(module).resolve("src/main/java");
            final Path generated = ProjectFiles.root().resolve(module).resolve("src/generated");
            assertThat(packages(main))
                    .as("packages of %s", module)
                    .containsAll(packages(generated.resolve("java")));
            final Path services = generated.resolve("resources/META-INF/services");
            if (!Files.isDirectory(services)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(services)) {
                for (final Path file : files.filter(Files::isRegularFile).toList()) {
                    for (final String named : classes(file)) {
                        final String source = named.replace('.', '/') + ".java";
                        assertThat(
                                        Stream.of(main, generated.resolve("java"))
                                                .anyMatch(
                                                        root -> Files.exists(root.resolve(source))))
                                .as("%s, which %s names, is a class of this module", named, file)
                                .isTrue();
                    }
                }
            }
        }
    }

    private static List<String> classes(final Path service) throws IOException {
        return Files.readAllLines(service).stream()
                .filter(line -> line.startsWith("class="))
                .map(line -> line.substring("class=".length()))
                .toList();
    }

    @Test
    void shouldGiveEachJarAModuleNameOfItsOwn() throws IOException {
        final List<String> names = new ArrayList<>();
        for (final String module : jars()) {
            final Matcher name = MODULE_NAME.matcher(pom(module));
            assertThat(name.find()).as("module.name in the pom.xml of %s", module).isTrue();
            names.add(name.group(1));
        }
        assertThat(names)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("io\\.serveflow(\\.[a-z]+)+"));
    }

    @Test
    void shouldListEveryComponentInTheBom() throws IOException {
        final List<String> listed =
                ARTIFACT.matcher(pom("serveflow-bom"))
                        .results()
                        .map(found -> found.group(1))
                        .toList();

        assertThat(listed)
                .contains("serveflow-bom")
                .containsAll(
                        jars().stream()
                                .filter(module -> module.startsWith("components/"))
                                .map(module -> module.substring("components/".length()))
                                .toList());
    }

    /** In a build that ends before the package, all test classes of a module are seen by others. */
    @Test
    void shouldPackTheTestClassesThatOtherModulesUse() throws IOException {
        final Map<String, List<TestClass>> tests = new HashMap<>();
        for (final String module : jars()) {
            tests.put(module, testClasses(module));
        }
        final Set<String> missing = new HashSet<>();
        for (final String module : jars()) {
            final Matcher include = INCLUDE.matcher(pom(module));
            final List<String> packed =
                    include.results().map(found -> found.group(1).replace("*", "")).toList();
            if (packed.isEmpty()) {
                continue;
            }
            for (final TestClass shared : tests.get(module)) {
                if (packed.stream().noneMatch(shared.path()::startsWith)) {
                    tests.forEach(
                            (other, users) -> {
                                if (!other.equals(module)
                                        && users.stream().noneMatch(shared::isOfTheSameName)
                                        && users.stream().anyMatch(user -> user.uses(shared))) {
                                    missing.add(shared.path() + " of " + module + " for " + other);
                                }
                            });
                }
            }
        }
        assertThat(missing).as("test-jar without a class").isEmpty();
    }

    /**
     * The source of a test class.
     *
     * @param path its name with slashes, such as {@code io/serveflow/flow/TestFlows}
     */
    private record TestClass(String path, String source) {

        private String folder() {
            return path.substring(0, path.lastIndexOf('/'));
        }

        private boolean isOfTheSameName(final TestClass other) {
            return path.equals(other.path);
        }

        private boolean uses(final TestClass other) {
            final String simple = other.path.substring(other.path.lastIndexOf('/') + 1);
            return source.contains("import " + other.path.replace('/', '.') + ";")
                    || folder().equals(other.folder())
                            && Pattern.compile("\\b" + simple + "\\b").matcher(source).find();
        }
    }

    private static List<TestClass> testClasses(final String module) throws IOException {
        final Path sources = ProjectFiles.root().resolve(module).resolve("src/test/java");
        final List<TestClass> classes = new ArrayList<>();
        if (Files.isDirectory(sources)) {
            try (Stream<Path> files = Files.walk(sources)) {
                for (final Path file : files.filter(Files::isRegularFile).toList()) {
                    final String path = sources.relativize(file).toString().replace('\\', '/');
                    classes.add(
                            new TestClass(
                                    path.substring(0, path.lastIndexOf('.')),
                                    Files.readString(file)));
                }
            }
        }
        return classes;
    }

    /** Whoever reads the property for himself fails without a word where it is missing. */
    @Test
    void shouldFindFilesOfTheProjectInOnePlace() throws IOException {
        final List<String> found = new ArrayList<>();
        for (final String module : jars()) {
            final Path tests = ProjectFiles.root().resolve(module).resolve("src/test/java");
            if (Files.isDirectory(tests)) {
                try (Stream<Path> files = Files.walk(tests)) {
                    for (final Path file : files.filter(Files::isRegularFile).toList()) {
                        if (Files.readString(file).contains(".getProperty(\"serveflow." + "root")) {
                            found.add(file.toString());
                        }
                    }
                }
            }
        }
        assertThat(found).as("use ProjectFiles").isEmpty();
    }

    private static List<String> jars() throws IOException {
        return MODULE.matcher(Files.readString(ProjectFiles.path("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .filter(module -> !Set.of("serveflow-bom", "distribution").contains(module))
                .toList();
    }

    private static String pom(final String module) throws IOException {
        return Files.readString(ProjectFiles.path(module + "/pom.xml"));
    }

    private static Set<String> packages(final Path sources) throws IOException {
        final Set<String> packages = new HashSet<>();
        if (Files.isDirectory(sources)) {
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .map(file -> sources.relativize(file.getParent()).toString())
                        .map(folder -> folder.replace('/', '.').replace('\\', '.'))
                        .forEach(packages::add);
            }
        }
        return packages;
    }
}
