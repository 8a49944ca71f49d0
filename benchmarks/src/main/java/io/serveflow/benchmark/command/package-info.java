/** The command line of the measurements: {@code ./serveflow bench WHAT}. */
package io.serveflow.benchmark.command;
