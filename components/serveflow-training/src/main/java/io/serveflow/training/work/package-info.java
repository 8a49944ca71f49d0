/** What is kept of a run that was stopped, so that the next one goes on from there. */
package io.serveflow.training.work;
