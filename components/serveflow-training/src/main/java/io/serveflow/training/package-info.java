/**
 * Labelled captures to bundles: read, split by group, train, export to ONNX, calibrate, evaluate.
 *
 * <p>Features come from the encoders of the core, so that a model is served with the very columns
 * it was trained on.
 */
package io.serveflow.training;
