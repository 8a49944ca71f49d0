/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;

/** Who may know whom: dependencies point inward, to flows. */
@AnalyzeClasses(packages = "io.serveflow", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] FLOW = {
        "io.serveflow.flow..",
        "io.serveflow.ledger..",
        "io.serveflow.verdict..",
        "io.serveflow.batch.."
    };
    private static final String[] SENSOR = {"io.serveflow.sensor.."};

    /** Those that read one format each, which the list of formats alone finds. */
    private static final String[] FORMATS = {
        "io.serveflow.sensor.capture..",
        "io.serveflow.sensor.conn..",
        "io.serveflow.sensor.eve..",
        "io.serveflow.sensor.ndpid..",
        "io.serveflow.sensor.zeek.."
    };

    private static final String[] INFERENCE = {
        "io.serveflow.packet..",
        "io.serveflow.pool..",
        "io.serveflow.handshake..",
        "io.serveflow.feature..",
        "io.serveflow.drift..",
        "io.serveflow.model..",
        "io.serveflow.cascade..",
        "io.serveflow.candidate..",
        "io.serveflow.host.."
    };

    /** Where verdicts go. */
    private static final String[] SINKS = {
        "io.serveflow.camel.elastic..", "io.serveflow.camel.file.."
    };

    /** What a run loop is made of; {@code Worker} and {@code StopSignal} have it for all. */
    private static final Set<Class<?>> OF_RUN_LOOPS =
            Set.of(
                    Thread.class,
                    CountDownLatch.class,
                    CyclicBarrier.class,
                    Semaphore.class,
                    Phaser.class,
                    Exchanger.class);

    /** Fields that are of no run loop, with the reason. */
    private static final Set<String> OF_NO_RUN_LOOP =
            Set.of(
                    // Whoever asks a model waits for its scorer; inference knows no Camel.
                    "io.serveflow.model.TierModel$Waiting.ended",
                    // The main thread waits until the process is to end.
                    "io.serveflow.app.run.RouteApplication.ended",
                    "io.serveflow.app.run.InferenceWorker.ended",
                    "io.serveflow.app.cli.LedgerCommand.stopped",
                    // Remote scoring knows no Camel, and batches are made by one thread each.
                    "io.serveflow.remote.server.Batcher.thread",
                    // A shutdown hook has to be a thread, and is taken back by who has it.
                    "io.serveflow.testing.elasticsearch.LocalElasticsearch.shutdownHook");

    @ArchTest
    static final ArchRule FLOWS_KNOW_ONLY_THE_JDK_AND_A_JSON_PARSER =
            classes()
                    .that()
                    .resideInAnyPackage(FLOW)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            concat(
                                    FLOW,
                                    "java..",
                                    "com.fasterxml.jackson.core..",
                                    "com.fasterxml.jackson.annotation.."));

    @ArchTest
    static final ArchRule SENSORS_KNOW_ONLY_FLOWS =
            classes()
                    .that()
                    .resideInAnyPackage(SENSOR)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            concat(concat(FLOW, SENSOR), "java..", "com.fasterxml.jackson.core.."));

    @ArchTest
    static final ArchRule INFERENCE_KNOWS_NO_CAMEL =
            classes()
                    .that()
                    .resideInAnyPackage(INFERENCE)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            concat(
                                    concat(concat(FLOW, SENSOR), INFERENCE),
                                    "java..",
                                    "javax.crypto..",
                                    "com.fasterxml.jackson..",
                                    "ai.onnxruntime.."));

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.serveflow.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_ONNX_RUNTIME =
            onlyIn("ai.onnxruntime..", "io.serveflow.model.onnx..");

    @ArchTest
    static final ArchRule ONE_PACKAGE_KNOWS_XGBOOST =
            onlyIn("ml.dmlc..", "io.serveflow.training.trees..");

    @ArchTest
    static final ArchRule REMOTE_SCORING_ALONE_KNOWS_GRPC =
            onlyIn("io.grpc..", "io.serveflow.remote..");

    @ArchTest
    static final ArchRule REMOTE_SCORING_KNOWS_NO_CAMEL =
            noClasses()
                    .that()
                    .resideInAPackage("io.serveflow.remote..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.camel..", "io.serveflow.camel..");

    /** So that gRPC comes only to those who name servers. */
    @ArchTest
    static final ArchRule ONE_CLASS_OF_THE_COMPONENT_KNOWS_REMOTE_SCORING =
            noClasses()
                    .that()
                    .resideInAPackage("io.serveflow.camel")
                    .and()
                    .doNotHaveSimpleName("RemoteTier")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.serveflow.remote..");

    @ArchTest
    static final ArchRule FORMATS_DO_NOT_KNOW_EACH_OTHER =
            slices().assignedFrom(new Formats()).should().notDependOnEachOther();

    @ArchTest
    static final ArchRule ONLY_THE_LIST_OF_FORMATS_FINDS_A_FORMAT =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(FORMATS)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(FORMATS);

    @ArchTest
    static final ArchRule SENSORS_ARE_KNOWN_BY_THEIR_SEAM =
            noClasses()
                    .that()
                    .resideOutsideOfPackages(SENSOR)
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.serveflow.sensor..")
                                    .and(
                                            not(
                                                    resideInAnyPackage(
                                                            "io.serveflow.sensor",
                                                            "io.serveflow.sensor.line"))));

    @ArchTest
    static final ArchRule ONLY_THE_KAFKA_SOURCE_AND_THE_BROKER_KNOW_KAFKA =
            onlyIn(
                    "org.apache.kafka..",
                    "io.serveflow.camel.kafka..",
                    "io.serveflow.testing.kafka..");

    @ArchTest
    static final ArchRule ONLY_THE_DEMO_KNOWS_THE_LOCAL_SERVERS =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.serveflow.testing..", "io.serveflow.app.demo..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.serveflow.testing..");

    @ArchTest
    static final ArchRule INFERENCE_DOES_NOT_KNOW_THE_SINK =
            noClasses()
                    .that()
                    .resideInAPackage("io.serveflow.camel")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(SINKS);

    @ArchTest
    static final ArchRule SINKS_DO_NOT_KNOW_EACH_OTHER =
            slices().matching("io.serveflow.camel.(elastic|file)..")
                    .should()
                    .notDependOnEachOther();

    @ArchTest
    static final ArchRule THE_SINK_DOES_NOT_KNOW_INFERENCE =
            noClasses()
                    .that()
                    .resideInAnyPackage(SINKS)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.serveflow.camel");

    @ArchTest
    static final ArchRule SOURCES_KNOW_NEITHER_INFERENCE_NOR_THE_SINK =
            noClasses()
                    .that()
                    .resideInAnyPackage("io.serveflow.camel.sensor..", "io.serveflow.camel.kafka..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.serveflow.camel",
                            "io.serveflow.camel.elastic..",
                            "io.serveflow.camel.file..");

    /** So that another sink is one class, a DocumentStore. */
    @ArchTest
    static final ArchRule DELIVERY_KNOWS_NO_SERVER =
            noClasses()
                    .that()
                    .haveNameMatching(
                            "io\\.serveflow\\.camel\\.elastic\\."
                                + "(BulkDelivery|BulkItem|DocumentStore|RequestFailure)(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.elasticsearch..", "org.apache.http..")
                    .orShould()
                    .dependOnClassesThat()
                    .haveNameMatching(
                            "io\\.serveflow\\.camel\\.elastic\\.(Elastic.*|BulkApi|BackingIndices"
                                    + "|Refusal|ServerError|TemplateInstaller)(\\$.*)?");

    @ArchTest
    static final ArchRule NOBODY_BUT_THE_APPLICATION_KNOWS_THE_SOURCES =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.serveflow.camel",
                            "io.serveflow.camel.elastic..",
                            "io.serveflow.camel.file..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.serveflow.camel.sensor..", "io.serveflow.camel.kafka..");

    @ArchTest
    static final ArchRule NOTHING_KNOWS_TRAINING_BUT_THE_COMMAND_LINE =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.serveflow.training..", "io.serveflow.app.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.serveflow.training..");

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_APPLICATION =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.serveflow.app..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.serveflow.app..");

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_COMMAND_LINE =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.serveflow.app.cli..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.serveflow.app.cli..");

    @ArchTest
    static final ArchRule ONE_ROOM_KNOWS_LOGBACK =
            onlyIn("ch.qos.logback..", "io.serveflow.app.log..");

    @ArchTest
    static final ArchRule THREADS_AND_LATCHES_STAND_WITH_THE_WORKER =
            noFields()
                    .that()
                    .areDeclaredInClassesThat()
                    .resideOutsideOfPackage("io.serveflow.camel.support..")
                    .and(not(ofNoRunLoop()))
                    .should(ArchCondition.from(ofARunLoop()));

    private static DescribedPredicate<JavaField> ofNoRunLoop() {
        return DescribedPredicate.describe(
                "of no run loop", field -> OF_NO_RUN_LOOP.contains(field.getFullName()));
    }

    /** Also where the type stands within another, as in {@code Optional<Thread>}. */
    private static DescribedPredicate<JavaField> ofARunLoop() {
        return DescribedPredicate.describe(
                "be threads or what makes them wait for each other",
                field ->
                        field.getAllInvolvedRawTypes().stream()
                                .anyMatch(
                                        type ->
                                                OF_RUN_LOOPS.stream()
                                                        .anyMatch(type::isAssignableTo)));
    }

    private static ArchRule onlyIn(final String library, final String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    /** A slice for each format. */
    private static final class Formats implements SliceAssignment {

        @Override
        public SliceIdentifier getIdentifierOf(final JavaClass type) {
            for (final String format : FORMATS) {
                if (resideInAPackage(format).test(type)) {
                    return SliceIdentifier.of(format);
                }
            }
            return SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "formats";
        }
    }

    private static String[] concat(final String[] packages, final String... more) {
        final String[] all = new String[packages.length + more.length];
        System.arraycopy(packages, 0, all, 0, packages.length);
        System.arraycopy(more, 0, all, packages.length, more.length);
        return all;
    }
}
