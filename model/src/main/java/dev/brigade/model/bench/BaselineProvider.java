package dev.brigade.model.bench;

import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.util.function.Consumer;

/**
 * Makes baselines for one engine. An engine plugin may bring one, found by {@link
 * java.util.ServiceLoader} in the class loader of the engine's provider; it needs a public
 * no-argument constructor that does no work. Without one, the engine is measured alone.
 *
 * @param <C> the engine's own configuration, so that both sides run with the same settings
 */
public interface BaselineProvider<C extends Record> {

  /** Name of the engine's provider. */
  String engine();

  /** What the engine is held against, for a person to read: a noun without an article. */
  String description();

  /** The record that the engine's config section is bound to. */
  Class<C> configType();

  /**
   * Loads the model; blocks until it can run. Called while the engine is loaded, on its thread.
   *
   * @param config the engine's settings
   * @param host the engine's
   * @param progress told now and then, from the calling thread
   * @throws EngineException.Unsupported if this baseline does not compute such a model, or not in
   *     this precision; the message says why
   */
  Baseline start(C config, Host host, BaselineWork work, Consumer<Progress> progress)
      throws EngineException;
}
