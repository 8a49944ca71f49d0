/** Where verdicts end, and the application with that end in place of its own. */
package io.serveflow.benchmark.sink;
