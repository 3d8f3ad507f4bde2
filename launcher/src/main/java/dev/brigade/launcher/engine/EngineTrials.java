package dev.brigade.launcher.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;

/** Tries engines. */
@FunctionalInterface
interface EngineTrials {

  /**
   * Tries one engine; never throws because of it.
   *
   * @param engine name of its provider
   * @param settings of the config's engine section
   * @param model folder of the model to try it with
   * @param deadline after which it counts as failed
   */
  EngineTrial run(String engine, ObjectNode settings, Path model, Duration deadline);
}
