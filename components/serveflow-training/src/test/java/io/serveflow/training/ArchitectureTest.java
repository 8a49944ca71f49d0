/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room of the training may know which. */
@AnalyzeClasses(
        packages = "io.serveflow.training",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES_AT_ANY_DEPTH =
            slices().matching("io.serveflow.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_TREES_KNOW_XGBOOST =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.serveflow.training.trees..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ml.dmlc..");

    @ArchTest
    static final ArchRule ONLY_THE_LIST_OF_FAMILIES_KNOWS_TREES =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.serveflow.training.trees..")
                    .and()
                    .doNotHaveFullyQualifiedName(Families.class.getName())
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.serveflow.training.trees..");
}
