/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.candidate;

import io.serveflow.verdict.Verdict.BundleRef;

/** Called when tiers of candidates come into use and go out of it; quick, must not throw. */
public interface CandidateListener {

    /** Listens to nothing. */
    CandidateListener SILENT =
            new CandidateListener() {
                @Override
                public void opened(
                        final BundleRef candidate,
                        final String tier,
                        final CandidateScores scores) {
                    // Nobody wants to know.
                }

                @Override
                public void closed(final BundleRef candidate, final String tier) {
                    // Nobody wants to know.
                }
            };

    /**
     * A tier of a candidate is compared with that of the bundle in use from now on.
     *
     * @param scores how it does, for as long as it is
     */
    void opened(BundleRef candidate, String tier, CandidateScores scores);

    /** It is not compared any more. */
    void closed(BundleRef candidate, String tier);
}
