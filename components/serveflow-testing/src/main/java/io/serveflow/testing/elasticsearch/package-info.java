/** A real Elasticsearch on this machine, for the demo and the tests. */
package io.serveflow.testing.elasticsearch;
