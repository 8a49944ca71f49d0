/** Where measurements are made: in a fresh JVM each, on cores of their own. */
package io.serveflow.benchmark.run;
