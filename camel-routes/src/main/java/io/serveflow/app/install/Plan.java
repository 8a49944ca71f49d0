/*
 * Copyright 2026 the ServeFlow for Camel authors.
 *
 * Licensed under the Apache License, Version 2.0; see the LICENSE file at the root of this project.
 */
package io.serveflow.app.install;

import java.util.List;
import java.util.Objects;

/** What a step is about to do, or why it does nothing. */
public sealed interface Plan {

    /** A remark for people, as a part of a sentence; may be empty. */
    String note();

    /** Something is to be done. */
    record Changes(Verb verb, List<Action> actions, String note) implements Plan {

        public Changes {
            Objects.requireNonNull(verb, "verb");
            actions = List.copyOf(actions);
            Objects.requireNonNull(note, "note");
        }
    }

    /** All is as it is to be. */
    record Unchanged(String note) implements Plan {
        public Unchanged {
            Objects.requireNonNull(note, "note");
        }
    }

    /** There is nothing to put it on, so it is left out. */
    record Skipped(String note) implements Plan {
        public Skipped {
            Objects.requireNonNull(note, "note");
        }
    }

    /** It stays as it is, though others are changed or go. */
    record Kept(String note) implements Plan {
        public Kept {
            Objects.requireNonNull(note, "note");
        }
    }

    /** It must not be done: the note says why, and what would let it. Ends the installation. */
    record Refused(String note) implements Plan {
        public Refused {
            Objects.requireNonNull(note, "note");
        }
    }

    /** What becomes of a thing. */
    enum Verb {
        CREATE("create", "created"),
        UPDATE("update", "updated"),
        REMOVE("remove", "removed"),
        /** It is as it is to be, and from now on counts as put there by an installation. */
        ADOPT("adopt", "adopted");

        private final String will;
        private final String done;

        Verb(final String will, final String done) {
            this.will = will;
            this.done = done;
        }

        /** The word before it is done. */
        public String will() {
            return will;
        }

        /** The word after it is done. */
        public String done() {
            return done;
        }
    }
}
