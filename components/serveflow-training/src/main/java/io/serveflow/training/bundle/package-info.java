/** The files of a bundle: its folder while it is made, its card, its golden records. */
package io.serveflow.training.bundle;
