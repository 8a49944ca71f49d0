/** How fast the slow tier is by the size of its batches. */
package io.serveflow.benchmark.slow;
