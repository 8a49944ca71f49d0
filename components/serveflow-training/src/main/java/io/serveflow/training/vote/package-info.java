/** Votes of the flows of a host on what the host is. */
package io.serveflow.training.vote;
