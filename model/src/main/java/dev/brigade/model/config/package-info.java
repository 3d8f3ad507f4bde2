/**
 * What a model's {@code config.json} and {@code generation_config.json} say, with errors that name
 * the key, what was found and what was expected.
 */
package dev.brigade.model.config;
