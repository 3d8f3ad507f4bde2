/**
 * A model's weights under their canonical names: what recipes ask for, and the files that have it.
 */
package dev.brigade.model.weights;
