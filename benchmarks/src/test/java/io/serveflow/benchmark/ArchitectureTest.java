/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.benchmark;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;

/** Who may know whom, the benchmarks and what they measure together. */
@AnalyzeClasses(packages = "io.serveflow", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.serveflow.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_BENCHMARKS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.serveflow.benchmark..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.serveflow.benchmark..");

    @ArchTest
    static final ArchRule NO_FIELD_IS_A_THREAD_OR_A_LATCH =
            noFields()
                    .that()
                    .areDeclaredInClassesThat()
                    .resideInAPackage("io.serveflow.benchmark..")
                    .should()
                    .haveRawType(
                            assignableTo(Thread.class)
                                    .or(assignableTo(CountDownLatch.class))
                                    .or(assignableTo(CyclicBarrier.class))
                                    .or(assignableTo(Semaphore.class)));
}
