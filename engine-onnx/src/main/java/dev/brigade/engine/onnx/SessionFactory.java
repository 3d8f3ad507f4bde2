package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Starts sessions with an engine's settings. */
final class SessionFactory {
  /**
   * A file that the graph names as the place of all weights. ONNX Runtime wants it to exist and
   * never reads it, since it is given the weights by their names.
   */
  static final String PLACEHOLDER = "weights";

  private final ExecutionProvider provider;
  private final int threads;
  private final boolean spinning;
  private final Path folder;

  SessionFactory(ExecutionProvider provider, int threads, boolean spinning, Path folder) {
    this.provider = provider;
    this.threads = threads;
    this.spinning = spinning;
    this.folder = folder;
  }

  /**
   * Starts a session. The weights stay the caller's and must live as long as the session.
   *
   * @param prepack whether kernels may keep weights in a copy of their own, which quantised ones
   *     need and which f32 gains little from
   */
  OrtSession start(byte[] model, Map<String, OnnxTensor> weights, boolean prepack)
      throws EngineException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      provider.addTo(options);
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
      options.addConfigEntry("session.disable_prepacking", prepack ? "0" : "1");
      options.addConfigEntry(
          "session.model_external_initializers_file_folder_path", placeholder().toString());
      for (Map.Entry<String, OnnxTensor> weight : weights.entrySet()) {
        options.addInitializer(weight.getKey(), weight.getValue());
      }
      return Ort.environment().createSession(model, options);
    } catch (OrtException e) {
      throw Ort.failure("starting a session on " + provider.name(), e);
    }
  }

  private Path placeholder() throws EngineException {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(PLACEHOLDER);
      if (!Files.exists(file)) {
        Files.write(file, new byte[0]);
      }
      return folder;
    } catch (IOException e) {
      throw new EngineException.DeviceFailure("writing to the cache in " + folder + ": " + e, e);
    }
  }
}
