/** What would have been answered for flows, had their groups not been known. */
package io.serveflow.training.fold;
