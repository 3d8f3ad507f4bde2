/** Strategies that cut models into stages, and the placing of the plans that they make. */
package dev.brigade.cluster.plan;
