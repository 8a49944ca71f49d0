/** A bundle calibrated anew for other traffic; its models stay. */
package io.serveflow.training.recalibration;
