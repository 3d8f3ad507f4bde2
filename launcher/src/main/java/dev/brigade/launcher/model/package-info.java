/** From a model's name, as a person gives it, to its folder. */
package dev.brigade.launcher.model;
