/** How fast verdicts reach a real Elasticsearch, beside the client's bare bulk requests. */
package io.serveflow.benchmark.index;
