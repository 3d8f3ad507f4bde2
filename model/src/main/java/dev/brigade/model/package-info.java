/** What a model is: a folder with a config, weights, and a decoder that says how they compute. */
package dev.brigade.model;
