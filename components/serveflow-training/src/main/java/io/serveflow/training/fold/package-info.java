/** Predictions for flows by models that were trained without their groups. */
package io.serveflow.training.fold;
