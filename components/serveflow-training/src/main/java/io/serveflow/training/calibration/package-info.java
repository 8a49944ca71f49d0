/** Calibrations of tiers, and the thresholds between them and above which answers are given. */
package io.serveflow.training.calibration;
