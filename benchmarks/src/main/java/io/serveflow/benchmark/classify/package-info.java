/** How fast a capture becomes verdicts, beside nDPI on the same capture. */
package io.serveflow.benchmark.classify;
