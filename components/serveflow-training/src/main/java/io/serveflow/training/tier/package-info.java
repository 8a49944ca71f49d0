/**
 * Tiers that are trained: their plans, what trains them, and what they cost.
 *
 * <p>A family of models joins by a {@link io.serveflow.training.tier.TierFamily} and its {@link
 * io.serveflow.training.tier.TierTrainer}, in a package of its own that nothing but the list of
 * families knows.
 */
package io.serveflow.training.tier;
