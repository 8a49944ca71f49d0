/** The lines that a sensor writes for the flows of captures, as many as are asked for. */
package io.serveflow.benchmark.traffic;
