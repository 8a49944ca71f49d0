/** What was measured, on what machine, as a table and as JSON. */
package io.serveflow.benchmark.report;
