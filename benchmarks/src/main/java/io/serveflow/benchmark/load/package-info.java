/** Load that comes at its own pace, whether or not it is answered, and what becomes of it. */
package io.serveflow.benchmark.load;
