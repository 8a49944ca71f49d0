/** How good answers are, how long flows wait for them, and what is to be reached. */
package io.serveflow.training.score;
