package dev.brigade.spi;

import java.util.Optional;

/**
 * Makes one kind of plugin. Implementations are found by {@link java.util.ServiceLoader} under the
 * sub-interface of their kind and need a public no-argument constructor that does no work.
 *
 * <p>Rules, each of which the conformance kit checks:
 *
 * <ol>
 *   <li>{@link #name()}, {@link #configType()} and {@link #unavailable()} never throw, load no
 *       native library for good, and answer within a second.
 *   <li>{@link #create} is called only where {@link #unavailable(Record)} was empty.
 *   <li>A provider keeps no state: two calls of {@link #create} give two independent plugins.
 * </ol>
 *
 * @param <P> the plugin that is made
 * @param <C> its configuration. Optional keys are components of type {@link Optional}; the names of
 *     the components are the keys of the config file, in kebab case there ({@code maxSlices} is
 *     {@code max-slices}).
 */
public interface Provider<P, C extends Record> {

  /**
   * The {@code type} by which a config file selects this plugin: lower case, unique in its kind.
   */
  String name();

  /** The record that the rest of the plugin's config section is bound to; unknown keys fail. */
  Class<C> configType();

  /** Why this plugin cannot run on this machine and what to do about it; empty if it can. */
  default Optional<String> unavailable() {
    return Optional.empty();
  }

  /**
   * The same for a configuration, which may name what is not found by itself, such as the file of a
   * library.
   */
  default Optional<String> unavailable(C config) {
    return unavailable();
  }

  /**
   * Makes a plugin.
   *
   * @throws IllegalArgumentException if a value in {@code config} makes no sense; the message names
   *     the key, the value and what is allowed
   */
  P create(C config, Host host);
}
