/** How fast flows get from one topic of a real Kafka to their verdicts in another. */
package io.serveflow.benchmark.kafka;
