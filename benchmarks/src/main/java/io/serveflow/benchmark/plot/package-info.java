/** Curves of results, as pictures for the docs. */
package io.serveflow.benchmark.plot;
