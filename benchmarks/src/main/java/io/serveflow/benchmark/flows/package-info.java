/** How many flows can be open at a time. */
package io.serveflow.benchmark.flows;
