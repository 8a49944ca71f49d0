/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install;

import io.serveflow.app.install.Plan.Changes;
import io.serveflow.app.install.Plan.Refused;
import io.serveflow.app.terminal.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Steps that are installed in their order and uninstalled in the opposite one, a line each. */
public final class Installation {

    private final List<Step> steps;
    private final boolean dryRun;
    private final PrintWriter out;
    private final Ending ending;

    /** What is done behind the last step, or behind the one that failed. */
    public interface Ending {

        /**
         * @param whole whether all steps are done
         */
        void ended(boolean whole);
    }

    /**
     * @param steps each behind those that it needs
     * @param dryRun whether to print what would be done, and do nothing
     * @param out where the lines go
     */
    public Installation(final List<Step> steps, final boolean dryRun, final PrintWriter out) {
        this(steps, dryRun, out, whole -> {});
    }

    /**
     * @param steps each behind those that it needs
     * @param dryRun whether to print what would be done, and do nothing
     * @param out where the lines go
     * @param ending called once, unless a step cannot be planned or is refused
     */
    public Installation(
            final List<Step> steps,
            final boolean dryRun,
            final PrintWriter out,
            final Ending ending) {
        this.steps = List.copyOf(steps);
        this.dryRun = dryRun;
        this.out = Objects.requireNonNull(out, "out");
        this.ending = Objects.requireNonNull(ending, "ending");
    }

    /**
     * Puts everything where it is to be.
     *
     * @throws IOException if a step cannot be planned, or is refused, in which case nothing was
     *     changed; or if it fails, in which case those before it are done
     */
    public void install() throws IOException {
        final Map<Step, Plan> plans = new LinkedHashMap<>();
        for (final Step step : steps) {
            plans.put(step, step.toInstall());
        }
        carryOut(plans);
    }

    /**
     * Takes everything away that an installation put there.
     *
     * @throws IOException as {@link #install()}
     */
    public void uninstall() throws IOException {
        final List<Step> last = new ArrayList<>(steps);
        Collections.reverse(last);
        final Map<Step, Plan> plans = new LinkedHashMap<>();
        for (final Step step : last) {
            plans.put(step, step.toUninstall());
        }
        carryOut(plans);
    }

    private void carryOut(final Map<Step, Plan> plans) throws IOException {
        for (final Map.Entry<Step, Plan> one : plans.entrySet()) {
            if (one.getValue() instanceof Refused refused) {
                throw new InstallException(one.getKey().subject() + ": " + refused.note());
            }
        }
        boolean whole = false;
        try {
            for (final Map.Entry<Step, Plan> one : plans.entrySet()) {
                carryOut(one.getKey(), one.getValue());
            }
            whole = true;
        } finally {
            ending.ended(whole);
        }
    }

    private void carryOut(final Step step, final Plan plan) throws IOException {
        if (plan instanceof Changes changes) {
            carryOut(step, changes);
        } else {
            print(word(plan), step, plan.note());
        }
    }

    private void carryOut(final Step step, final Changes changes) throws IOException {
        if (dryRun) {
            print("would " + changes.verb().will(), step, changes.note());
            changes.actions().forEach(this::print);
            return;
        }
        final List<String> kept = new ArrayList<>();
        for (final Action action : changes.actions()) {
            action.perform().ifPresent(kept::add);
        }
        if (kept.isEmpty()) {
            print(changes.verb().done(), step, changes.note());
        } else {
            print("kept", step, String.join("; ", kept));
        }
    }

    private static String word(final Plan plan) {
        if (plan instanceof Plan.Unchanged) {
            return "no change";
        }
        return plan instanceof Plan.Kept ? "kept" : "skipped";
    }

    private void print(final String word, final Step step, final String note) {
        out.printf(
                "%-13s %s%s%n",
                word,
                PlainText.of(step.subject()),
                note.isEmpty() ? "" : " (" + PlainText.of(note) + ")");
        out.flush();
    }

    private void print(final Action action) {
        action.shown().lines().forEach(line -> out.println("  " + PlainText.of(line)));
        out.flush();
    }
}
