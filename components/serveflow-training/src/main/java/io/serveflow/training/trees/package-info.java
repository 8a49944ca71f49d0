/** Boosted trees of XGBoost, as one family of models; nothing else knows XGBoost. */
package io.serveflow.training.trees;
