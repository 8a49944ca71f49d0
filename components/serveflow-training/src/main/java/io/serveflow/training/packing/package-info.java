/** Models that were made elsewhere, put into a bundle. */
package io.serveflow.training.packing;
