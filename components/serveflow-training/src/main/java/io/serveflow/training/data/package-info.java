/**
 * Labelled flows out of captures, sessions and size sequences, and the folds that they are assigned
 * to.
 */
package io.serveflow.training.data;
