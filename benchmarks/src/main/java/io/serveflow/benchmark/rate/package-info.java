/** How many flows a second get their final verdict. */
package io.serveflow.benchmark.rate;
