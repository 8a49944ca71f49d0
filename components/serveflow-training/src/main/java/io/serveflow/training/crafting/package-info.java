/** The choice of a cascade among candidate tiers. */
package io.serveflow.training.crafting;
