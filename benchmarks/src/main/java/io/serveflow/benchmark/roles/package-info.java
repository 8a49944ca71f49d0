/** Processes of the roles fast, slow and index, linked by Kafka, of which some are killed. */
package io.serveflow.benchmark.roles;
