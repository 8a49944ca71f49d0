/** Verdicts into Elasticsearch: the component {@code serveflow-index} and its templates. */
package io.serveflow.camel.elastic;
