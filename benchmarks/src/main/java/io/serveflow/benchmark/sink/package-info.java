/** Where verdicts end, and the application with that end instead of its own. */
package io.serveflow.benchmark.sink;
