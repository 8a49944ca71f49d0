/** The feature rows of labelled flows. */
package io.serveflow.training.features;
